import type { ReactNode } from 'react';
import { cn } from '@/lib/class-names';
import { Mark, type MarkState } from './mark';

const grounds = { ok: 'bg-ok-soft', wait: 'bg-wait-soft', bad: 'bg-bad-soft', none: 'bg-none-soft' } satisfies Record<MarkState, string>;

/** A verdict or a warning: its mark, one bold sentence, and what follows from it. */
export function Callout({
  state,
  title,
  children,
  className,
}: {
  state: MarkState;
  title: ReactNode;
  children?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn('flex gap-2.5 rounded-md px-3.5 py-2.5 text-sm', grounds[state], className)}>
      <Mark state={state} className="mt-0.75" />
      <div className="min-w-0 flex-1">
        <p className="font-[560]">{title}</p>
        {children && <div className="text-ink-2">{children}</div>}
      </div>
    </div>
  );
}
