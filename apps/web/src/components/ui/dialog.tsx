'use client';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '@/lib/class-names';

/** A question that must be answered before anything else. Escape and the cross close it; focus returns to what opened it. */
export function Dialog({
  open,
  onOpenChange,
  trigger,
  title,
  description,
  wide,
  children,
}: {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactNode;
  title: ReactNode;
  description?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger && <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-shade backdrop-blur-[1px]" />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cn(
            '-translate-x-1/2 fixed top-[8vh] left-1/2 z-50 max-h-[84vh] w-[calc(100vw-2rem)] animate-rise overflow-y-auto rounded-lg border border-line-strong bg-card p-5 shadow-[var(--float)] sm:p-6',
            wide ? 'max-w-2xl' : 'max-w-md',
          )}
        >
          <Radix.Title className="pr-8 text-lg [overflow-wrap:anywhere]">{title}</Radix.Title>
          {description && <Radix.Description className="mt-1 text-ink-2 text-sm">{description}</Radix.Description>}
          <div className="mt-5">{children}</div>
          {/* The last of all, so that the focus begins at what is asked. */}
          <Radix.Close
            className="absolute top-4 right-4 rounded-sm p-1 text-ink-3 hover:bg-sunken hover:text-ink sm:top-5 sm:right-5"
            aria-label="Close"
          >
            <X className="size-4" aria-hidden />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const DialogClose = Radix.Close;
