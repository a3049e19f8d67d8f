import { HostmasterError } from '@hostmaster/core/errors';
import type { Db, Tx } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';

/**
 * Runs `work` in one transaction (read committed: every transition is a compare-and-set, so nothing stronger is needed).
 * No network call belongs inside. Errors: already-exists for a broken uniqueness, unavailable for a lost database.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await db.$transaction(work, { maxWait: 5_000, timeout: 15_000 });
  } catch (error) {
    throw asDatabaseError(error);
  }
}

/** Prisma's codes for what a caller can do something about; anything else passes through unchanged. */
export function asDatabaseError(error: unknown): unknown {
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    if (error.code === 'P2002')
      return new HostmasterError('already-exists', 'Something with the same name exists already.', { cause: error });
    if (error.code === 'P2025') return new HostmasterError('not-found', 'It does not exist.', { cause: error });
    if (['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037'].includes(error.code))
      return new HostmasterError('unavailable', 'The database is not available.', { cause: error, retryAfter: 2 });
  }
  return error;
}
