'use client';
import type { ExpiryBoard } from '@hostmaster/core/contract/certificate';
import type { Urgency } from '@hostmaster/core/pki/renewal';
import { Mark } from '@/components/ui/mark';
import { cn } from '@/lib/class-names';
import { grouped } from '@/lib/format/text';
import { urgencyMarks, urgencyWords } from './urgency';

const order: readonly Urgency[] = ['outage', 'incident', 'urgent', 'high', 'warning', 'none'];

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
    <ul className="grid grid-cols-2 overflow-clip rounded-lg border border-line bg-line gap-px shadow-[var(--lift)] sm:grid-cols-3 xl:grid-cols-6">
      {order.map((urgency) => {
        const count = board.urgencies.find((each) => each.urgency === urgency)?.count ?? 0;
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
                {urgencyWords[urgency].name}
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
              <span className="text-ink-3 text-xs">{urgencyWords[urgency].when}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
