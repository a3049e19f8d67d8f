import { z } from 'zod';
import { requestKinds } from '../request/kind.ts';
import { reviewDecisions } from '../request/separation.ts';
import { requestStages } from '../request/stage.ts';
import { requestStates } from '../request/state.ts';
import { decision, exampleGroup, nameReading } from './decision.ts';
import { completedContract, endpointContract, slug, target, view } from './endpoint.ts';
import { operation } from './operation.ts';
import { ownRule } from './own-rule.ts';
import { id, pageOf, pageQuery, problem, searchText, sortOrder, timestamp } from './page.ts';
import { exampleHash, plan } from './plan.ts';
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
    port: told(z.number().int().nullable(), 'Port on which the name would be reached, and probed; null where policy denies it.', 443),
    plan: told(plan.nullable(), 'What would happen; null where policy denies it.'),
    leadTime: told(leadTime, 'How long it is expected to take.'),
    withoutEffect: told(
      z.array(
        named(
          'FieldWithoutEffect',
          z.object({
            path: told(z.string(), 'The field, dotted.', 'tls.key'),
            reason: told(z.string(), 'Why it changes nothing.', 'tls.termination is none: no certificate is asked for.'),
          }),
          'A field of the contract that changes nothing.',
        ),
      ),
      'What is said in the contract and changes nothing.',
    ),
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
    group: told(z.string(), 'For whom they decided: a role, or `team:` and the short name of a team.', exampleGroup),
    reviewer: told(z.string(), 'Who decided.', 'Sam Ito'),
    reviewerId: told(z.string(), 'Identifier of that person.', '01890a5d-ac96-774b-bcce-b302099a8057'),
    decision: told(reviewDecision, 'What they decided.', 'approve'),
    reason: told(z.string(), 'Why.', 'The team owns the service.'),
    planHash: told(z.string(), 'Hash of the plan that they saw.', exampleHash),
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
    waitsFor: told(z.array(z.string()), 'Groups that still have to review.', [exampleGroup]),
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
    planHash: told(z.string().min(1).max(100), 'The `plan.hash` of the request, as the reviewer saw it.', exampleHash),
  }),
  'A decision on exactly the plan that was seen.',
);
export type ReviewInput = z.infer<typeof reviewInput>;

export const cancelInput = named(
  'CancelInput',
  z.strictObject({ id, reason: told(readableText(2000).optional(), 'Why; kept in the audit trail.', 'Asked for the wrong name.') }),
  'Takes a request back.',
);
