import type { ReactNode } from 'react';
import { cn } from '@/lib/class-names';

export function Card({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={cn('rounded-lg border border-line bg-card shadow-[var(--lift)]', className)}>{children}</div>;
}

/** A card with a heading; `flush` lets a table touch its edges. */
export function Section({
  title,
  note,
  action,
  flush,
  className,
  children,
}: {
  title: ReactNode;
  note?: ReactNode;
  action?: ReactNode;
  flush?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={cn('min-w-0 overflow-clip rounded-lg border border-line bg-card shadow-[var(--lift)]', className)}>
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 pt-3.5 pb-2.5 sm:px-5">
        <h2 className="text-base">{title}</h2>
        {note && <p className="min-w-0 text-ink-3 text-xs [overflow-wrap:anywhere]">{note}</p>}
        {action && <div className="ml-auto self-center">{action}</div>}
      </header>
      <div className={cn(flush ? '' : 'px-4 pb-4 sm:px-5 sm:pb-5')}>{children}</div>
    </section>
  );
}

/** Names and values, one pair a line. */
export function Facts({ children, className }: { children: ReactNode; className?: string }) {
  return <dl className={cn('grid grid-cols-[minmax(5.5rem,auto)_1fr] gap-x-4 gap-y-1.5 text-sm', className)}>{children}</dl>;
}

export function Fact({ name, mono, children }: { name: ReactNode; mono?: boolean; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className={cn('min-w-0 break-words', mono && 'data')}>{children}</dd>
    </>
  );
}
