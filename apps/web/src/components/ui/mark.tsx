import type { ReactNode } from 'react';
import { cn } from '@/lib/class-names';

export type MarkState = 'ok' | 'wait' | 'bad' | 'none';

export const markInk = { ok: 'text-ok', wait: 'text-wait', bad: 'text-bad', none: 'text-none' } satisfies Record<MarkState, string>;

/** The four states as four shapes: a disc with a tick, a clock, a triangle, a broken circle. Colour only repeats the shape. */
export function Mark({ state, moving, className }: { state: MarkState; moving?: boolean; className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden className={cn('size-4 shrink-0', markInk[state], moving && 'animate-breathe', className)}>
      {state === 'ok' && (
        <>
          <circle cx="8" cy="8" r="7" fill="currentColor" />
          <path
            d="M4.7 8.3l2.2 2.2 4.4-4.7"
            fill="none"
            stroke="var(--card)"
            strokeWidth="1.7"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      )}
      {state === 'wait' && (
        <>
          <circle cx="8" cy="8" r="6.2" fill="var(--card)" stroke="currentColor" strokeWidth="1.6" />
          <path d="M8 4.7V8l2.2 1.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
        </>
      )}
      {state === 'bad' && (
        <>
          <path d="M8 1.6 14.8 13.6H1.2z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" strokeWidth="1" />
          <path d="M8 6v3.4M8 11.4v.1" stroke="var(--card)" strokeWidth="1.7" strokeLinecap="round" />
        </>
      )}
      {state === 'none' && (
        <circle cx="8" cy="8" r="6.2" fill="var(--card)" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.6 2.27" />
      )}
    </svg>
  );
}

/** A mark and its word. */
export function Status({
  state,
  moving,
  children,
  className,
}: {
  state: MarkState;
  moving?: boolean;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span className={cn('inline-flex items-start gap-1.5 align-top', className)}>
      <Mark state={state} moving={moving ?? false} className="mt-[0.2em] size-[1.05em]" />
      <span className={cn('min-w-0', state === 'none' ? 'text-ink-2' : markInk[state])}>{children}</span>
    </span>
  );
}
