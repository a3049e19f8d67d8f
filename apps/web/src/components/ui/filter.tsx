'use client';
import { Select } from './select';

/** A filter with a few values; the empty string is "any". */
export function Filter({
  label,
  value,
  onChange,
  options,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string }[];
}) {
  return (
    <Select
      aria-label={label}
      value={value === '' ? '-' : value}
      onChange={(next) => onChange(next === '-' ? '' : next)}
      options={[{ value: '-', label: `Any ${label.toLowerCase()}` }, ...options]}
      className={value === '' ? 'h-8 w-auto text-ink-2' : 'h-8 w-auto border-accent bg-accent-soft font-[560] text-accent'}
    />
  );
}
