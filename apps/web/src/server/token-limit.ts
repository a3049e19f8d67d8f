import type { Actor } from '@hostmaster/core/policy/authorize';
import { consumeLimit } from '@hostmaster/usecases/rate-limit/consume';
import type { Container } from './container.ts';

/** A person clicks; a token may loop. Answers the headers that say how much is left. Errors: rate-limited. */
export async function limitToken(actor: Actor | null, { env, parts }: Container): Promise<Readonly<Record<string, string>>> {
  if (actor === null || actor.kind !== 'service') return {};
  const limit = { key: `api:${actor.id}`, limit: env.apiRequestsPerMinute, windowSeconds: 60 };
  const { remaining, resetSeconds } = await consumeLimit(parts, limit);
  return {
    'RateLimit-Limit': String(limit.limit),
    'RateLimit-Remaining': String(remaining),
    'RateLimit-Reset': String(resetSeconds),
  };
}
