// The figures of the first page, by role. Each leads to the list of what it counts, and to nothing else.
import type { home, Me } from '@hostmaster/core/contract/account';
import { endingFrom } from '@hostmaster/core/pki/renewal';
import type { Route } from 'next';
import type { z } from 'zod';
import { isAuditor, isPlatform, mayReview } from '@/features/account/roles';

export type Counts = z.output<typeof home>['counts'];
export type Figure = { href: Route; value: number | null; one: string; many: string; state?: 'wait' | 'bad' };

/** The figures that matter to somebody in this role; each leads to what it counts. */
export function figuresFor(me: Me, counts: Counts): Figure[] {
  const everybodys = me.roles.length > 0;
  const mine = everybodys ? '' : '&mine=true';
  const endpoints: Figure = everybodys
    ? { href: '/endpoints', value: counts.endpoints, one: 'endpoint', many: 'endpoints' }
    : { href: '/endpoints?mine=true', value: counts.endpoints, one: 'endpoint of yours', many: 'endpoints of yours' };
  const attention: Figure = {
    href: `/endpoints?attention=true${mine}` as Route,
    value: counts.attention,
    one: everybodys ? 'endpoint needs attention' : 'needs attention',
    many: everybodys ? 'endpoints need attention' : 'need attention',
    state: 'bad',
  };
  const open: Figure = {
    href: `/requests?tab=open${mine}` as Route,
    value: counts.openRequests,
    one: 'open request',
    many: 'open requests',
  };
  const reviews: Figure = {
    href: '/requests?tab=queue',
    value: counts.reviews,
    one: mayReview(me) ? 'waits for your review' : 'waits for you',
    many: mayReview(me) ? 'wait for your review' : 'wait for you',
    state: 'wait',
  };
  const zones: Figure = { href: '/zones?failing=true', value: counts.failingZones, one: 'zone fails', many: 'zones fail', state: 'bad' };
  const ending: Figure = {
    href: `/certificates?atLeast=${endingFrom}${mine}` as Route,
    value: counts.endingCertificates,
    one: 'certificate ends soon',
    many: 'certificates end soon',
    state: 'wait',
  };
  if (isPlatform(me)) return [attention, zones, ending, reviews];
  if (mayReview(me)) return [reviews, open, endpoints, attention];
  if (isAuditor(me)) return [endpoints, attention, open, ending];
  return [endpoints, attention, open, ending];
}
