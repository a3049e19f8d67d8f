'use client';
import { Checkbox } from './input';

/** Any of a few. */
export function CheckboxGroup<Value extends string>({
  value,
  onChange,
  options,
}: {
  value: readonly Value[];
  onChange: (value: Value[]) => void;
  options: readonly { value: Value; label: string; hint?: string }[];
}) {
  return (
    <div className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
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
