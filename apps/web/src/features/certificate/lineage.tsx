'use client';
import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { isInUse } from '@hostmaster/core/pki/certificate-state';
import { useNow } from '@/components/ui/time';
import { cn } from '@/lib/class-names';
import { brief } from '@/lib/format/text';
import { dayAndMonth, relative } from '@/lib/format/time';
import { wireOf } from './urgency';

const isSoon = (at: string, now: number): boolean => Math.abs(Date.parse(at) - now) < 48 * 3_600_000;

type Certificate = EndpointDetail['certificates'][number];

/** The last few certificates of a name as bars over the same time, today as a line, and when the next one is due. */
export function Lineage({ certificates }: { certificates: readonly Certificate[] }) {
  const now = useNow();
  const shown = [...certificates].sort((one, other) => one.notBefore.localeCompare(other.notBefore)).slice(-4);
  const newest = shown.at(-1);
  if (!newest) return null;
  const times = shown.flatMap(({ notBefore, notAfter }) => [Date.parse(notBefore), Date.parse(notAfter)]);
  const from = Math.min(...times);
  const to = Math.max(...times);
  const at = (time: number) => ((time - from) / (to - from)) * 100;
  return (
    <figure className="relative">
      <figcaption className="sr-only">
        {shown.map((each) => `${brief(each.serial)}, ${wireOf(each).text}, ${each.notBefore} to ${each.notAfter}`).join('; ')}
      </figcaption>
      <div aria-hidden className="grid gap-1">
        {shown.map((each) => {
          const left = at(Date.parse(each.notBefore));
          const width = at(Date.parse(each.notAfter)) - left;
          const current = isInUse(each.state);
          return (
            <div
              key={each.id}
              style={{ marginLeft: `${left}%`, width: `${width}%` }}
              className={cn(
                'h-6 min-w-14 truncate rounded-[4px] px-2 text-xs leading-6',
                current ? 'bg-ok-soft text-ok' : 'bg-none-soft text-ink-2',
              )}
            >
              <span className="data">{brief(each.serial, 6, 0)}</span> {wireOf(each).text.toLowerCase()}
            </div>
          );
        })}
        {isInUse(newest.state) && (
          <div
            // Of a long one it begins near the end, where its words would reach out.
            style={{ marginLeft: `min(${at(Date.parse(newest.renewAfter))}%, calc(100% - 7rem))` }}
            className="h-6 whitespace-nowrap rounded-[4px] border border-line-strong border-dashed px-2 text-ink-3 text-xs leading-[1.375rem]"
          >
            next, {isSoon(newest.renewAfter, now) ? relative(newest.renewAfter, now) : dayAndMonth(newest.renewAfter)}
          </div>
        )}
      </div>
      {now > from && now < to && <span aria-hidden className="absolute -top-1 -bottom-1 w-px bg-accent" style={{ left: `${at(now)}%` }} />}
    </figure>
  );
}
