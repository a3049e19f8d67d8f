// Idempotency-Key at a door: what makes two requests the same, and which refusals are an answer that is kept.
import { createHash } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { type Answer, answerOnce } from '@hostmaster/usecases/idempotency/answer-once';
import type { Door, Exchange } from './door.ts';
import { asOwnError } from './own-error.ts';
import { problemOf } from './problem.ts';

/** The Idempotency-Key of a request, or null. Errors: invalid-input. */
export function idempotencyKeyOf(headers: Headers): string | null {
  const key = headers.get('idempotency-key');
  if (key === null || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  const violation = {
    rule: 'idempotency-key',
    path: 'Idempotency-Key',
    reason: 'The key is empty, too long, or not printable.',
    remedy: 'Send a UUID.',
  };
  throw new HostmasterError('invalid-input', 'An Idempotency-Key has 1 to 255 printable characters.', { violations: [violation] });
}

export type Keyed = {
  readonly actor: Actor;
  readonly key: string | null;
  /** What was asked, as one text and the bytes of the body: the same key with another of both is refused. */
  readonly asked: { readonly address: string; readonly body: Uint8Array };
  /** Whether the answer may be kept; one that holds a secret may not. */
  readonly keepAnswer: boolean;
};

/**
 * The answer of `work`, or, where this key was used for the same before, the answer that it had. A refusal is an answer
 * too, and is repeated as it was; what may succeed later frees the key. Without a key it is simply the work.
 * Errors: those of `work`, idempotency-mismatch, idempotency-in-progress, already-exists (repeated, and not kept).
 */
export async function answerKeyed(keyed: Keyed, door: Door, exchange: Exchange, work: () => Promise<Answer>): Promise<Answer> {
  const { actor, key, asked, keepAnswer } = keyed;
  if (key === null) return work();
  const fingerprint = Uint8Array.from(createHash('sha256').update(`${asked.address}\n`).update(asked.body).digest());
  const { answer, repeated } = await answerOnce({ ...door, actor }, { key, fingerprint, keepAnswer }, async () => {
    try {
      const answer = await work();
      return { answer, final: !exchange.unfinished };
    } catch (thrown) {
      const error = asOwnError(thrown);
      if (error.kind.retryable || error.kind.status >= 500) throw error;
      return { answer: { status: error.kind.status, body: problemOf(error, exchange, door) }, final: true };
    }
  });
  if (repeated) exchange.headers.set('Idempotency-Replayed', 'true');
  return answer;
}
