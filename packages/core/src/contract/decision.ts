// What policy says of a request, rule by rule, and how it reads the name.
import { z } from 'zod';
import { decisionOutcomes, ruleOutcomes } from '../policy/outcome.ts';
import { view } from './endpoint.ts';
import { id, timestamp, violation } from './page.ts';
import { named, told } from './told.ts';

const ruleCode = told(z.string(), 'Code of the rule; `/api/docs#rule-CODE` explains it.', 'reserved-name');
/** As examples of the documentation have it. */
export const exampleGroup = 'security-reviewer';
const liftedBy = named(
  'LiftedBy',
  z.object({
    id,
    reason: told(z.string(), 'Why it is lifted.', 'Both teams agreed on the handover.'),
    until: told(timestamp, 'Until when.', '2027-01-31T00:00:00Z'),
    by: told(z.string(), 'Who answers for it.', 'Sam Ito'),
  }),
  'The exception by which a rule does not stand in the way.',
);
export const ruleResult = named(
  'RuleResult',
  z.object({
    rule: ruleCode,
    outcome: told(z.enum(ruleOutcomes), 'What the rule says.', 'review'),
    reason: told(z.string(), 'Why.', 'The label login is reserved.'),
    remedy: told(z.string().nullable(), 'What would mend it; null where nothing need be mended.', 'Choose another label.'),
    group: told(z.string().nullable(), 'Group that must review, where the outcome is `review`; else null.', exampleGroup),
    exception: told(
      liftedBy.nullable().default(null),
      'Where the rule would deny and somebody answered for it that it does not: the outcome is then `pass`.',
    ),
  }),
  'What one rule says of a request.',
);

const neededReview = named(
  'NeededReview',
  z.object({
    rule: ruleCode,
    group: told(z.string(), 'Who must review: a role, or `team:` and the short name of a team.', exampleGroup),
    reason: told(z.string(), 'Why.', 'The label login is reserved.'),
  }),
  'A review that a rule asks for.',
);
export const decision = named(
  'Decision',
  z.object({
    outcome: told(z.enum(decisionOutcomes), 'What all rules together say.', 'review'),
    policyVersion: told(z.string(), 'Version of the policy that was asked.', '4f0c3a9d51'),
    results: told(z.array(ruleResult), 'What every rule says.'),
    violations: told(z.array(violation), 'What stands in the way; empty where nothing does.'),
    reviews: told(z.array(neededReview), 'The reviews that are needed.'),
  }),
  'What policy says of a request.',
);
export type Decision = z.infer<typeof decision>;

const readGrant = z.object({
  suffix: told(z.string(), 'The domain below which the team may claim names.', 'dev.example.test'),
  team: told(z.string(), 'Short name of the team.', 'order-platform'),
  until: told(timestamp.nullable(), 'When the grant ends by itself; null where it does not.'),
});
const readZone = z.object({
  apex: told(z.string(), 'Name of the zone.', 'example.test'),
  view: told(view, 'Who it is answered to.', 'public'),
  owner: told(z.string(), 'Short name of the team that owns it.', 'platform-edge'),
  servers: told(z.number().int(), 'How many servers it has.', 2),
});

/** How the name reads from right to left: the portal's name ruler. */
export const nameReading = named(
  'NameReading',
  z.object({
    hostname: told(z.string(), 'The name, as A-labels.', 'orders.dev.example.test'),
    unicode: told(z.string(), 'The name, as people read it.', 'orders.dev.example.test'),
    yours: told(z.string(), "What is the asker's to choose, as typed labels; possibly empty.", 'orders'),
    granted: told(readGrant.nullable(), 'The grant that it stands under; null where there is none.'),
    zone: told(readZone.nullable(), 'The zone that it stands in; null where there is none.'),
  }),
  'How a name reads, from left to right.',
);
