'use client';
import type { Route } from 'next';
import NextLink from 'next/link';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { cn } from '@/lib/class-names';

/**
 * A link within the portal. What it leads to is fetched ahead once somebody points at it or reaches it by the keyboard, and not when it comes
 * into view: a page has dozens of them, and each of those would ask the server.
 */
export function Link<Path>({ onPointerEnter, onFocus, ...props }: ComponentProps<typeof NextLink<Path>>) {
  const [meant, setMeant] = useState(false);
  return (
    <NextLink<Path>
      {...props}
      prefetch={meant ? null : false}
      onPointerEnter={(event) => {
        setMeant(true);
        onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        setMeant(true);
        onFocus?.(event);
      }}
    />
  );
}

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
    <Link<Path>
      href={href}
      className={cn('rounded-[3px] text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-accent', className)}
    >
      {children}
    </Link>
  );
}
