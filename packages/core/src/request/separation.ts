import type { ErrorCode } from '../error-table.ts';
import { type Answerer, type Answering, answersFor } from '../policy/answerer.ts';
import type { RequestState } from './state.ts';

/** Who asks to review: a person, or the person behind a token, so that no token reviews what its owner answers for. */
export type Reviewer = {
  readonly person: Extract<Answerer, { kind: 'person' }>;
  readonly roles: readonly string[];
  readonly teams: readonly { readonly slug: string }[];
};

export type ReviewableRequest = {
  readonly state: RequestState;
  readonly answering: Answering;
  /** Organisation roles and `team:<slug>`, all of which must approve. */
  readonly reviewGroups: readonly string[];
  readonly reviews: readonly { readonly group: string }[];
};

export type MayReview =
  | {
      readonly ok: true;
      /** Groups that wait and that the reviewer speaks for; at least one. */
      readonly groups: readonly string[];
    }
  | { readonly ok: false; readonly code: Extract<ErrorCode, 'conflict' | 'self-review' | 'forbidden'>; readonly reason: string };

/** What a reviewer can say. */
export const reviewDecisions = ['approve', 'reject'] as const;

const teamPrefix = 'team:';

/** Whether somebody speaks for a group: holds the role, or is a member of the team. */
export const speaksFor = (reviewer: Pick<Reviewer, 'roles' | 'teams'>, group: string): boolean =>
  group.startsWith(teamPrefix)
    ? reviewer.teams.some(({ slug }) => slug === group.slice(teamPrefix.length))
    : reviewer.roles.includes(group);

/** The groups whose review is still missing, in the order of the decision. */
export const waitingGroups = (request: Pick<ReviewableRequest, 'reviewGroups' | 'reviews'>): readonly string[] =>
  request.reviewGroups.filter((group) => !request.reviews.some((review) => review.group === group));

/** Four eyes: whether this person may decide on this request now, and for which groups; otherwise why not. */
export function mayReview(reviewer: Reviewer, request: ReviewableRequest): MayReview {
  if (request.state !== 'in-review') return { ok: false, code: 'conflict', reason: `It is ${request.state} and waits for no review.` };
  if (answersFor(reviewer.person, request.answering)) {
    const whose = request.answering.kind === 'person' ? 'their own request' : 'a request that their team answers for';
    return { ok: false, code: 'self-review', reason: `Nobody reviews ${whose}.` };
  }
  const own = request.reviewGroups.filter((group) => speaksFor(reviewer, group));
  if (own.length === 0)
    return { ok: false, code: 'forbidden', reason: `Only ${request.reviewGroups.join(' and ') || 'nobody'} may review this request.` };
  const groups = own.filter((group) => waitingGroups(request).includes(group));
  if (groups.length === 0) return { ok: false, code: 'conflict', reason: `${own.join(' and ')} reviewed it already.` };
  return { ok: true, groups };
}
