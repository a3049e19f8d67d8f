'use client';
import { Input } from './input';
import { Select } from './select';

const any = '-';

/** A filter with a few values; null and the empty string are "any". */
export function Filter<Value extends string>({
  label,
  value,
  onChange,
  options,
  unset = `Any ${label.toLowerCase()}`,
}: {
  label: string;
  value: Value | '' | null;
  onChange: (value: Value | null) => void;
  options: readonly { value: Value; label: string }[];
  /** What is shown where nothing is chosen, where that is not everything. */
  unset?: string;
}) {
  return (
    <Select
      aria-label={label}
      value={value || any}
      onChange={(next) => onChange(options.find((option) => option.value === next)?.value ?? null)}
      options={[{ value: any, label: unset }, ...options]}
      className={value ? 'h-8 w-auto border-accent bg-accent-soft font-[560] text-accent' : 'h-8 w-auto text-ink-2'}
    />
  );
}

/** A filter by a day in UTC. */
export function DayFilter({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-ink-2 text-sm">
      <span aria-hidden>{label}</span>
      <Input
        type="date"
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 w-auto px-2 tabular-nums"
      />
    </span>
  );
}

/** A filter by a part of a text. */
export function TextFilter({
  label,
  placeholder,
  value,
  onChange,
}: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <Input
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="h-8 min-w-36 max-w-72 flex-1"
    />
  );
}
