import { setTimeout as pause } from 'node:timers/promises';
import type { Work } from './step.ts';

/** Milliseconds between looks within one run, for a world that needs a moment; longer waits let go of the lease. */
const pauses = [25, 50, 100, 200, 400, 800];
/** No look is begun after this, for a world that takes long to answer. */
const looksMilliseconds = 1600;

/** Looks again a few times, until what is seen is as it should be, before the wait becomes the operation's. */
export async function untilSettled<T>({ ctx, signal }: Work, look: () => Promise<T>, settled: (seen: T) => boolean): Promise<T> {
  const until = ctx.clock.now().getTime() + looksMilliseconds;
  let seen = await look();
  for (const milliseconds of pauses) {
    if (settled(seen) || ctx.clock.now().getTime() + milliseconds > until) return seen;
    await pause(milliseconds);
    signal.throwIfAborted();
    seen = await look();
  }
  return seen;
}
