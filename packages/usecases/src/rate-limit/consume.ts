// Fixed windows, counted in Postgres, so that every process of web counts together.
import { HostmasterError } from '@hostmaster/core/errors';
import type { Reader } from '@hostmaster/db/client';
import { countTries, uncountTry } from '@hostmaster/db/rate-limit';
import type { Ctx } from '../context.ts';

type Counting = Pick<Ctx, 'clock'> & { readonly db: Reader };

export type Limit = { readonly key: string; readonly limit: number; readonly windowSeconds: number };
export type Consumption = {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetSeconds: number;
};

const windowOf = (now: Date, seconds: number): Date => new Date(Math.floor(now.getTime() / (seconds * 1000)) * seconds * 1000);

/** Counts tries, and answers how many that makes and how long the window lasts. */
export async function countTry(ctx: Counting, { key, windowSeconds }: Limit, tries = 1): Promise<{ count: number; resetSeconds: number }> {
  const now = ctx.clock.now();
  const start = windowOf(now, windowSeconds);
  const resetSeconds = Math.max(1, Math.ceil((start.getTime() + windowSeconds * 1000 - now.getTime()) / 1000));
  return { count: await countTries(ctx.db, key, start, tries), resetSeconds };
}

/** What somebody is told whose tries are too many. */
export function tooManyTries({ limit, windowSeconds }: Limit, resetSeconds: number, tries = 1): HostmasterError {
  const rule = `at most ${limit} in ${windowSeconds} seconds${tries === 1 ? '' : `, and these are ${tries} at once`}`;
  const wait = `${resetSeconds} ${resetSeconds === 1 ? 'second' : 'seconds'}`;
  return new HostmasterError('rate-limited', `Too many tries: ${rule}. Try again in ${wait}.`, { retryAfter: resetSeconds });
}

/** Counts one try, or several that come together. Errors: rate-limited, with the seconds until the next window. */
export async function consumeLimit(ctx: Counting, limit: Limit, tries = 1): Promise<Consumption> {
  const { count, resetSeconds } = await countTry(ctx, limit, tries);
  if (count > limit.limit) throw tooManyTries(limit, resetSeconds, tries);
  return { limit: limit.limit, remaining: limit.limit - count, resetSeconds };
}

/** Gives a try back, where only failures should count. */
export const refundLimit = (ctx: Counting, { key, windowSeconds }: Limit): Promise<void> =>
  uncountTry(ctx.db, key, windowOf(ctx.clock.now(), windowSeconds));
