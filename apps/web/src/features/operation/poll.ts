import type { Operation } from '@hostmaster/core/contract/operation';
import { unfinishedStates } from '@hostmaster/core/operation/state';

export const isFinished = (operation: Pick<Operation, 'state'>): boolean => !unfinishedStates.includes(operation.state);

/** Whether somebody is at it, or about to be: unfinished, and not stalled for want of a worker. */
export const isMoving = (operation: Pick<Operation, 'state' | 'stalled'>): boolean => !isFinished(operation) && !operation.stalled;

/** Milliseconds until the operation is worth looking at again; false when it is over. While it waits for long, or no worker works, less often. */
export function pollEvery(operation: Operation | null | undefined): number | false {
  if (!operation || isFinished(operation)) return false;
  return operation.stalled || (operation.state === 'waiting' && operation.attempts > 3) ? 2000 : 300;
}
