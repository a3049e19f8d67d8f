import type { Operation } from '@hostmaster/core/contract/operation';
import { unfinishedStates } from '@hostmaster/core/operation/state';

export const isFinished = (operation: Operation): boolean => !unfinishedStates.includes(operation.state);

/** Milliseconds until the operation is worth looking at again; false when it is over. While it waits for long, less often. */
export function pollEvery(operation: Operation | null | undefined): number | false {
  if (!operation || isFinished(operation)) return false;
  return operation.state === 'waiting' && operation.attempts > 3 ? 2000 : 300;
}
