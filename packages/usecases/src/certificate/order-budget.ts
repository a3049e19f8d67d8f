// The limits of a CA, kept by whoever orders: what it would refuse is not ordered, and said with the time when it is.
import { hour } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { registeredDomain } from '@hostmaster/core/hostname/public-suffix';
import { hostmaster } from '@hostmaster/core/operation/moves-next';
import type { OrderLimit } from '@hostmaster/core/pki/order-limit';
import { minuteOf } from '@hostmaster/core/said-time';
import { countedOrders } from '@hostmaster/db/counted-orders';
import type { WorkerCtx } from '../context.ts';
import { readStored } from '../stored-json.ts';

type Budgeting = Pick<WorkerCtx, 'db' | 'clock' | 'issuerKinds'>;
type Wanted = { readonly endpointId: string; readonly names: readonly string[] };
type Issuer = { readonly id: string; readonly kind: string; readonly name: string; readonly settings: unknown };

/**
 * A renewal is held by the limit on the same names alone, as Let's Encrypt counts: a name in use is not lost to what others order.
 * Errors: rate-limited, until the oldest order that counts is old enough.
 */
export async function requireBudget(ctx: Budgeting, issuer: Issuer, wanted: Wanted): Promise<void> {
  const limits = limitsOf(ctx, issuer);
  if (limits.length === 0) return;
  const now = ctx.clock.now().getTime();
  const renews = await isRenewal(ctx, issuer, wanted);
  for (const limit of limits.filter(({ of }) => of === 'names' || !renews))
    for (const what of countedTogether(limit, wanted.names)) {
      const period = limit.hours * hour;
      const counted = {
        issuerId: issuer.id,
        after: new Date(now - period),
        take: limit.most,
        renewals: limit.of === 'names',
        failed: limit.of === 'issuer',
      };
      const orders = await countedOrders(ctx.db, { ...counted, domain: what.domain, names: what.names });
      const oldest = orders[limit.most - 1];
      if (oldest !== undefined) throw usedUp(issuer, limit, what, oldest.getTime() + period - now, ctx);
    }
}

/** Of a kind that nobody knows any more none are known. */
function limitsOf({ issuerKinds }: Budgeting, { kind, settings }: Issuer): readonly OrderLimit[] {
  const described = issuerKinds.get(kind);
  return described?.limits?.(readStored(described.settings, settings, 'issuer.settings')) ?? [];
}

async function isRenewal({ db }: Budgeting, { id: issuerId }: Issuer, { endpointId, names }: Wanted): Promise<boolean> {
  const where = { endpointId, issuerId, state: 'issued', names: { equals: [...names] } };
  return (await db.certificateOrder.findFirst({ where, select: { id: true } })) !== null;
}

type Together = { readonly domain: string | null; readonly names: readonly string[] | null; readonly words: string };

/** One for each registered domain that a certificate has names of; one otherwise. */
function countedTogether({ of }: OrderLimit, names: readonly string[]): readonly Together[] {
  if (of === 'issuer') return [{ domain: null, names: null, words: '' }];
  if (of === 'names') return [{ domain: null, names, words: ` for ${names.join(', ')}` }];
  return [...new Set(names.map(registeredDomain))].map((domain) => ({ domain, names: null, words: ` with names of ${domain}` }));
}

function usedUp({ name }: Issuer, limit: OrderLimit, { words }: Together, milliseconds: number, { clock }: Budgeting): HostmasterError {
  const at = minuteOf(new Date(clock.now().getTime() + milliseconds));
  return new HostmasterError(
    'rate-limited',
    `${name} takes ${limit.most} ${limit.most === 1 ? 'order' : 'orders'}${words} within ${limit.words}, and so many were placed. This one is placed at ${at}; a platform admin changes the limits of the issuer.`,
    { movesNext: hostmaster, retryAfter: Math.ceil(milliseconds / 1000) },
  );
}
