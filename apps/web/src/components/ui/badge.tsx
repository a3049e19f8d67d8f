import type { ReactNode } from 'react';
import { cn } from '@/lib/class-names';

/** A plain word about a thing (a view, an environment, a role): no status, so no colour. */
export function Badge({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      className={cn(
        'inline-flex items-center whitespace-nowrap rounded-[4px] border border-line bg-sunken px-1.5 py-px text-ink-2 text-xs',
        className,
      )}
    >
      {children}
    </span>
  );
}
