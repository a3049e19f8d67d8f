import { hour, minute } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { operator } from '@hostmaster/core/operation/moves-next';
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

/**
 * Whatever the reason, a lineage orders the same names only so often: a certificate that is due again as soon as it is issued
 * must not use up an issuer. @param hours for how many each is asked for; null: as many as its issuer gives. Errors: rate-limited, until the oldest order that counts is old enough.
 */
export async function boundOrders(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  endpointId: string,
  names: readonly string[],
  hours: number | null,
): Promise<void> {
  const held = bounds.map((bound) => ({ ...bound, most: mostOf(bound, hours) }));
  const now = clock.now().getTime();
  const recent = await db.certificateOrder.findMany({
    where: { endpointId, names: { equals: [...names] }, createdAt: { gt: new Date(now - longest * minute) } },
    orderBy: { createdAt: 'desc' },
    select: { createdAt: true },
    take: Math.max(...held.map(({ most }) => most)),
  });
  for (const { most, minutes, words } of held) {
    const again = (recent[most - 1]?.createdAt.getTime() ?? 0) + minutes * minute;
    if (again <= now) continue;
    throw new HostmasterError(
      'rate-limited',
      `${most} certificates for ${names[0]} were ordered within ${words}, which is more than a name can need. The next one is ordered at ${minuteOf(new Date(again))}; look at the issuer, and at how long its certificates live.`,
      { movesNext: operator, retryAfter: Math.ceil((again - now) / 1000) },
    );
  }
}
