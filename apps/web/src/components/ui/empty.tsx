import type { ReactNode } from 'react';

/** What belongs here, and the one next thing to do. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-1.5 px-6 py-12 text-center">
      <svg viewBox="0 0 64 10" aria-hidden className="mb-3 h-2.5 w-16">
        <rect x="0" y="3" width="20" height="3" rx="1.5" fill="var(--yours)" opacity=".55" />
        <rect x="23" y="3" width="14" height="3" rx="1.5" fill="var(--granted)" opacity=".55" />
        <rect x="40" y="3" width="24" height="3" rx="1.5" fill="var(--zone)" opacity=".45" />
      </svg>
      <p className="font-[560]">{title}</p>
      {children && <div className="max-w-md text-ink-2 text-sm">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
