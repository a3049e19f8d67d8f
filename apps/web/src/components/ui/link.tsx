import type { Route } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { cn } from '@/lib/class-names';

/** A link in running text. */
export function TextLink<Path extends string>({
  href,
  className,
  children,
}: {
  href: Route<Path> | { pathname: Route; query: Record<string, string> };
  className?: string;
  children: ReactNode;
}) {
  return (
    <Link
      href={href}
      className={cn('rounded-[3px] text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-accent', className)}
    >
      {children}
    </Link>
  );
}
