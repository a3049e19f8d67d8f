'use client';
import type { Me } from '@hostmaster/core/contract/account';
import { Link } from '@/components/ui/link';
import { Mark } from '@/components/ui/mark';
import { cn } from '@/lib/class-names';
import { grouped } from '@/lib/format/text';
import { type Counts, figuresFor } from './figures-of';

export function Figures({ me, counts }: { me: Me; counts: Counts }) {
  return (
    <ul className="grid grid-cols-2 gap-px overflow-clip rounded-lg border border-line bg-line shadow-[var(--lift)] lg:grid-cols-4">
      {figuresFor(me, counts).map(({ href, value, one, many, state }) => (
        <li key={many} className="bg-card">
          <Link href={href} className="block h-full px-4 py-3.5 hover:bg-sunken focus-visible:-outline-offset-2 sm:px-5">
            <span className="flex items-center gap-2">
              <span
                className={cn(
                  'font-[620] text-xl tabular-nums',
                  !value ? 'text-ink-3' : state === 'bad' ? 'text-bad' : state === 'wait' ? 'text-wait' : '',
                )}
              >
                {value === null ? '–' : grouped(value)}
              </span>
              {state && !!value && <Mark state={state} className="size-3.5" />}
            </span>
            <span className="block text-ink-2 text-sm">{value === 1 ? one : many}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
