// "Connecting tests first": whoever keeps a connection names the test of it that passed, or says that there was none. What was typed for
// the test is gone by then; a digest says whether it was the same.
import { type BinaryLike, scrypt as derive } from 'node:crypto';
import type { Connection } from '@hostmaster/core/descriptor';
import type { Violation } from '@hostmaster/core/errors';
import type { Reader, Tx } from '@hostmaster/db/client';
import { z } from 'zod';
import type { Ctx } from '../context.ts';

export type Facts = Readonly<Record<string, z.core.util.JSONType>>;

/** What is tried, and what is kept afterwards. */
export type Tried = {
  readonly of: 'zone' | 'issuer' | 'destination';
  readonly connection: Connection;
  /** What it is to be of, beside where it is. */
  readonly about: Facts;
};

/** For how long a test counts: what it found may be different by then. */
const hourMilliseconds = 3_600_000;
const minutes = hourMilliseconds / 60_000;

/**
 * By which a connection is known again. Some of those whom it lets in have short secrets, so it is slow, and another one for each trial:
 * nobody who reads it tries secrets against it. @param trialId the salt
 */
export async function digestOf(trialId: string, { of, connection: { kind, settings, secret }, about }: Tried): Promise<string> {
  const said = JSON.stringify([of, kind, settings, about, secret === undefined ? null : Buffer.from(secret).toString('base64')]);
  return (await slowly(said, trialId)).toString('base64');
}

const slowly = (text: BinaryLike, salt: BinaryLike): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    derive(text, salt, 32, (error, key) => (error === null ? resolve(key) : reject(error)));
  });

/** What was typed for a trial is thrown away with its end; one that failed is of no more use. */
export async function forgetTrial(tx: Tx, operationId: string, passed: boolean): Promise<void> {
  const where = { operationId };
  if (passed) await tx.connectionTrial.updateMany({ where, data: { settings: {}, about: {}, secretKeyId: null, secretCiphertext: null } });
  else await tx.connectionTrial.deleteMany({ where });
}

type Said = { readonly trial?: string | undefined; readonly untested: boolean };

/**
 * Whether a test of exactly this passed not long ago. Where none is named, that must be said; what is wrong is added to the list.
 * @param tried null where something else is wrong with it: no test can have been of that
 */
export async function testedBefore(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  { trial, untested }: Said,
  tried: Tried | null,
  violations: Violation[],
): Promise<boolean> {
  const unnamed = untested ? null : 'Nobody has tested this connection.';
  const reason = trial === undefined ? unnamed : tried === null ? null : await faultOf(db, trial, tried, clock.now());
  if (reason === null) return trial !== undefined;
  const remedy = 'Test it first, and give the id of the operation that passed as trial; or say that it is untested.';
  violations.push({ rule: 'connection-tested', path: 'trial', reason, remedy });
  return false;
}

/** The same of a change that may leave the connection as it is: null, and then no test is named. @param connection the one that is sent */
export async function testedWhereSent(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  said: Said,
  { connection, tried }: { readonly connection: object | undefined; readonly tried: Tried | null },
  violations: Violation[],
): Promise<boolean | null> {
  if (connection !== undefined) return testedBefore(ctx, said, tried, violations);
  const reason = 'A test is of a connection, and none is sent: it stays as it is.';
  const remedy = 'Leave trial out, or send the connection that was tested.';
  if (said.trial !== undefined) violations.push({ rule: 'connection-tested', path: 'trial', reason, remedy });
  return null;
}

const result = z.object({ ok: z.boolean() }).nullable().catch(null);

async function faultOf(db: Reader, operationId: string, tried: Tried, now: Date): Promise<string | null> {
  const operation = await db.operation.findUnique({ where: { id: operationId }, select: { result: true, finishedAt: true } });
  if (operation === null) return `There is no test ${operationId}.`;
  if (operation.finishedAt === null) return 'The test has not ended yet.';
  const passed = result.parse(operation.result)?.ok === true;
  if (!passed) return 'The test that is named did not pass.';
  if (now.getTime() - operation.finishedAt.getTime() > hourMilliseconds) return `The test ended more than ${minutes} minutes ago.`;
  const trial = await db.connectionTrial.findUnique({ where: { operationId }, select: { id: true, digest: true } });
  const same = trial !== null && trial.digest === (await digestOf(trial.id, tried));
  return same ? null : 'What was tested is not what is to be connected: a setting, the secret or what it is for differs.';
}
