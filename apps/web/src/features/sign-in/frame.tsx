import type { ReactNode } from 'react';
import { Brand } from '@/features/shell/brand';

/** The frame of the pages before the sign-in. */
export function SignInFrame({ title, children, sub }: { title: string; sub: string; children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-[22rem] content-center gap-7 px-4 py-10">
      <div>
        <div className="inline-grid gap-1.5">
          <Brand className="text-lg" />
          <svg viewBox="0 0 110 3" preserveAspectRatio="none" aria-hidden="true" className="h-[3px] w-full">
            <rect x="0" width="38" height="3" fill="var(--yours)" />
            <rect x="42" width="27" height="3" fill="var(--granted)" />
            <rect x="73" width="27" height="3" fill="var(--zone)" />
          </svg>
        </div>
        <h1 className="mt-6 text-xl tracking-[-0.012em]">{title}</h1>
        <p className="mt-1 text-ink-2 text-sm">{sub}</p>
      </div>
      {children}
    </main>
  );
}
