import { setMaxListeners } from 'node:events';

/** A signal for one piece of network work; `release` must be called when the work ends, so that no timer or listener stays behind. */
export type Deadline = {
  readonly signal: AbortSignal;
  release(): void;
  /** The time begins anew. */
  renew(): void;
};

/** A signal that aborts with the caller's, or after `milliseconds` with what `reason` makes. */
export function deadline(parent: AbortSignal, milliseconds: number, reason: () => Error): Deadline {
  const controller = new AbortController();
  // Many questions at once may hang on one signal; each lets go of it, so a count is no sign of a leak.
  setMaxListeners(0, parent, controller.signal);
  const onAbort = () => controller.abort(parent.reason);
  const begin = () => setTimeout(() => controller.abort(reason()), milliseconds);
  let timer = begin();
  if (parent.aborted) onAbort();
  else parent.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    renew: () => {
      clearTimeout(timer);
      timer = begin();
    },
    release: () => {
      clearTimeout(timer);
      parent.removeEventListener('abort', onAbort);
    },
  };
}
