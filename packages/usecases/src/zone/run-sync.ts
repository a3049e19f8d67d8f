import { HostmasterError } from '@hostmaster/core/errors';
import { FenceLost, writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { replaceZone } from '@hostmaster/db/zone-record-set';
import { coverZones } from '../issuer/cover-zones.ts';
import { errorOf } from '../operation/run-error.ts';
import { type StepResult, stepDone, type Work } from '../reconcile/step.ts';
import { connectZone } from './connect.ts';

/**
 * Reads a zone whole, so that plans and the taken-name rule start from what is there, and sees to it that a CA may sign for it.
 * Whatever ends a reading is kept in words. Errors: dns-*, key-unreadable.
 */
export async function runZoneSync(work: Work): Promise<StepResult> {
  const { ctx, operation } = work;
  const zone = operation.zoneId === null ? null : await ctx.db.zone.findUnique({ where: { id: operation.zoneId } });
  if (zone === null) throw new HostmasterError('not-found', 'The zone is gone.');
  try {
    const provider = await connectZone(ctx, zone);
    const began = ctx.clock.now();
    const { serial, recordSets, others } = await provider.readZone(work.signal);
    const now = ctx.clock.now();
    await coverZones(ctx);
    const message = `${recordSets.length + others.length} record sets read, serial ${serial ?? 'none'}.`;
    return await stepDone(work, message, async (tx) => {
      await replaceZone(tx, zone.id, [...recordSets, ...others], began);
      await tx.zone.update({
        where: { id: zone.id },
        data: { serial: serial === null ? null : BigInt(serial), syncedAt: now, syncError: null },
      });
    });
  } catch (error) {
    if (error instanceof FenceLost) throw error;
    await transact(ctx.db, async (tx) => {
      await writeOperation(tx, work.claim, { step: work.step });
      await tx.zone.update({ where: { id: zone.id }, data: { syncError: errorOf(work, error).message } });
    });
    throw error;
  }
}
