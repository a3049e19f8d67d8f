// One answer per Idempotency-Key: the first call with a key does the work, every later one with the same content gets the
// same answer for seven days, one that comes meanwhile is told to wait, and one with other content is refused. Whoever lost a role
// or a team meanwhile is not shown what they were answered when they held it.
import { day } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { rightsOf } from '@hostmaster/core/policy/authorize';
import { claimKey, completeKey, freeKey, type KeyClaim, takeKeyOver } from '@hostmaster/db/idempotency';
import type { Ctx } from '../context.ts';

export const keptDays = 7;
/** After this long an unfinished first call is taken for dead, and the key may be tried again. */
const abandonedSeconds = 60;

export type Answer = { readonly status: number; readonly body: unknown };
export type Once = {
  readonly key: string;
  /** SHA-256 of what was asked. */
  readonly fingerprint: Uint8Array<ArrayBuffer>;
  /** Whether the answer may be kept; one that holds a secret may not, and its repetition is refused instead. */
  readonly keepAnswer: boolean;
};

/**
 * Runs `work` once. What it throws, and an answer that asks for another try (`final: false`), frees the key again.
 * Errors: idempotency-mismatch, idempotency-in-progress, already-exists (repeated, and the answer was not kept), forbidden
 * (repeated by somebody who may less than then).
 */
export async function answerOnce(
  ctx: Pick<Ctx, 'db' | 'clock' | 'actor'>,
  once: Once,
  work: () => Promise<{ answer: Answer; final: boolean }>,
): Promise<{ answer: Answer; repeated: boolean }> {
  const mine: KeyClaim = { actorId: ctx.actor.id, key: once.key, createdAt: ctx.clock.now() };
  const earlier = await earlierAnswer(ctx, once, mine);
  if (earlier !== null) return { answer: earlier, repeated: true };
  try {
    const { answer, final } = await work();
    if (final) await completeKey(ctx.db, mine, once.keepAnswer ? answer : { ...answer, body: null }, ctx.clock.now());
    else await freeKey(ctx.db, mine);
    return { answer, repeated: false };
  } catch (error) {
    await freeKey(ctx.db, mine);
    throw error;
  }
}

/** null where the key is ours now. */
async function earlierAnswer(ctx: Pick<Ctx, 'db' | 'actor'>, once: Once, mine: KeyClaim): Promise<Answer | null> {
  const rights = rightsOf(ctx.actor);
  const question = { fingerprint: once.fingerprint, rights: [...rights] };
  const row = await claimKey(ctx.db, mine, question);
  if (row === mine) return null;
  if (row === null || !('fingerprint' in row)) throw inProgress();
  const age = mine.createdAt.getTime() - row.createdAt.getTime();
  if (age > keptDays * day || (row.completedAt === null && age > abandonedSeconds * 1000)) {
    if (await takeKeyOver(ctx.db, row, mine, question)) return null;
    throw inProgress();
  }
  if (Buffer.compare(row.fingerprint, once.fingerprint) !== 0)
    throw new HostmasterError('idempotency-mismatch', `The Idempotency-Key ${once.key} belongs to another request.`);
  if (row.completedAt === null || row.status === null) throw inProgress();
  const lost = row.rights.filter((right) => !rights.includes(right));
  if (lost.length > 0)
    throw new HostmasterError(
      'forbidden',
      `The first request with this Idempotency-Key was answered to a ${lost.join(' and ')}, which the asker is no more. Ask with another key.`,
    );
  if (row.status < 300 && !once.keepAnswer)
    throw new HostmasterError(
      'already-exists',
      'The first request with this key made it, and its answer held a secret that is not kept. Make another one.',
    );
  return { status: row.status, body: row.response };
}

const inProgress = (): HostmasterError =>
  new HostmasterError('idempotency-in-progress', 'The first request with this Idempotency-Key is not answered yet.', { retryAfter: 1 });
