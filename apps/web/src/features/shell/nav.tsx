'use client';
import type { home, Me } from '@hostmaster/core/contract/account';
import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { Fragment } from 'react';
import type { z } from 'zod';
import { Link } from '@/components/ui/link';
import { mayReview } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { cn } from '@/lib/class-names';
import { grouped } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { groups, type Page, pagesFor } from './pages';

export function Nav({ onGo }: { onGo?: () => void }) {
  const me = useMe();
  const trpc = useTRPC();
  const { data } = useQuery({ ...trpc.account.home.queryOptions(), refetchInterval: 15_000 });
  const figures = data ? figuresOf(me, data.counts) : {};
  const pages = pagesFor(me);
  return (
    <nav aria-label="Main" className="grid gap-px">
      {groups.map((group, index) => (
        <Fragment key={group}>
          {index > 0 && <h2 className="px-2 pt-4 pb-1 font-[560] text-ink-3 text-xs">{group}</h2>}
          {pages
            .filter((page) => page.group === group)
            .map((page) => (
              <NavLink key={page.href} page={page} figure={figures[page.href]} onGo={onGo} />
            ))}
        </Fragment>
      ))}
    </nav>
  );
}

type Figure = { count: number | null; note: string; waits?: boolean };

/** The numbers beside some entries. */
function figuresOf(me: Me, counts: z.output<typeof home>['counts']): Partial<Record<string, Figure>> {
  return {
    '/endpoints': { count: counts.endpoints, note: 'endpoints' },
    '/requests':
      mayReview(me) && counts.reviews
        ? { count: counts.reviews, note: 'waiting for you', waits: true }
        : { count: counts.openRequests, note: 'open' },
  };
}

function NavLink({ page: { href, label }, figure, onGo }: { page: Page; figure: Figure | undefined; onGo: (() => void) | undefined }) {
  const path = usePathname();
  const here = href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      onClick={() => onGo?.()}
      aria-current={here ? 'page' : undefined}
      className={cn(
        'flex items-baseline justify-between rounded-sm px-2 py-1.25 text-sm transition-colors',
        here ? 'bg-card font-[560] text-ink shadow-[0_0_0_1px_var(--line)]' : 'text-ink-2 hover:bg-none-soft hover:text-ink',
      )}
    >
      {label}
      {!!figure?.count && (
        <span className={cn('text-xs tabular-nums', figure.waits ? 'font-[620] text-wait' : 'font-normal text-ink-3')}>
          {grouped(figure.count)}
          <span className="sr-only"> {figure.note}</span>
        </span>
      )}
    </Link>
  );
}
