import Link from 'next/link';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/class-names';

/** A link in running text. */
export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      className={cn('rounded-[3px] text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-accent', className)}
      {...rest}
    />
  );
}
