// The name ruler: a hostname is read from right to left, and every label has somebody behind it. The rule under each part
// is as wide as the part itself (a monospaced character is 1ch), so it can stand right under the input it explains.
import type { ReactNode } from 'react';
import { cn } from '@/lib/class-names';
import { plural } from '@/lib/format/text';
import { date } from '@/lib/format/time';
import { type NameReading, type Segment, segments } from './segments';

const inks = { yours: 'text-yours', granted: 'text-granted', zone: 'text-zone' } satisfies Record<Segment['kind'], string>;

/** The coloured rules alone, set in the font and size of the text above them. */
export function RulerMarks({ name, parts, className }: { name: string; parts: readonly Segment[]; className?: string }) {
  let at = 0;
  return (
    <div aria-hidden className={cn('name relative h-2', className)} style={{ width: `${name.length}ch` }}>
      {parts.map((part) => {
        const from = at;
        at += part.text.length;
        const dot = part.text.startsWith('.') ? 1 : 0;
        return (
          <span
            key={part.kind}
            className={cn('absolute top-0 h-[3px] rounded-full bg-current transition-[left,width] duration-150', inks[part.kind])}
            style={{
              left: `calc(${from + dot} * (1ch - 0.02em))`,
              width: `calc(${part.text.length - dot} * (1ch - 0.02em))`,
            }}
          />
        );
      })}
    </div>
  );
}

/** Who stands behind each part, in words. */
export function RulerLegend({ reading, team }: { reading: NameReading; team: string }) {
  const parts = segments(reading.hostname, reading.zone?.apex ?? null, reading.granted?.suffix ?? null);
  const { granted, zone } = reading;
  const grantedIsZone = granted !== null && zone !== null && !parts.some((part) => part.kind === 'granted');
  return (
    <ol aria-label="How the name reads" className="grid gap-x-5 gap-y-2 text-xs sm:grid-flow-col sm:auto-cols-fr">
      {parts.map((part) => (
        <li key={part.kind} className="min-w-0">
          <b className={cn('name block font-[620] text-sm', inks[part.kind])}>{part.text}</b>
          <span className="text-ink-3">{words(part.kind)}</span>
        </li>
      ))}
      {granted === null && (
        <li className="text-ink-3">
          <b className="block font-[560] text-sm text-bad">Not granted</b>
          {zone ? `${team} holds no grant here` : 'No zone here is managed by Hostmaster'}
        </li>
      )}
    </ol>
  );

  function words(kind: Segment['kind']): ReactNode {
    if (kind === 'yours') return granted ? 'yours to choose' : 'the name asked for';
    if (kind === 'granted') return `granted to ${granted?.team ?? team}${granted?.until ? ` until ${date(granted.until)}` : ''}`;
    if (zone === null) return '';
    const kept = `${zone.view} zone, owned by ${zone.owner} on ${plural(zone.servers, 'server')}`;
    return grantedIsZone && granted ? `${kept}; granted to ${granted.team}` : kept;
  }
}
