// What the page of a request says of it: by the state of the request itself, and of the work on it only as far as that
// state lets the work count. Work on a request that came to nothing never makes it "Live".
import type { Operation } from '@hostmaster/core/contract/operation';
import type { Request } from '@hostmaster/core/contract/request';
import type { MarkState } from '@/components/ui/mark';
import { isFinished, isMoving } from '@/features/operation/poll';
import { stateMarks, stateWords } from './words';

type Asked = Pick<Request, 'state' | 'kind'>;
type Work = Pick<Operation, 'state' | 'stalled'>;

export type Shown = {
  readonly mark: MarkState;
  readonly word: string;
  readonly moving: boolean;
  /** Whoever applied it saw the name answer. */
  readonly live: boolean;
  readonly planTitle: string;
};

/** @param work the request's own, as it was last seen; its page may know it before it knows the request */
export function shownOf({ state, kind }: Asked, work: Work | null): Shown {
  if (state !== 'approved' && state !== 'applied')
    return {
      mark: stateMarks[state],
      word: stateWords[state],
      moving: false,
      live: false,
      planTitle: state === 'in-review' ? 'What will happen' : 'What was asked for',
    };
  const seen = work?.state === 'succeeded';
  const moving = work !== null && isMoving(work);
  const planTitle = state === 'applied' || seen ? 'What happened' : 'What will happen';
  // Records and certificate that are there are not yet a name that answers.
  if (seen) return { mark: 'ok', word: kind === 'retire' ? stateWords.applied : 'Live', moving, live: kind !== 'retire', planTitle };
  if (state === 'approved' || work === null) return { mark: stateMarks[state], word: stateWords[state], moving, live: false, planTitle };
  if (!isFinished(work)) return { mark: 'wait', word: 'Applied, not seen working yet', moving, live: false, planTitle };
  return { mark: work.state === 'failed' ? 'bad' : 'none', word: 'Applied, never seen working', moving, live: false, planTitle };
}

/** What the work on a request is called. */
export function workTitle({ state }: Pick<Asked, 'state'>, work: Work): string {
  const wanted = state === 'approved' || state === 'applied';
  if (!wanted || (isFinished(work) && work.state !== 'succeeded')) return 'How far it came';
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
