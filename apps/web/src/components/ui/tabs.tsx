'use client';
import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

/** Views of one thing. The chosen tab is controlled, so that it can live in the address. */
export function Tabs<Value extends string>({
  value,
  onChange,
  tabs,
  label,
  children,
}: {
  value: Value;
  onChange: (value: Value) => void;
  tabs: readonly { value: Value; label: ReactNode; count?: number | null }[];
  label: string;
  children: ReactNode;
}) {
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => {
        const chosen = tabs.find((tab) => tab.value === next);
        if (chosen) onChange(chosen.value);
      }}
    >
      <Radix.List aria-label={label} className="flex gap-2 overflow-x-auto border-line border-b">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px flex min-w-11 items-center justify-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-2 py-2 text-ink-2 text-sm hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:font-[560] data-[state=active]:text-ink"
          >
            {tab.label}
            {tab.count ? <span className="text-ink-3 text-xs tabular-nums">{tab.count}</span> : null}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {children}
    </Radix.Root>
  );
}

export function TabPanel({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Radix.Content value={value} className="pt-4">
      {children}
    </Radix.Content>
  );
}
