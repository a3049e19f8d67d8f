'use client';
// The hostname, set large, with the name ruler standing right under its own characters. The parts are coloured in the text
// itself too: a gradient with hard stops, clipped to the glyphs; the input stays an ordinary input.
import { type ComponentProps, type CSSProperties, useState } from 'react';
import { controlLook } from '@/components/ui/input';
import { RulerMarks } from '@/features/name/name-ruler';
import { type Segment, segments } from '@/features/name/segments';
import { cn } from '@/lib/class-names';

const inks = { yours: 'var(--yours)', granted: 'var(--granted)', zone: 'var(--zone)' } satisfies Record<Segment['kind'], string>;
const advance = '(1ch - 0.02em)';

/** Text longer than this does not fit the field at every width; it stays plain then, as it scrolls. */
const longest = 34;

export function NameInput({
  value,
  zone,
  granted,
  className,
  ...rest
}: Omit<ComponentProps<'input'>, 'value'> & { value: string; zone: string | null; granted: string | null }) {
  const [scrolled, setScrolled] = useState(false);
  const parts = value === '' ? [] : segments(value.trimEnd().replace(/\.$/, ''), zone, granted);
  const coloured = parts.length > 1 && value.length <= longest && !scrolled;
  return (
    <div>
      <input
        value={value}
        spellCheck={false}
        autoCapitalize="none"
        autoCorrect="off"
        autoComplete="off"
        onScroll={(event) => setScrolled(event.currentTarget.scrollLeft > 0)}
        className={cn(controlLook, 'name h-12 px-3.5 font-[560] text-lg sm:text-[1.25rem]', className)}
        style={coloured ? gradient(parts) : undefined}
        {...rest}
      />
      <div className="overflow-hidden px-[calc(0.875rem+1px)] pt-1.5">
        <RulerMarks name={value} parts={coloured ? parts : []} className="font-[560] text-lg sm:text-[1.25rem]" />
      </div>
    </div>
  );
}

function gradient(parts: readonly Segment[]): CSSProperties {
  let at = 0;
  const stops = parts.map((part) => {
    const from = at;
    at += part.text.length;
    return `${inks[part.kind]} calc(${from} * ${advance}) calc(${at} * ${advance})`;
  });
  return {
    backgroundImage: `linear-gradient(to right, ${stops.join(', ')})`,
    backgroundClip: 'text',
    WebkitBackgroundClip: 'text',
    backgroundOrigin: 'content-box',
    WebkitTextFillColor: 'transparent',
    caretColor: 'var(--ink)',
  };
}
