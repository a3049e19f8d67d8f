import type { Actor } from '@hostmaster/core/policy/authorize';
import type { Answer } from '@hostmaster/usecases/idempotency/answer-once';
import { type Door, type Exchange, logError } from './door.ts';
import { answerKeyed } from './idempotency.ts';
import { asOwnError } from './own-error.ts';
import { problemOf } from './problem.ts';
import { countInTurn } from './rate-limit.ts';

export type Call = {
  readonly actor: Actor;
  /** The Idempotency-Key of the call as a whole. */
  readonly key: string | null;
  readonly door: Door;
  readonly exchange: Exchange;
};

/**
 * The answers to several things that one call asks for, one after the other and in its order: what one of them is refused
 * with does not touch the others. Each counts against the limit. With a key each is done once: a call that was cut off, or
 * of which a part may yet succeed, goes on where it was when it comes again.
 * Errors: rate-limited, before anything is done.
 */
export async function answerEach<T>(items: readonly T[], call: Call, work: (item: T) => Promise<Answer>): Promise<Answer[]> {
  const { actor, key, door, exchange } = call;
  // The call itself was counted when it came in, and this is its turn.
  await countInTurn(actor, items.length - 1, door, exchange);
  const answers: Answer[] = [];
  for (const [index, item] of items.entries()) {
    // No key of a caller holds a space.
    const keyed = { actor, key: key === null ? null : `${key} ${index}`, keepAnswer: true };
    const asked = { address: 'part', body: Buffer.from(JSON.stringify(item)) };
    const part: Exchange = { ...exchange, headers: new Headers(), unfinished: false };
    try {
      answers.push(await answerKeyed({ ...keyed, asked }, door, part, () => work(item)));
    } catch (thrown) {
      const error = asOwnError(thrown);
      logError(door, error, exchange.traceId, `part ${index} of ${items.length}`);
      exchange.unfinished ||= error.kind.retryable;
      answers.push({ status: error.kind.status, body: problemOf(error, exchange, door) });
    }
  }
  return answers;
}
