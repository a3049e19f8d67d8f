'use client';
import type { home, Me } from '@hostmaster/core/contract/account';
import type { Route } from 'next';
import Link from 'next/link';
import type { z } from 'zod';
import { Mark, type MarkState } from '@/components/ui/mark';
import { isAuditor, isPlatform, mayReview } from '@/features/account/roles';
import { urgencyDays } from '@/features/certificate/urgency';
import { cn } from '@/lib/class-names';
import { grouped } from '@/lib/format/text';

type Counts = z.output<typeof home>['counts'];
type Figure = { href: Route; value: number | null; one: string; many: string; state?: MarkState };

/** The figures that matter to somebody in this role; each leads to what it counts. */
function figuresFor(me: Me, counts: Counts): Figure[] {
  const everybodys = me.roles.length > 0;
  const mine = everybodys ? '' : '&mine=true';
  const endpoints: Figure = everybodys
    ? { href: '/endpoints', value: counts.endpoints, one: 'endpoint', many: 'endpoints' }
    : { href: '/endpoints?mine=true', value: counts.endpoints, one: 'endpoint of yours', many: 'endpoints of yours' };
  const attention: Figure = {
    href: `/endpoints?state=degraded${mine}` as Route,
    value: counts.attention,
    one: everybodys ? 'endpoint needs attention' : 'needs attention',
    many: everybodys ? 'endpoints need attention' : 'need attention',
    state: 'bad',
  };
  const open: Figure = { href: '/requests?tab=open', value: counts.openRequests, one: 'open request', many: 'open requests' };
  const reviews: Figure = {
    href: '/requests?tab=queue',
    value: counts.reviews,
    one: mayReview(me) ? 'waits for your review' : 'waits for you',
    many: mayReview(me) ? 'wait for your review' : 'wait for you',
    state: 'wait',
  };
  const zones: Figure = { href: '/zones', value: counts.failingZones, one: 'zone fails', many: 'zones fail', state: 'bad' };
  const ending: Figure = {
    href: '/certificates',
    value: counts.endingCertificates,
    one: `certificate ${urgencyDays('high')}`,
    many: `certificates ${urgencyDays('high')}`,
    state: 'wait',
  };
  if (isPlatform(me)) return [attention, zones, ending, reviews];
  if (mayReview(me)) return [reviews, open, endpoints, attention];
  if (isAuditor(me)) return [endpoints, attention, open, ending];
  return [endpoints, attention, open, ending];
}

export function Figures({ me, counts }: { me: Me; counts: Counts }) {
  return (
    <ul className="grid grid-cols-2 gap-px overflow-clip rounded-lg border border-line bg-line shadow-[var(--lift)] lg:grid-cols-4">
      {figuresFor(me, counts).map(({ href, value, one, many, state }) => (
        <li key={many} className="bg-card">
          <Link href={href} className="block h-full px-4 py-3.5 hover:bg-sunken focus-visible:-outline-offset-2 sm:px-5">
            <span className="flex items-center gap-2">
              <span
                className={cn(
                  'font-[620] text-xl tabular-nums',
                  !value ? 'text-ink-3' : state === 'bad' ? 'text-bad' : state === 'wait' ? 'text-wait' : '',
                )}
              >
                {value === null ? '–' : grouped(value)}
              </span>
              {state && !!value && <Mark state={state} className="size-3.5" />}
            </span>
            <span className="block text-ink-2 text-sm">{value === 1 ? one : many}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
