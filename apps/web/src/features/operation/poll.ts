import type { Operation } from '@hostmaster/core/contract/operation';
import { unfinishedStates } from '@hostmaster/core/operation/state';

export const isFinished = (operation: Pick<Operation, 'state'>): boolean => !unfinishedStates.includes(operation.state);

/** Whether somebody is at it, or about to be: unfinished, and not stalled for want of a worker. */
export const isMoving = (operation: Pick<Operation, 'state' | 'stalled'>): boolean => !isFinished(operation) && !operation.stalled;

/** Whether a worker is at it or takes it next: a wait for a later try is none of that. */
export const isUnderWay = (operation: Pick<Operation, 'state' | 'stalled' | 'nextAttempt'>): boolean =>
  isMoving(operation) && (operation.state !== 'waiting' || operation.nextAttempt === null);

/** Milliseconds until the operation is worth looking at again; false when it is over. While it waits for long, or no worker works, less often. */
export function pollEvery(operation: Operation | null | undefined): number | false {
  if (!operation || isFinished(operation)) return false;
  return operation.stalled || (operation.state === 'waiting' && operation.attempts > 3) ? 2000 : 300;
}
