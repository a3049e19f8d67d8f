import { hour, minute } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostmaster, operator } from '@hostmaster/core/operation/moves-next';
import { leftAtRenewal } from '@hostmaster/core/pki/renewal';
import { minuteOf } from '@hostmaster/core/said-time';
import type { Ctx } from '../context.ts';

/** Far more than renewals need and people ask for, and far less than a fault would order. */
const bounds = [
  { most: 5, minutes: 60, words: 'an hour' },
  { most: 20, minutes: 24 * 60, words: 'a day' },
] as const;
const longest = Math.max(...bounds.map(({ minutes }) => minutes));

/** Twice as many as renewals need, of a certificate that is asked for for so few hours that they need more. */
const mostOf = ({ most, minutes }: (typeof bounds)[number], hours: number | null): number =>
  hours === null ? most : Math.max(most, Math.ceil((2 * minutes * minute) / leftAtRenewal(hours * hour)));

type Held = { readonly most: number; readonly words: string; readonly until: Date; readonly since: Date };

/** Of all together, what somebody asked to revoke included: whoever revokes again and again uses up an issuer, too. */
const timesWithRevoked = 2;

/**
 * What holds the next order of an endpoint for these names; null where it may be placed. What somebody asked to revoke counts apart: what
 * takes its place is their wish, and is needed at once. @param hours for how many each is asked for; null: as many as its issuer gives.
 */
export async function ordersHeld(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  endpointId: string,
  names: readonly string[],
  hours: number | null,
): Promise<Held | null> {
  const limits = bounds.map((bound) => ({ ...bound, most: mostOf(bound, hours) }));
  const now = clock.now().getTime();
  const recent = (counting: object, times: number) =>
    db.certificateOrder.findMany({
      where: { endpointId, names: { equals: [...names] }, createdAt: { gt: new Date(now - longest * minute) }, ...counting },
      orderBy: { createdAt: 'desc' },
      select: { createdAt: true },
      take: times * Math.max(...limits.map(({ most }) => most)),
    });
  const unasked = { NOT: { certificate: { is: { revocationRequests: { some: {} } } } } };
  for (const [orders, times] of [
    [await recent(unasked, 1), 1],
    [await recent({}, timesWithRevoked), timesWithRevoked],
  ] as const)
    for (const { most, minutes, words } of limits) {
      const until = (orders[times * most - 1]?.createdAt.getTime() ?? 0) + minutes * minute;
      if (until > now) return { most: times * most, words, until: new Date(until), since: new Date(now - minutes * minute) };
    }
  return null;
}

/**
 * Whatever the reason, a lineage orders the same names only so often: a certificate that is due again as soon as it is issued
 * must not use up an issuer. Errors: rate-limited, until the oldest order that counts is old enough.
 */
export async function boundOrders(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  endpointId: string,
  names: readonly string[],
  hours: number | null,
): Promise<void> {
  const held = await ordersHeld(ctx, endpointId, names, hours);
  if (held === null) return;
  const { most, words, until, since } = held;
  const revisions = await ctx.db.endpointRevision.count({ where: { endpointId, approvedAt: { gt: since } } });
  const byChanges = 2 * revisions > most;
  const why = byChanges
    ? `since what it holds was changed ${revisions} times`
    : 'which is more than a name can need: look at the issuer, and at how long its certificates live';
  throw new HostmasterError(
    'rate-limited',
    `${most} certificates for ${names[0]} were ordered within ${words}, ${why}. The next one is ordered at ${minuteOf(until)}.`,
    { movesNext: byChanges ? hostmaster : operator, retryAfter: Math.ceil((until.getTime() - ctx.clock.now().getTime()) / 1000) },
  );
}
