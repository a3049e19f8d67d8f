import { openExchange } from '@hostmaster/http/door';
import { createTurns } from '@hostmaster/http/in-turn';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Container } from './container.ts';
import { requestContext } from './request-context.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A database that takes every question and answers none. */
const still: unknown = new Proxy(() => new Promise(() => {}), { get: (_, name) => (name === 'then' ? undefined : still) });

it('a request does not hang where the database stands still: after six seconds it is told so', async () => {
  const container = {
    env: { trustedProxyHops: 0, publicUrl: 'http://portal.test' },
    door: { inTurn: createTurns() },
    parts: { db: still, clock: { now: () => new Date() } },
  };
  const headers = new Headers({ authorization: `Bearer hm_${'a'.repeat(43)}` });
  const request = { headers, method: 'GET' };
  const asked = requestContext(request, container as unknown as Container, openExchange({ headers })).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(await asked).toMatchObject({ code: 'unavailable', message: 'The database does not answer.' });
});
