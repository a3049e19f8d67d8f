'use client';
import { useNow } from '@/components/ui/time';
import { cn } from '@/lib/class-names';
import { exact, span } from '@/lib/format/time';
import { isNear, isUrgency, urgencyInk } from './urgency';

/** How much of a certificate's life is left: a bar, and the days in figures; of less than two, hours or minutes. */
export function LifetimeMeter({
  notAfter,
  daysLeft,
  lifetimeLeft,
  urgency,
}: {
  notAfter: string;
  daysLeft: number;
  lifetimeLeft: number;
  urgency: string;
}) {
  const left = Date.parse(notAfter) - useNow();
  const said = isNear(daysLeft) ? span(left) : `${Math.abs(daysLeft)} d`;
  const ink = isUrgency(urgency) ? urgencyInk[urgency] : 'text-ink-3';
  const share = Math.round(Math.min(1, Math.max(0, lifetimeLeft)) * 100);
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap" title={`Expires ${exact(notAfter)}`}>
      <span aria-hidden className="h-1.5 w-14 overflow-hidden rounded-full bg-none-soft">
        <span className={cn('block h-full rounded-full bg-current', ink)} style={{ width: `${Math.max(share, daysLeft >= 0 ? 4 : 0)}%` }} />
      </span>
      <span className={cn('tabular-nums', ink !== 'text-ink-3' && `font-[560] ${ink}`)}>
        {left < 0 ? `expired ${said} ago` : said}
        <span className="sr-only"> left</span>
      </span>
    </span>
  );
}
