import type { ZoneRow } from '@hostmaster/core/contract/zone';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { supersede } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentZone, zoneRead } from './present.ts';

/**
 * Gives up a zone that is gone from its servers for good: nothing is read or written there any more, nothing is asked for in
 * it, and names that stand in it are retired without those servers, after which it can be removed. Whoever connects it anew
 * takes that back. Errors: forbidden, not-found, conflict (it was given up before).
 */
export async function giveUpZone(ctx: Ctx, { id }: { readonly id: string }): Promise<ZoneRow> {
  authorize(ctx.actor, 'zone.remove');
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    // Before the zone itself, as a worker that ends a reading locks the two.
    await supersede(tx, { kind: 'zone', zoneId: id }, 'The zone was given up.', now);
    const { count } = await tx.zone.updateMany({ where: { id, givenUpAt: null }, data: { givenUpAt: now, version: { increment: 1 } } });
    const row = await tx.zone.findUnique({ where: { id }, ...zoneRead });
    if (row === null) throw new HostmasterError('not-found', `There is no zone ${id}.`);
    if (count === 0) throw new HostmasterError('conflict', `The zone ${row.apex} was given up already.`);
    const zone = presentZone(row);
    await audit(tx, ctx, 'zone.give-up', { id, name: zone.apex }, { endpoints: zone.endpointCount }, now);
    return zone;
  });
}
