import type { ErrorCode } from '@hostmaster/core/error-table';
import { HostmasterError } from '@hostmaster/core/errors';
import { z } from 'zod';
import type { Db, Tx } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';

/**
 * Runs `work` in one transaction (read committed: every transition is a compare-and-set, so nothing stronger is needed).
 * No network call belongs inside, and `work` is done again where it met another in a deadlock. Errors: already-exists for a
 * broken uniqueness, conflict for a broken reference, unavailable for a lost database and for work that was not done in its
 * time, which then says `what` it was: a sentence.
 */
export async function transact<T>(
  db: Db,
  work: (tx: Tx) => Promise<T>,
  { what, milliseconds = 15_000 }: { readonly what?: string; readonly milliseconds?: number } = {},
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await db.$transaction(work, { maxWait: 5_000, timeout: milliseconds });
    } catch (error) {
      if (ranOutOfTime(error)) throw tooLong(milliseconds, what, error);
      if (tried === MOST_TRIES || !isDeadlock(error)) throw asDatabaseError(error);
    }
  }
}

/** By its words: the code is also that of a transaction that could not begin. */
const ranOutOfTime = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2028' && error.message.includes('expired transaction');

function tooLong(milliseconds: number, what: string | undefined, cause: unknown): HostmasterError {
  const message = `Writing to the database took longer than ${milliseconds / 1000} seconds and was undone`;
  return new HostmasterError('unavailable', what === undefined ? `${message}.` : `${message}: ${what}`, { cause, retryAfter: 2 });
}

/** Of two that wait for each other one is ended with nothing written; it is nobody's fault, and over at once. */
const MOST_TRIES = 3;

const unavailableCodes: readonly string[] = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037'];
const unavailableKinds: readonly string[] = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'];
/** SQLSTATE: connection exceptions, out of resources, shutting down or starting up, serialization failure, deadlock, a lock that was not to be had. */
const unavailableStates = /^(?:08|53|57P|40001|40P01|55P03)/;
/** How the driver says that a connection was lost under it, or that nothing came back; these errors carry no code. */
const lostConnection =
  /^(?:Connection terminated|Query read timeout|Client has encountered a connection error|timeout exceeded when trying to connect)/;

const cause = z.object({ kind: z.string(), originalCode: z.string().optional(), originalMessage: z.string().optional() });
const told = z.object({ driverAdapterError: z.object({ cause }) });
const bare = z.object({ name: z.literal('DriverAdapterError'), cause });

/** Kinds of broken constraints by their SQLSTATE, which the driver tells of our own SQL and of Prisma's alike. */
const broken: Readonly<Record<string, readonly [code: ErrorCode, message: string]>> = {
  '23505': ['already-exists', 'Something with the same name exists already.'],
  '23503': ['conflict', 'What this refers to was removed a moment ago.'],
  '23P01': ['conflict', 'Another team has the name since a moment ago.'],
  '23001': ['conflict', 'Something refers to it since a moment ago, so it stays.'],
};

const codeOf = (error: unknown): string | null => (error instanceof Prisma.PrismaClientKnownRequestError ? error.code : null);

/** What the driver said: by way of the client, or as it is where a transaction could not be committed. */
function causeOf(error: unknown): Partial<z.output<typeof cause>> {
  if (error instanceof Prisma.PrismaClientKnownRequestError) return told.safeParse(error.meta).data?.driverAdapterError.cause ?? {};
  return error instanceof Error ? (bare.safeParse({ name: error.name, cause: error.cause }).data?.cause ?? {}) : {};
}

const isDeadlock = (error: unknown): boolean => codeOf(error) === 'P2034' || causeOf(error).originalCode === '40P01';

/** A lock was not to be had in the time that a connection waits for one (client.ts). */
const isLocked = (error: unknown): boolean => causeOf(error).originalCode === '55P03';

/**
 * The rows of whoever acts were not theirs to write, though the use case had let them: what they sign in with, or a right of
 * theirs, ended in between.
 */
const isRightEnded = (error: unknown): boolean => {
  const { originalCode, originalMessage = '' } = causeOf(error);
  return originalCode === '42501' && originalMessage.includes('row-level security');
};

/** @param cause the refusal; none where the rows were only not found among those that whoever acts may write */
export const rightEnded = (cause?: unknown): HostmasterError =>
  new HostmasterError('conflict', 'What you may do changed while this was being done; nothing was written.', { cause });

/** Whether the database was away, or busy in a way that passes. */
function isUnavailable(error: unknown): boolean {
  const { kind = '', originalCode = '' } = causeOf(error);
  if (unavailableCodes.includes(codeOf(error) ?? '') || unavailableKinds.includes(kind) || unavailableStates.test(originalCode))
    return true;
  return codeOf(error) === null && error instanceof Error && lostConnection.test(error.message);
}

/** What a caller can do something about; anything else passes through unchanged. */
export function asDatabaseError(error: unknown): unknown {
  if (isUnavailable(error)) {
    const message = isLocked(error)
      ? 'Others are changing the same thing, and it took too long to wait for them.'
      : 'The database is not available.';
    return new HostmasterError('unavailable', message, { cause: error, retryAfter: 2 });
  }
  const [code, message] = broken[causeOf(error).originalCode ?? ''] ?? [];
  if (code !== undefined && message !== undefined) return new HostmasterError(code, message, { cause: error });
  if (isRightEnded(error)) return rightEnded(error);
  if (codeOf(error) === 'P2025') return new HostmasterError('not-found', 'It does not exist.', { cause: error });
  return error;
}
