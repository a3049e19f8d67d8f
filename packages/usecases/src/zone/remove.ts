import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { hurryNamesIn } from '@hostmaster/db/hurry';
import { supersede } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { usesOfZone } from '@hostmaster/db/uses';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { refuseUsed } from '../in-use.ts';
import { factsOf, presentZone, zoneRead } from './present.ts';

/**
 * Removes a zone in which no name stands any more, with its secret and what was read there. On its servers nothing changes;
 * names that were retired in it keep their history, and grants and reservations stay. Work on names that it hid from a zone above is tried
 * at once.
 * Errors: forbidden, not-found, in-use with what stands in it.
 */
export async function removeZone(ctx: Ctx, { id }: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'zone.remove');
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    // Before the zone itself, as a worker that ends a reading locks the two.
    await supersede(tx, { kind: 'zone', zoneId: id }, 'The zone was removed.', now);
    const uses = await usesOfZone(tx, id);
    const row = await tx.zone.findUnique({ where: { id }, ...zoneRead });
    if (row === null) throw new HostmasterError('not-found', `There is no zone ${id}.`);
    const { apex, view } = row;
    refuseUsed(`The ${view} zone ${apex}`, uses);
    await tx.zone.delete({ where: { id }, select: { id: true } });
    await hurryNamesIn(tx, apex);
    await audit(tx, ctx, 'zone.remove', { id, name: apex }, { view, ...factsOf(presentZone(row)) }, now);
  });
}
