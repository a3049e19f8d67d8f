import { HostmasterError } from '@hostmaster/core/errors';
import { z } from 'zod';
import type { Db, Tx } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';

/**
 * Runs `work` in one transaction (read committed: every transition is a compare-and-set, so nothing stronger is needed).
 * No network call belongs inside, and `work` is done again where it met another in a deadlock. Errors: already-exists for a broken uniqueness, unavailable for a lost database.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await db.$transaction(work, { maxWait: 5_000, timeout: 15_000 });
    } catch (error) {
      if (tried === MOST_TRIES || !isDeadlock(error)) throw asDatabaseError(error);
    }
  }
}

/** Of two that wait for each other one is ended with nothing written; it is nobody's fault, and over at once. */
const MOST_TRIES = 3;

const unavailableCodes: readonly string[] = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037'];
const unavailableKinds: readonly string[] = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'];
/** SQLSTATE: connection exceptions, out of resources, shutting down or starting up, serialization failure, deadlock, a lock that was not to be had. */
const unavailableStates = /^(?:08|53|57P|40001|40P01|55P03)/;
/** How the driver says that a connection was lost under it; these errors carry no code. */
const lostConnection = /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

const driverError = z.object({
  driverAdapterError: z.object({ cause: z.object({ kind: z.string(), originalCode: z.string().optional() }) }),
});

function isDeadlock(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  const { data } = driverError.safeParse(error.meta);
  return error.code === 'P2034' || data?.driverAdapterError.cause.originalCode === '40P01';
}

/** Whether the database was away, or busy in a way that passes. */
function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return error instanceof Error && lostConnection.test(error.message);
  if (unavailableCodes.includes(error.code)) return true;
  const { data } = driverError.safeParse(error.meta);
  if (data === undefined) return false;
  const { kind, originalCode } = data.driverAdapterError.cause;
  return unavailableKinds.includes(kind) || unavailableStates.test(originalCode ?? '');
}

/** What a caller can do something about; anything else passes through unchanged. */
export function asDatabaseError(error: unknown): unknown {
  if (isUnavailable(error)) return new HostmasterError('unavailable', 'The database is not available.', { cause: error, retryAfter: 2 });
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return error;
  if (error.code === 'P2002')
    return new HostmasterError('already-exists', 'Something with the same name exists already.', { cause: error });
  if (error.code === 'P2025') return new HostmasterError('not-found', 'It does not exist.', { cause: error });
  return error;
}
