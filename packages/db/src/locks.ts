// The locks that no row stands for, each under its name. Their numbers stay as they are: workers of two releases meet here.
import type { Tx } from './client.ts';

/** One of each in an installation. */
const numbers = {
  /** Of several workers one stores the next intermediate. */
  authority: 4_072_002,
  /** One worker makes the root and the environments. */
  preparation: 4_072_003,
  /** One worker stores the first key pair. */
  'first-worker-key': 4_072_004,
} as const;

/** One for each subject; by the seed under which the subject is hashed. */
const seeds = {
  /** What stands below the tokens of one person. */
  tokens: 0,
  /** Starts of work on one subject. */
  work: 1,
  /** Requests that one team has open. */
  quota: 2,
  /** What somebody asks of one certificate. */
  revocation: 3,
  /** The key of one certificate, which leaves once. */
  'key-export': 4,
  /** What somebody begins to revoke alone. */
  campaign: 5,
} as const;

export type LockName = keyof typeof numbers;
export type SubjectLockName = keyof typeof seeds;

/** Held until the transaction ends. */
export const lock = (tx: Tx, name: LockName): Promise<unknown> => tx.$executeRaw`SELECT pg_advisory_xact_lock(${numbers[name]})`;

/** Held until the transaction ends. @param subject whose, by an id or another text of its own */
export const lockOf = (tx: Tx, name: SubjectLockName, subject: string): Promise<unknown> =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${subject}, ${seeds[name]}::bigint))`;
