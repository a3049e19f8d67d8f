'use client';
import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import { type ReactNode, useEffect, useRef } from 'react';
import { cn } from '@/lib/class-names';
import { controlLook } from './input';

export type Option = { value: string; label: ReactNode; note?: ReactNode };

/** One of a few. `value` must be one of the options; the empty string stands for "nothing chosen yet". */
export function Select({
  value,
  onChange,
  options,
  placeholder,
  className,
  mono,
  ...control
}: {
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
  placeholder?: string;
  className?: string;
  mono?: boolean;
  id?: string;
  'aria-label'?: string;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: true | undefined;
}) {
  return (
    <Radix.Root value={value} onValueChange={onChange}>
      <Radix.Trigger
        {...control}
        className={cn(
          controlLook,
          'flex h-9 items-center justify-between gap-2 px-3 text-left data-[placeholder]:text-ink-3',
          mono && 'data',
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon>
          <ChevronDown className="size-4 shrink-0 text-ink-3" aria-hidden />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-[min(22rem,var(--radix-select-content-available-height))] min-w-(--radix-select-trigger-width) max-w-[calc(100vw-2rem)] animate-rise overflow-hidden rounded-md border border-line-strong bg-card shadow-[var(--float)]"
        >
          <Alone />
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="flex cursor-default select-none items-center gap-2 rounded-sm py-1.5 pr-3 pl-2 text-sm outline-none data-[highlighted]:bg-accent-soft"
              >
                <span className="grid size-4 shrink-0 place-items-center">
                  <Radix.ItemIndicator>
                    <Check className="size-3.5 text-accent" aria-hidden />
                  </Radix.ItemIndicator>
                </span>
                <span className={cn('min-w-0 flex-1', mono && 'data')}>
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                </span>
                {option.note && <span className="text-ink-3 text-xs">{option.note}</span>}
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/**
 * While the list is open, nothing else takes the focus: Radix hides the page behind it from readers, and what is hidden from
 * them and yet a stop of the keyboard is what nobody can make sense of.
 */
function Alone() {
  const here = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    // Radix keeps the choices of a closed list too, outside the page.
    if (!here.current?.isConnected) return;
    const others = [...document.body.children].filter(
      (each): each is HTMLElement => each instanceof HTMLElement && !each.inert && !each.contains(here.current),
    );
    for (const each of others) each.inert = true;
    return () => {
      for (const each of others) each.inert = false;
    };
  }, []);
  return <span ref={here} hidden />;
}
