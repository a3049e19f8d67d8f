import { setTimeout as pause } from 'node:timers/promises';
import type { Work } from './step.ts';

/** Milliseconds between looks within one run, the last again and again; longer waits let go of the lease. */
const pauses = [25, 50, 100, 200, 400];
const longestPause = 800;
/** No look is begun after this, for a world that takes long to answer. */
const looksMilliseconds = 1600;

/**
 * Looks again a few times, until what is seen is as it should be, before the wait becomes the operation's. No look is begun `within`
 * milliseconds after the first.
 */
export async function untilSettled<T>(
  { ctx, signal }: Pick<Work, 'ctx' | 'signal'>,
  look: () => Promise<T>,
  settled: (seen: T) => boolean,
  within = looksMilliseconds,
): Promise<T> {
  const until = ctx.clock.now().getTime() + within;
  let seen = await look();
  for (let looked = 0; ; looked += 1) {
    const milliseconds = pauses[looked] ?? longestPause;
    if (settled(seen) || ctx.clock.now().getTime() + milliseconds > until) return seen;
    await pause(milliseconds);
    signal.throwIfAborted();
    seen = await look();
  }
}
