import { z } from 'zod';
import { recordTypes } from '../dns/record-set.ts';
import { requestKinds } from '../request/kind.ts';
import { reviewDecisions } from '../request/separation.ts';
import { requestStages } from '../request/stage.ts';
import { requestStates } from '../request/state.ts';
import { completedContract, endpointContract, slug, target, tlsSource, view } from './endpoint.ts';
import { operation } from './operation.ts';
import { ownRule } from './own-rule.ts';
import { id, pageOf, pageQuery, problem, sortOrder, timestamp, violation } from './page.ts';
import { neededText, readableText } from './readable.ts';

export const requestKind = z.enum(requestKinds);

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

const asked = z.strictObject({ kind: requestKind.default('create'), contract: endpointContract });

/** `create` and `change` carry the whole contract; `retire` and `transfer` name the endpoint by its contract too. */
export const requestInput = asked.refine(isPathAsked, pathRule);
export type RequestInput = z.infer<typeof requestInput>;

/** What can be asked about before it is asked for: the same, except that nobody needs to have said yet where the name leads. */
export const checkInput = asked.extend({ contract: endpointContract.extend({ target: target.optional() }) }).refine(isPathAsked, pathRule);
export type CheckInput = z.infer<typeof checkInput>;

const recordType = z.enum(recordTypes);

export const recordSet = z
  .object({ name: z.string(), type: recordType, ttl: z.number().int(), values: z.array(z.string()) })
  .meta({ id: 'RecordSet' });

export const recordSetChange = z
  .object({ name: z.string(), type: recordType, before: recordSet.nullable(), after: recordSet.nullable() })
  .meta({ id: 'RecordSetChange' });

/** What becomes of the certificate; serials and times are not of it. */
export const plannedCertificate = z
  .object({
    action: z.enum(['issue', 'keep', 'revoke']),
    /** The hostname first. */
    names: z.array(z.string()),
    source: tlsSource,
    /** The issuer by its name; the source where it is still to be made. */
    issuer: z.string(),
    profile: z.string(),
    days: z.number().int(),
    key: z.string(),
    /** Where the private key is made: here, or at the requester, who sent a CSR. */
    keyHolder: z.enum(['hostmaster', 'requester']),
    /** SHA-256 of the requester's public key (SPKI), lower-case hex. */
    publicKey: z.string().nullable(),
  })
  .meta({ id: 'PlannedCertificate' });

export const fieldChange = z
  .object({
    /** Where the field stands in the contract, dotted. */
    field: z.string(),
    /** null: nothing is said. */
    before: z.string().nullable(),
    after: z.string().nullable(),
  })
  .meta({ id: 'FieldChange' });
export type FieldChange = z.infer<typeof fieldChange>;

/** What is agreed otherwise, where it changes a record or not. */
export const plannedContract = z
  .object({
    /** The revision that was in force when the plan was made, which the changes are held against; null where none was: they are all that is said. */
    against: z.number().int().nullable(),
    changes: z.array(fieldChange),
  })
  .meta({ id: 'PlannedContract' });

/** What will happen, and nothing else: shown while typing, bound to reviews by its hash, applied as it is. */
export const plan = z
  .object({
    hash: z.string(),
    zone: z.string(),
    servers: z.array(z.string()),
    changes: z.array(recordSetChange),
    /** null where the name goes, and its contract with it; plans of the first releases did not say it. */
    contract: plannedContract.nullable(),
    /** null where TLS ends nowhere. */
    certificate: plannedCertificate.nullable(),
    /** Blast radius and rollback in words. */
    notes: z.array(z.string()),
  })
  .meta({ id: 'Plan' });
export type Plan = z.infer<typeof plan>;

export const ruleResult = z.object({
  rule: z.string(),
  outcome: z.enum(['pass', 'review', 'deny']),
  reason: z.string(),
  remedy: z.string().nullable(),
  /** Group that must review, where the outcome is `review`. */
  group: z.string().nullable(),
  /** Where the rule would deny and somebody answered for it that it does not: the outcome is then `pass`. */
  exception: z.object({ id, reason: z.string(), until: timestamp, by: z.string() }).nullable().default(null),
});

export const decision = z
  .object({
    outcome: z.enum(['allow', 'review', 'deny']),
    policyVersion: z.string(),
    results: z.array(ruleResult),
    violations: z.array(violation),
    reviews: z.array(z.object({ rule: z.string(), group: z.string(), reason: z.string() })),
  })
  .meta({ id: 'Decision' });
export type Decision = z.infer<typeof decision>;

/** How the name reads from right to left: the portal's name ruler. */
export const nameReading = z.object({
  hostname: z.string(),
  unicode: z.string(),
  /** What is the asker's to choose, then the granted suffix, then the zone; each as typed labels, possibly empty. */
  yours: z.string(),
  granted: z.object({ suffix: z.string(), team: z.string(), until: timestamp.nullable() }).nullable(),
  zone: z.object({ apex: z.string(), view, owner: z.string(), servers: z.number().int() }).nullable(),
});

export const checkResult = z
  .object({
    decision,
    reading: nameReading.nullable(),
    environment: z.string().nullable(),
    plan: plan.nullable(),
    /** Expected lead time in words and, where no human is needed, in seconds. */
    leadTime: z.object({ seconds: z.number().nullable(), text: z.string() }),
  })
  .meta({ id: 'CheckResult' });
export type CheckResult = z.infer<typeof checkResult>;

export const requestState = z.enum(requestStates);

export const review = z.object({
  group: z.string(),
  reviewer: z.string(),
  decision: z.enum(reviewDecisions),
  reason: z.string(),
  planHash: z.string(),
  at: timestamp,
});

export const requestReference = z.object({ id, number: z.number().int() });

export const requestRow = z
  .object({
    id,
    number: z.number().int(),
    kind: requestKind,
    state: requestState,
    stage: z
      .enum(requestStages)
      .describe('How far it came, by its work and its endpoint too: `live` only while the name answers as it wants.'),
    hostname: z.string(),
    unicode: z.string(),
    view,
    team: z.string(),
    requester: z.string(),
    /** Groups that still have to review. */
    waitsFor: z.array(z.string()),
    /** One sentence: what it waits for, or how it ended. */
    summary: z.string(),
    endpointId: id.nullable(),
    /** Whether the asker may review it now. */
    reviewable: z.boolean(),
    createdAt: timestamp,
    decidedAt: timestamp.nullable(),
  })
  .meta({ id: 'RequestRow' });
export type RequestRow = z.infer<typeof requestRow>;

export const request = requestRow
  .extend({
    /** Who answers for it: the requester, the owner of the token that asked, or the team that a service belongs to (by its slug). */
    answerer: z.object({ kind: z.enum(['person', 'team']), name: z.string() }),
    contract: completedContract,
    decision,
    plan,
    /** The plan as it would be made now, where it differs from the one asked for. */
    currentPlan: plan.nullable(),
    reviews: z.array(review),
    /** The work on it, as far as it came. */
    operation: operation.nullable(),
    /** The work that gives back what it had begun, where it came to nothing. */
    givingBack: operation.nullable(),
    /** Why the asker may not review it, where they may not. */
    notReviewableBecause: z.string().nullable(),
    cancellable: z.boolean(),
    /** The newer request that took its place, and the older one whose place it took. */
    supersededBy: requestReference.nullable(),
    supersedes: requestReference.nullable(),
  })
  .meta({ id: 'Request' });
export type Request = z.infer<typeof request>;

/** Several names in one call. */
export const requestBatchInput = z.strictObject({ requests: z.array(requestInput).min(1).max(100) });
/** An answer for each, in the order of the call: what was made, or why it was refused. */
export const requestBatch = z
  .object({ results: z.array(z.union([z.object({ request }), z.object({ problem })])) })
  .meta({ id: 'RequestBatch' });

export const requestsQuery = z.strictObject({
  ...pageQuery,
  state: requestState.optional(),
  /** Only those that the asker may review now. */
  queue: z.stringbool().or(z.boolean()).optional(),
  /** Only those that are not over: in review, or being applied. */
  open: z.stringbool().or(z.boolean()).optional(),
  team: slug.optional(),
  /** Only those of the asker's teams. */
  mine: z.stringbool().or(z.boolean()).optional(),
  search: z.string().max(253).optional(),
  /** By age: the newest first where left out, of the queue the oldest first. */
  order: sortOrder.optional(),
});
export const requestPage = pageOf(requestRow).meta({ id: 'RequestPage' });

export const requestQuery = z.strictObject({ id });

export const reviewInput = z.strictObject({
  id,
  decision: z.enum(reviewDecisions),
  reason: neededText(2000, 'Say why; the requester sees it.'),
  /** The hash of the plan that the reviewer saw. */
  planHash: z.string().min(1).max(100),
});
export type ReviewInput = z.infer<typeof reviewInput>;

export const cancelInput = z.strictObject({ id, reason: readableText(2000).optional() });
