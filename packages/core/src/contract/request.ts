import { z } from 'zod';
import { recordTypes } from '../dns/record-set.ts';
import { requestKinds } from '../request/kind.ts';
import { reviewDecisions } from '../request/separation.ts';
import { requestStages } from '../request/stage.ts';
import { requestStates } from '../request/state.ts';
import { completedContract, endpointContract, slug, target, tlsSource, view } from './endpoint.ts';
import { keyHolder } from './key-holder.ts';
import { operation } from './operation.ts';
import { ownRule } from './own-rule.ts';
import { id, pageOf, pageQuery, problem, searchText, sortOrder, timestamp, violation } from './page.ts';
import { neededText, readableText } from './readable.ts';
import { named, told } from './told.ts';

export const requestKind = named('RequestKind', z.enum(requestKinds), 'What a request asks for.');

/** What an RFC 3986 §3.3 path is made of; older contracts hold more, and a name whose contract does can still be retired. */
const path = /^\/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/;
const pathAsked = z.object({ kind: z.string(), contract: z.object({ routing: z.object({ healthPath: z.string().regex(/^\/\S*$/) }) }) });

function isPathAsked(input: unknown): boolean {
  const { data } = pathAsked.safeParse(input);
  return data === undefined || data.kind === 'retire' || path.test(data.contract.routing.healthPath);
}

const pathRule = {
  path: ['contract', 'routing', 'healthPath'],
  ...ownRule({
    rule: 'health-path',
    reason: 'A path has no query, and only the characters that RFC 3986 §3.3 names.',
    remedy: 'Give a path such as "/health"; write any other octet as % and two hexadecimal digits.',
  }),
  // With all other violations at once, not after them.
  when: () => true,
};

const asked = z.strictObject({
  kind: told(requestKind.default('create'), 'What is asked for.', 'create'),
  contract: told(endpointContract, 'What is to be so of the name, whole.'),
});

/** `create` and `change` carry the whole contract; `retire` and `transfer` name the endpoint by its contract too. */
export const requestInput = named(
  'RequestInput',
  asked.refine(isPathAsked, pathRule),
  'Asks for a name, a change of it, its transfer or its end.',
);
export type RequestInput = z.infer<typeof requestInput>;

/** What can be asked about before it is asked for: the same, except that nobody needs to have said yet where the name leads. */
const checkedContract = named(
  'ContractDraft',
  endpointContract.extend({ target: target.optional().describe('Where the name leads; left out while it is not known.') }),
  'What is to be asked for about a name, as far as it is known.',
);
export const checkInput = named(
  'CheckInput',
  asked.extend({ contract: told(checkedContract, 'What is to be so of the name.') }).refine(isPathAsked, pathRule),
  'Asks what would become of a request; nothing is stored.',
);
export type CheckInput = z.infer<typeof checkInput>;

const recordType = named('RecordType', z.enum(recordTypes), 'A type of record that Hostmaster writes.');

const recordName = told(z.string(), 'The name of the set, as A-labels.', 'orders.dev.example.test');
export const recordSet = named(
  'RecordSet',
  z.object({
    name: recordName,
    type: told(recordType, 'Its type.', 'A'),
    ttl: told(z.number().int(), 'For how many seconds an answer may be kept.', 300),
    values: told(z.array(z.string()), 'Its values, as zone files write them.', ['192.0.2.10']),
  }),
  'All records of one name and type (RFC 2181 §5).',
);

export const recordSetChange = named(
  'RecordSetChange',
  z.object({
    name: recordName,
    type: told(recordType, 'Its type.', 'A'),
    before: told(recordSet.nullable(), 'What is there now; null where nothing is.'),
    after: told(recordSet.nullable(), 'What is there afterwards; null where nothing is.'),
  }),
  'What becomes of one record set.',
);

/** What becomes of the certificate; serials and times are not of it. */
export const plannedCertificate = named(
  'PlannedCertificate',
  z.object({
    action: told(z.enum(['issue', 'keep', 'revoke']), 'What becomes of it.', 'issue'),
    names: told(z.array(z.string()), 'The names that it is for, the hostname first.', ['orders.dev.example.test']),
    source: told(tlsSource, 'Where it comes from.', 'internal-ca'),
    issuer: told(z.string(), 'The issuer by its name; the source where it is still to be made.', 'Hostmaster issuing CA'),
    profile: told(z.string(), 'What it is like, by the name of a profile.', 'tls-server'),
    days: told(z.number().int(), 'Days that it is valid.', 30),
    key: told(z.string(), 'The algorithm of its key.', 'ecdsa-p256'),
    keyHolder: told(keyHolder, 'Where the private key is made: here, or at the requester, who sent a CSR.', 'hostmaster'),
    publicKey: told(
      z.string().nullable(),
      "SHA-256 of the requester's public key (SPKI), lower-case hex; null where the key is made here.",
      'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
    ),
  }),
  'What becomes of the certificate.',
);

const planHash = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';

export const fieldChange = named(
  'FieldChange',
  z.object({
    field: told(z.string(), 'Where the field stands in the contract, dotted.', 'routing.port'),
    before: told(z.string().nullable(), 'What was said; null where nothing was.', '443'),
    after: told(z.string().nullable(), 'What is said in its place; null where nothing is.', '8443'),
  }),
  'What becomes of one field of a contract.',
);
export type FieldChange = z.infer<typeof fieldChange>;

/** What is agreed otherwise, where it changes a record or not. */
export const plannedContract = named(
  'PlannedContract',
  z.object({
    against: told(
      z.number().int().nullable(),
      'The revision that was in force when the plan was made, which the changes are held against; null where none was: they are all that is said.',
      1,
    ),
    changes: told(z.array(fieldChange), 'Every field that says something else.'),
  }),
  'What becomes of the contract.',
);

/** What will happen, and nothing else: shown while typing, bound to reviews by its hash, applied as it is. */
export const plan = named(
  'Plan',
  z.object({
    hash: told(z.string(), 'What reviews are bound to.', planHash),
    zone: told(z.string(), 'The zone that the records stand in.', 'example.test'),
    servers: told(z.array(z.string()), 'The servers that must agree.', ['ns1.example.test']),
    changes: told(z.array(recordSetChange), 'What becomes of which record set.'),
    contract: told(
      plannedContract.nullable(),
      'What becomes of the contract; null where the name goes, and its contract with it. Plans of the first releases did not say it.',
    ),
    certificate: told(plannedCertificate.nullable(), 'What becomes of the certificate; null where TLS ends nowhere.'),
    notes: told(z.array(z.string()), 'Blast radius and rollback in words.', ['Nothing else changes.']),
  }),
  'What will happen, and nothing else.',
);
export type Plan = z.infer<typeof plan>;

const ruleCode = told(z.string(), 'Code of the rule; `/api/docs#rule-CODE` explains it.', 'reserved-name');
const reviewers = 'security-reviewer';
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
    outcome: told(z.enum(['pass', 'review', 'deny']), 'What the rule says.', 'review'),
    reason: told(z.string(), 'Why.', 'The label login is reserved.'),
    remedy: told(z.string().nullable(), 'What would mend it; null where nothing need be mended.', 'Choose another label.'),
    group: told(z.string().nullable(), 'Group that must review, where the outcome is `review`; else null.', reviewers),
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
    group: told(z.string(), 'Who must review: a role, or `team:` and the short name of a team.', reviewers),
    reason: told(z.string(), 'Why.', 'The label login is reserved.'),
  }),
  'A review that a rule asks for.',
);
export const decision = named(
  'Decision',
  z.object({
    outcome: told(z.enum(['allow', 'review', 'deny']), 'What all rules together say.', 'review'),
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

const leadTime = z.object({
  seconds: told(z.number().nullable(), 'In seconds; null where somebody must review.', 12),
  text: told(z.string(), 'In words.', 'About 12 seconds.'),
});
export const checkResult = named(
  'CheckResult',
  z.object({
    decision: told(decision, 'What policy says of it.'),
    reading: told(nameReading.nullable(), 'How the name reads; null where it is none.'),
    environment: told(z.string().nullable(), 'Short name of the environment; null where it does not follow.', 'dev'),
    plan: told(plan.nullable(), 'What would happen; null where policy denies it.'),
    leadTime: told(leadTime, 'How long it is expected to take.'),
  }),
  'What would become of a request.',
);
export type CheckResult = z.infer<typeof checkResult>;

const requestStage = named('RequestStage', z.enum(requestStages), 'How far a request came.');
export const requestState = named('RequestState', z.enum(requestStates), 'Where a request is in its life.');

const reviewDecision = named('ReviewDecision', z.enum(reviewDecisions), 'What a reviewer decides.');
export const review = named(
  'Review',
  z.object({
    group: told(z.string(), 'For whom they decided: a role, or `team:` and the short name of a team.', reviewers),
    reviewer: told(z.string(), 'Who decided.', 'Sam Ito'),
    decision: told(reviewDecision, 'What they decided.', 'approve'),
    reason: told(z.string(), 'Why.', 'The team owns the service.'),
    planHash: told(z.string(), 'Hash of the plan that they saw.', planHash),
    at: told(timestamp, 'When.'),
  }),
  'What somebody decided on a request.',
);

export const requestReference = named(
  'RequestReference',
  z.object({ id, number: told(z.number().int(), 'Its number, for people.', 12) }),
  'Another request.',
);

export const requestRow = named(
  'RequestRow',
  z.object({
    id,
    number: told(z.number().int(), 'Its number, for people.', 12),
    kind: told(requestKind, 'What is asked for.', 'create'),
    state: told(requestState, 'Where it is in its life.', 'in-review'),
    stage: told(
      requestStage,
      'How far it came, by its work and its endpoint too: `live` only while the name answers as it wants.',
      'in-review',
    ),
    hostname: told(z.string(), 'The name, as A-labels.', 'login.prod.example.test'),
    unicode: told(z.string(), 'The name, as people read it.', 'login.prod.example.test'),
    view: told(view, 'Who the name is answered to.', 'public'),
    team: told(z.string(), 'Short name of the team that it is for.', 'order-platform'),
    requester: told(z.string(), 'Who asked.', 'Ada Park'),
    waitsFor: told(z.array(z.string()), 'Groups that still have to review.', [reviewers]),
    summary: told(z.string(), 'One sentence: what it waits for, or how it ended.', 'Waits for security.'),
    endpointId: told(id.nullable(), 'The endpoint that it is about; null while there is none.'),
    reviewable: told(z.boolean(), 'Whether the asker may review it now.', false),
    createdAt: told(timestamp, 'When it was asked for.'),
    decidedAt: told(timestamp.nullable(), 'When it was decided on; null while it was not.'),
  }),
  'A request as it stands in lists.',
);
export type RequestRow = z.infer<typeof requestRow>;

const answererOfRequest = z.object({
  kind: told(z.enum(['person', 'team']), 'Whether a person or a team answers for it.', 'person'),
  name: told(z.string(), 'Their name; of a team the short one.', 'Ada Park'),
});

export const request = named(
  'Request',
  requestRow.extend({
    answerer: told(
      answererOfRequest,
      'Who answers for it: the requester, the owner of the token that asked, or the team that a service belongs to.',
    ),
    contract: told(completedContract, 'What is asked for.'),
    decision: told(decision, 'What policy said of it.'),
    plan: told(plan, 'What was asked for will happen so.'),
    currentPlan: told(plan.nullable(), 'The plan as it would be made now; null where it is the one asked for.'),
    reviews: told(z.array(review), 'What was decided on it so far.'),
    operation: told(operation.nullable(), 'The work on it, as far as it came; null where there is none.'),
    givingBack: told(operation.nullable(), 'The work that gives back what it had begun; null where it did not come to nothing.'),
    notReviewableBecause: told(
      z.string().nullable(),
      'Why the asker may not review it; null where they may.',
      'Nobody reviews their own request.',
    ),
    cancellable: told(z.boolean(), 'Whether it can still be cancelled.', true),
    supersededBy: told(requestReference.nullable(), 'The newer request that took its place; null where none did.'),
    supersedes: told(requestReference.nullable(), 'The older request whose place it took; null where it took none.'),
  }),
  'A request: what was asked for, what was decided, and how far it came.',
);
export type Request = z.infer<typeof request>;

/** Several names in one call. */
export const requestBatchInput = named(
  'RequestBatchInput',
  z.strictObject({ requests: told(z.array(requestInput).min(1).max(100), 'The requests, in the order in which they are decided.') }),
  'Several requests in one call.',
);
const batchResult = z.union([
  z.object({ request: told(request, 'The request that was made.') }),
  z.object({ problem: told(problem, 'Why it was refused.') }),
]);
export const requestBatch = named(
  'RequestBatch',
  z.object({ results: told(z.array(batchResult), 'What was made, or why it was refused, in the order of the call.') }),
  'An answer for each request of a call.',
);

export const requestsQuery = z.strictObject({
  ...pageQuery,
  state: told(requestState.optional(), 'Only those in this state.', 'in-review'),
  queue: told(z.boolean().optional(), 'Only those that the asker may review now.', true),
  open: told(z.boolean().optional(), 'Only those that are not over: in review, or being applied.', true),
  team: told(slug.optional(), 'Only those for this team.', 'order-platform'),
  mine: told(z.boolean().optional(), "Only those of the asker's teams.", true),
  search: searchText('the name or the number', 'orders'),
  order: told(sortOrder.optional(), 'By age: the newest first where left out, of the queue the oldest first.', 'desc'),
});
export const requestPage = named('RequestPage', pageOf(requestRow), 'Requests.');

export const requestQuery = z.strictObject({ id });

export const reviewInput = named(
  'ReviewInput',
  z.strictObject({
    id,
    decision: told(reviewDecision, 'What the reviewer decides.', 'approve'),
    reason: told(neededText(2000, 'Say why; the requester sees it.'), 'Why; the requester sees it.', 'The team owns the service.'),
    planHash: told(z.string().min(1).max(100), 'The `plan.hash` of the request, as the reviewer saw it.', planHash),
  }),
  'A decision on exactly the plan that was seen.',
);
export type ReviewInput = z.infer<typeof reviewInput>;

export const cancelInput = named(
  'CancelInput',
  z.strictObject({ id, reason: told(readableText(2000).optional(), 'Why; kept in the audit trail.', 'Asked for the wrong name.') }),
  'Takes a request back.',
);
