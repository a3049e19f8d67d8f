import type { ComponentProps } from 'react';
import { cn } from '@/lib/class-names';

export const controlLook =
  'w-full rounded-sm border border-line-strong bg-card text-ink text-sm transition-[border-color,box-shadow] duration-100 hover:border-ink-3 focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-0 aria-invalid:border-bad disabled:cursor-not-allowed disabled:bg-sunken disabled:text-ink-3';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={cn(controlLook, 'h-9 px-3', className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={cn(controlLook, 'min-h-20 px-3 py-2', className)} {...rest} />;
}

/** A box to tick, with its words, which tick it too. */
export function Checkbox({ children, className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <label className={cn('flex gap-2 text-sm', className)}>
      <input type="checkbox" className="mt-0.75 size-4 shrink-0 accent-accent" {...rest} />
      <span>{children}</span>
    </label>
  );
}
