'use client';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/lib/class-names';

/** A filter that is on or off. */
export function Chip({ pressed, onChange, children }: { pressed: boolean; onChange: (pressed: boolean) => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={() => onChange(!pressed)}
      className={cn(
        'inline-flex h-8 items-center gap-1.5 whitespace-nowrap rounded-full border px-3 text-sm leading-none transition-colors',
        pressed ? 'border-transparent bg-accent-soft font-[560] text-accent' : 'border-line-strong text-ink-2 hover:text-ink',
      )}
    >
      {pressed && <Check className="size-3.5" aria-hidden />}
      {children}
    </button>
  );
}
