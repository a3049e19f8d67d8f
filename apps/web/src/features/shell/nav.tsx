'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { isAuditor, mayReview, useMe } from '@/features/account/use-me';
import { cn } from '@/lib/class-names';
import { useTRPC } from '@/lib/trpc';

const platform = [
  { href: '/zones', label: 'Zones' },
  { href: '/grants', label: 'Grants' },
  { href: '/reservations', label: 'Reservations' },
  { href: '/issuers', label: 'Issuers' },
  { href: '/teams', label: 'Teams' },
] as const;

export function Nav({ onGo }: { onGo?: () => void }) {
  const me = useMe();
  const trpc = useTRPC();
  const { data } = useQuery({ ...trpc.account.home.queryOptions(), refetchInterval: 15_000 });
  const counts = data?.counts;
  return (
    <nav aria-label="Main" className="grid gap-px">
      <NavLink href="/" label="Home" onGo={onGo} />
      <NavLink href="/endpoints" label="Endpoints" count={counts?.endpoints || undefined} onGo={onGo} />
      <NavLink
        href="/requests"
        label="Requests"
        count={mayReview(me) && counts?.reviews ? counts.reviews : counts?.openRequests || undefined}
        note={mayReview(me) && counts?.reviews ? 'waiting for you' : 'open'}
        strong={mayReview(me) && (counts?.reviews ?? 0) > 0}
        onGo={onGo}
      />
      <NavLink href="/certificates" label="Certificates" onGo={onGo} />
      <h2 className="px-2 pt-4 pb-1 font-[560] text-ink-3 text-xs">Platform</h2>
      {platform.map((page) => (
        <NavLink key={page.href} {...page} onGo={onGo} />
      ))}
      {isAuditor(me) && <NavLink href="/audit" label="Audit" onGo={onGo} />}
    </nav>
  );
}

function NavLink({
  href,
  label,
  count,
  note,
  strong,
  onGo,
}: {
  href: '/' | '/endpoints' | '/requests' | '/certificates' | '/audit' | (typeof platform)[number]['href'];
  label: string;
  count?: number | undefined;
  note?: string;
  strong?: boolean;
  onGo?: (() => void) | undefined;
}) {
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
      {count !== undefined && (
        <span className={cn('text-xs tabular-nums', strong ? 'font-[620] text-wait' : 'font-normal text-ink-3')}>
          {count.toLocaleString('en-US')}
          {note && <span className="sr-only"> {note}</span>}
        </span>
      )}
    </Link>
  );
}
