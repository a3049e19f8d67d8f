'use client';
import { createContext, type ReactNode, use, useSyncExternalStore } from 'react';
import { exact, relative, span } from '@/lib/format/time';

// One clock for the whole page: every relative time ticks together, and a page with a hundred of them has one timer.
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (timer === undefined) {
    // While nobody listened nothing ticked. React looks at the time again once it has subscribed; before that, while a page is
    // brought to life, it must stay as it is: a clock that moves by being read is rendered anew in the middle of whatever goes on.
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const RenderedAt = createContext(0);

/** Around everything: the server's now, by which server and browser say the same until the browser's own clock takes over. */
export function Clock({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  return <RenderedAt value={renderedAt}>{children}</RenderedAt>;
}

/** Milliseconds since the epoch, a second exact. */
export function useNow(): number {
  const renderedAt = use(RenderedAt);
  return useSyncExternalStore(
    subscribe,
    () => now,
    () => renderedAt,
  );
}

/** A point in time: relative to read, exact UTC on hover. `bare` leaves out "ago" and "in". */
export function Time({ at, bare }: { at: string; bare?: boolean }) {
  const current = useNow();
  const text = bare ? span(new Date(at).getTime() - current) : relative(at, current);
  return (
    <time dateTime={at} title={exact(at)} className="whitespace-nowrap tabular-nums">
      {text}
    </time>
  );
}
