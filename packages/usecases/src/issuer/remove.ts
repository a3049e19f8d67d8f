import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { lockIssuer } from '@hostmaster/db/uses';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { vainKeptDays } from '../sweep/forget-ended.ts';
import { requireConnected } from './connected.ts';
import { readIssuer } from './present.ts';
import { factsOf } from './settings.ts';

/**
 * Removes an issuer that nothing was ever ordered from, with its secret and the key of its account. One that has orders or certificates
 * stays, since they are asked on and revoked through it.
 * Errors: forbidden, not-found, unsupported (made here), in-use with how many.
 */
export async function removeIssuer(ctx: Ctx, { id }: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'issuer.remove');
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    // What a worker is about to order is waited for and seen.
    await lockIssuer(tx, id);
    const issuer = requireConnected(await readIssuer(tx, ctx.issuerKinds, id, now), id);
    const [orders, certificates] = [
      await tx.certificateOrder.count({ where: { issuerId: id } }),
      await tx.certificate.count({ where: { issuerId: id } }),
    ];
    if (orders + certificates > 0)
      throw new HostmasterError(
        'in-use',
        `The issuer ${issuer.slug} has ${counted(orders, 'order')} and ${counted(certificates, 'certificate')}, which are asked on and revoked through it.`,
        {
          remedy: `Stop it: then nothing new is ordered from it.${certificates > 0 ? '' : ` Orders that came to nothing are forgotten ${vainKeptDays} days later; it can be removed then.`}`,
        },
      );
    await tx.issuer.delete({ where: { id }, select: { id: true } });
    await audit(tx, ctx, 'issuer.remove', { id, name: issuer.slug }, factsOf(issuer), now);
  });
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
