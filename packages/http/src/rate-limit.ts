import type { Actor } from '@hostmaster/core/policy/authorize';
import { consumeLimit } from '@hostmaster/usecases/rate-limit/consume';
import type { Door, Exchange } from './door.ts';

type Counted = [actor: Actor | null, tries: number, door: Door, exchange: Pick<Exchange, 'headers'>];

/** Counts what an actor asks for when its turn has come: all of it is one row, and who waits for that row holds a connection. */
export const countTries = (...[actor, tries, door, exchange]: Counted): Promise<void> =>
  actor === null ? Promise.resolve() : door.inTurn(actor.id, () => countInTurn(actor, tries, door, exchange));

/**
 * Counts what an actor asks for whose turn it is, and says in the answer's headers how much is left. One HTTP request may ask
 * for several things: each of them counts. Nobody and the system itself are not counted. Errors: rate-limited.
 */
export async function countInTurn(
  actor: Actor | null,
  tries: number,
  door: Pick<Door, 'db' | 'clock' | 'requestsPerMinute'>,
  { headers }: Pick<Exchange, 'headers'>,
): Promise<void> {
  if (actor === null || actor.kind === 'system') return;
  const limit = { key: `api:${actor.id}`, limit: door.requestsPerMinute[actor.kind], windowSeconds: 60 };
  const { remaining, resetSeconds } = await consumeLimit(door, limit, tries);
  headers.set('RateLimit-Limit', String(limit.limit));
  headers.set('RateLimit-Remaining', String(remaining));
  headers.set('RateLimit-Reset', String(resetSeconds));
}
