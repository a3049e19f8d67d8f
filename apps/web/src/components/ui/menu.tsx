'use client';
import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

const row =
  'flex cursor-default select-none items-center gap-2 rounded-sm px-2 py-1.5 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-accent-soft [&_svg]:size-4 [&_svg]:text-ink-3';

export function Menu({
  label,
  trigger,
  side,
  onOpen,
  children,
}: {
  /** Names the region that an open menu is: it stands outside every other landmark of the page. */
  label: string;
  trigger: ReactNode;
  side?: 'top' | 'bottom';
  /** Before it is shown. */
  onOpen?: () => void;
  children: ReactNode;
}) {
  return (
    // Not modal: a modal menu hides the page from readers while the page's links can still take the focus.
    <Radix.Root modal={false} onOpenChange={(open) => open && onOpen?.()}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <section aria-label={label}>
          <Radix.Content
            side={side ?? 'bottom'}
            align="end"
            sideOffset={6}
            collisionPadding={12}
            className="z-50 min-w-48 animate-rise rounded-md border border-line-strong bg-card p-1 shadow-[var(--float)]"
          >
            {children}
          </Radix.Content>
        </section>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuAction({ onSelect, children }: { onSelect: () => void; children: ReactNode }) {
  return (
    <Radix.Item className={row} onSelect={onSelect}>
      {children}
    </Radix.Item>
  );
}

export function MenuLink({ children }: { children: ReactNode }) {
  return (
    <Radix.Item asChild className={row}>
      {children}
    </Radix.Item>
  );
}

export function MenuCheck({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}) {
  return (
    // Stays open: who ticks one may want to tick another, and sees what became of it.
    <Radix.CheckboxItem className={row} checked={checked} onCheckedChange={onChange} onSelect={(event) => event.preventDefault()}>
      <span className="grid size-4 place-items-center">
        <Radix.ItemIndicator>
          <Check className="!text-accent" aria-hidden />
        </Radix.ItemIndicator>
      </span>
      {children}
    </Radix.CheckboxItem>
  );
}

export function MenuChoice<Value extends string>({
  label,
  value,
  onChange,
  options,
}: {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string }[];
}) {
  return (
    <Radix.RadioGroup
      value={value}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen) onChange(chosen.value);
      }}
    >
      <Radix.Label className="px-2 pt-2 pb-1 text-ink-3 text-xs">{label}</Radix.Label>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={row}>
          <span className="grid size-4 place-items-center">
            <Radix.ItemIndicator>
              <Check className="!text-accent" aria-hidden />
            </Radix.ItemIndicator>
          </span>
          {option.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLine() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}
