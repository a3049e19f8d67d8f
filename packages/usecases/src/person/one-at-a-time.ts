import { HostmasterError } from '@hostmaster/core/errors';

/** Runs at most `running` pieces of work at once and lets at most `waiting` wait. Errors of the returned function: unavailable. */
export function oneAtATime(bounds: { readonly running: number; readonly waiting: number }): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running >= bounds.running) {
      if (queue.length >= bounds.waiting) throw new HostmasterError('unavailable', 'Too many sign-ins at this moment.', { retryAfter: 5 });
      await new Promise<void>((resolve) => queue.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
