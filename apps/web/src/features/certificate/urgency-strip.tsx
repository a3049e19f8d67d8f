'use client';
import type { ExpiryBoard } from '@hostmaster/core/contract/certificate';
import { fullLifetimeDays, type Urgency } from '@hostmaster/core/pki/renewal';
import { Mark } from '@/components/ui/mark';
import { cn } from '@/lib/class-names';
import { grouped } from '@/lib/format/text';
import { urgencyDays, urgencyMarks, urgencyWords } from './urgency';

/** How many certificates stand at which threshold; each number leads to its certificates. */
export function UrgencyStrip({
  board,
  chosen,
  onChoose,
}: {
  board: ExpiryBoard;
  chosen: Urgency | null;
  onChoose: (urgency: Urgency | null) => void;
}) {
  return (
    <div className="grid gap-1.5">
      <ul className="grid grid-cols-2 overflow-clip rounded-lg border border-line bg-line gap-px shadow-[var(--lift)] sm:grid-cols-3 xl:grid-cols-6">
        {board.urgencies.toReversed().map(({ urgency, count }) => {
          const calm = count === 0 || urgency === 'none';
          return (
            <li key={urgency} className="bg-card">
              <button
                type="button"
                aria-pressed={chosen === urgency}
                onClick={() => onChoose(chosen === urgency ? null : urgency)}
                className="grid h-full w-full gap-0.5 px-4 py-3 text-left hover:bg-sunken focus-visible:-outline-offset-2 aria-pressed:bg-accent-soft"
              >
                <span className="flex items-center gap-1.5 text-ink-2 text-xs">
                  <Mark state={count === 0 ? 'none' : urgencyMarks[urgency]} className="size-3.5" />
                  {urgencyWords[urgency]}
                </span>
                <span
                  className={cn(
                    'font-[620] text-xl tabular-nums',
                    calm ? 'text-ink' : urgencyMarks[urgency] === 'bad' ? 'text-bad' : 'text-wait',
                    count === 0 && 'text-ink-3',
                  )}
                >
                  {grouped(count)}
                </span>
                <span className="text-ink-3 text-xs">{urgencyDays(urgency)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <p className="text-ink-3 text-xs">For lifetimes of {fullLifetimeDays} days and more; of a shorter one, the same share counts.</p>
    </div>
  );
}
