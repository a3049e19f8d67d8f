'use client';
import { Toaster as Sonner } from 'sonner';

/** Short notes about what was just done; never the only place where a failure is said. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-center font-sans gap-2.5 rounded-md border border-line-strong bg-card px-4 py-3 text-sm text-ink shadow-[var(--float)]',
          success: '[&_[data-icon]]:text-ok',
          error: '[&_[data-icon]]:text-bad',
        },
      }}
    />
  );
}
