import { asHostmasterError, HostmasterError } from '@hostmaster/core/errors';
import { asDatabaseError } from '@hostmaster/db/transaction';
import { leaseSeconds, type Work } from '../reconcile/step.ts';

/** One run ends before its lease does. */
export const runSeconds = leaseSeconds - 2;

/** Whatever ended a run, in our words: also the end of its time, and what the database said. */
export function errorOf({ operation, signal }: Pick<Work, 'operation' | 'signal'>, thrown: unknown): HostmasterError {
  if (signal.aborted && thrown === signal.reason) return new HostmasterError('unavailable', outOfTime(operation), { cause: thrown });
  const error = asHostmasterError(asDatabaseError(thrown));
  // A worker makes nothing that somebody else may have named: another one wrote the same row at once, and the next try finds it.
  return error.code === 'already-exists' ? new HostmasterError('conflict', 'Two wrote the same at once.', { cause: error }) : error;
}

function outOfTime({ kind, purpose }: Work['operation']): string {
  // A reading has as much time as it takes, as long as it gets on; a zone is read whole or not at all.
  if (purpose === 'read') return `The reading did not get on for ${runSeconds} seconds; the next try begins anew.`;
  // The steps of an endpoint look first at what is there already.
  return `It took longer than ${runSeconds} seconds; the next try ${kind === 'endpoint' ? 'goes on from here' : 'begins anew'}.`;
}
