'use client';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';

/** Fields that all have a default, folded away, with the defaults said in one line. Opens by itself when something in it is wrong. */
export function Folded({ summary, wrong, children }: { summary: string; wrong: boolean; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (wrong) setOpen(true);
  }, [wrong]);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)} className="group border-line border-t pt-3.5">
      <summary className="flex list-none items-start gap-1.5 rounded-sm text-sm [&::-webkit-details-marker]:hidden">
        <ChevronRight className="mt-0.5 size-4 shrink-0 text-ink-3 transition-transform group-open:rotate-90" aria-hidden />
        <span>
          <span className="font-[560]">Everything else has a default</span> <span className="text-ink-3 group-open:hidden">{summary}</span>
        </span>
      </summary>
      <div className="grid grid-cols-1 gap-5 pt-5">{children}</div>
    </details>
  );
}
