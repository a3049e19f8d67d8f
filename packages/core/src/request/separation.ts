import type { ErrorCode } from '../error-table.ts';
import { type Answering, answererOf, answersFor } from '../policy/answerer.ts';
import type { Actor } from '../policy/authorize.ts';
import { groupsOf, groupWords } from '../policy/review-group.ts';
import type { RequestState } from './state.ts';

export type ReviewableRequest = {
  readonly state: RequestState;
  readonly answering: Answering;
  /** Organisation roles and `team:<slug>`, all of which must approve. */
  readonly reviewGroups: readonly string[];
  readonly reviews: readonly { readonly group: string }[];
};

export type MayReview =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: Extract<ErrorCode, 'conflict' | 'self-review' | 'forbidden'>; readonly reason: string };

/** What a reviewer can say. */
export const reviewDecisions = ['approve', 'reject'] as const;

/** The groups whose review is still missing, in the order of the decision. */
export const waitingGroups = (request: Pick<ReviewableRequest, 'reviewGroups' | 'reviews'>): readonly string[] =>
  request.reviewGroups.filter((group) => !request.reviews.some((review) => review.group === group));

/** Of those the ones that somebody speaks for. */
export const ownWaitingGroups = (actor: Actor, request: Pick<ReviewableRequest, 'reviewGroups' | 'reviews'>): readonly string[] => {
  const own: readonly string[] = groupsOf(actor);
  return waitingGroups(request).filter((group) => own.includes(group));
};

/**
 * Four eyes: whether somebody may decide on this request now, otherwise why not. The only judgement of it; the queue
 * (waiting-for.ts) says the same as a filter of rows.
 */
export function mayReview(actor: Actor, request: ReviewableRequest): MayReview {
  const person = answererOf(actor);
  if (person?.kind !== 'person') return { ok: false, code: 'forbidden', reason: 'Only people review.' };
  if (request.state !== 'in-review') return { ok: false, code: 'conflict', reason: `It is ${request.state} and waits for no review.` };
  if (answersFor(person, request.answering)) {
    const whose = request.answering.kind === 'person' ? 'their own request' : 'a request that their team answers for';
    return { ok: false, code: 'self-review', reason: `Nobody reviews ${whose}.` };
  }
  if (ownWaitingGroups(actor, request).length > 0) return { ok: true };
  const own: readonly string[] = groupsOf(actor);
  const decided = request.reviewGroups.filter((group) => own.includes(group)).map(groupWords);
  if (decided.length > 0) return { ok: false, code: 'conflict', reason: `Somebody of ${decided.join(' and ')} decided on it already.` };
  const asked = request.reviewGroups.map(groupWords).join(' and ');
  return { ok: false, code: 'forbidden', reason: `It is for ${asked || 'nobody'} to review.` };
}
