// What the page of a request says of it: how far it came, on the ladder that the lists show too, and of the work on it only
// as far as the request lets the work count. Work on a request that came to nothing never makes it "Live".
import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import type { Operation } from '@hostmaster/core/contract/operation';
import type { Request } from '@hostmaster/core/contract/request';
import { type RequestStage, stageWords } from '@hostmaster/core/request/stage';
import type { MarkState } from '@/components/ui/mark';
import { isFinished, isMoving } from '@/features/operation/poll';
import { stageMarks } from './words';

type Asked = Pick<Request, 'state' | 'kind' | 'stage'> & { readonly contract: Pick<Request['contract'], 'target'> };
type Work = Pick<Operation, 'state' | 'stalled'>;

export type Shown = {
  readonly mark: MarkState;
  readonly word: string;
  readonly moving: boolean;
  /** Whoever applied it saw the name answer, and nothing else is known since. */
  readonly live: boolean;
  readonly planTitle: string;
};

/** Whether it was them who decided on it; somebody else may have the same name. */
export const hasDecided = ({ reviews }: Pick<Request, 'reviews'>, { id }: { readonly id: string }): boolean =>
  reviews.some(({ reviewerId }) => reviewerId === id);

const isWanted = ({ state }: Pick<Request, 'state'>): boolean => state === 'approved' || state === 'applied';

/** @param work the request's own, as it was last seen; its page may know it before it knows the request */
export function shownOf(request: Asked, work: Work | null): Shown {
  const stage = stageBy(request, work);
  const { state } = request;
  const happened = state === 'applied' || (isWanted(request) && work?.state === 'succeeded');
  return {
    mark: stageMarks[stage],
    word: stageWords[stage],
    moving: isWanted(request) && work !== null && isMoving(work),
    live: stage === 'live',
    planTitle: happened ? 'What happened' : isWanted(request) || state === 'in-review' ? 'What will happen' : 'What was asked for',
  };
}

/** The stage that the request had when it was read, or a later one where its work went on since. */
function stageBy(request: Asked, work: Work | null): RequestStage {
  const { stage, kind } = request;
  if (work === null || !isWanted(request)) return stage;
  if (!isFinished(work)) return work.state === 'pending' && stage === 'approved' ? 'approved' : 'applying';
  const behind = stage === 'approved' || stage === 'applying';
  if (!behind) return stage;
  if (work.state === 'succeeded') return kind === 'retire' ? 'retired' : isCertificateOnly(request.contract) ? 'issued' : 'live';
  return request.state === 'applied' ? 'unseen' : stage;
}

/** What the work on a request is called. */
export function workTitle(request: Pick<Request, 'state'>, work: Work): string {
  if (!isWanted(request) || (isFinished(work) && work.state !== 'succeeded')) return 'How far it came';
  if (work.state === 'succeeded') return 'Everything is done';
  return work.stalled ? 'Waits for a worker' : 'Making it so';
}

/** What the work is called that gives back what a request had begun. */
export function givingBackTitle(work: Work): string {
  if (work.state === 'succeeded') return 'What was begun is given back';
  if (work.state === 'failed') return 'What was begun could not be given back';
  return work.stalled ? 'Giving back what was begun waits for a worker' : 'Giving back what was begun';
}

/**
 * Why the work on a request stands where it does; null where that is said elsewhere already: what stopped it, at its step,
 * and that what was begun is given back, in its title.
 */
export function workNote(
  request: Pick<Request, 'state' | 'summary' | 'supersededBy'>,
  work: Pick<Operation, 'state' | 'reason' | 'error'>,
  own: boolean,
): string | null {
  if (work.state === 'failed' && work.error) return null;
  if (work.state === 'superseded') {
    if (own && request.supersededBy) return `Request #${request.supersededBy.number} took its place.`;
    return own && request.state === 'cancelled' ? request.summary : 'Newer work on the name took its place.';
  }
  return !own && work.state === 'succeeded' ? null : work.reason;
}
