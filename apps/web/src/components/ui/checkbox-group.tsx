'use client';
import { cn } from '@/lib/class-names';
import { Checkbox } from './input';

/** Any of a few. */
export function CheckboxGroup<Value extends string>({
  value,
  onChange,
  options,
  columns,
}: {
  value: readonly Value[];
  onChange: (value: Value[]) => void;
  options: readonly { value: Value; label: string; hint?: string }[];
  /** In columns, where there are many. */
  columns?: boolean;
}) {
  return (
    <div className={cn('gap-x-5 gap-y-1.5 text-sm', columns ? 'grid grid-cols-2 sm:grid-cols-3' : 'flex flex-wrap')}>
      {options.map((option) => (
        <Checkbox
          key={option.value}
          checked={value.includes(option.value)}
          onChange={(event) => onChange(event.target.checked ? [...value, option.value] : value.filter((each) => each !== option.value))}
        >
          {option.label} {option.hint && <span className="text-ink-3 text-xs">{option.hint}</span>}
        </Checkbox>
      ))}
    </div>
  );
}
