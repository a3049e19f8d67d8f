'use client';
import { useSyncExternalStore } from 'react';
import { date, exact, relative, span } from '@/lib/format/time';

// One clock for the whole page: every relative time ticks together, and a page with a hundred of them has one timer.
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Milliseconds since the epoch, a second exact; null while the server renders, which must not guess the reader's now. */
export function useNow(): number | null {
  return useSyncExternalStore<number | null>(
    subscribe,
    () => now,
    () => null,
  );
}

/** A point in time: relative to read, exact UTC on hover. `bare` leaves out "ago" and "in". */
export function Time({ at, bare }: { at: string; bare?: boolean }) {
  const current = useNow();
  const text = current === null ? date(at) : bare ? span(new Date(at).getTime() - current) : relative(at, current);
  return (
    <time dateTime={at} title={exact(at)} className="whitespace-nowrap tabular-nums">
      {text}
    </time>
  );
}
