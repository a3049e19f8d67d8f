import { randomUUID } from 'node:crypto';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import type { OtherRecordSet } from '@hostmaster/core/dns/record-set';
import { joinedSets, recordCount } from '@hostmaster/core/dns/zone-parts';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostmaster } from '@hostmaster/core/operation/moves-next';
import { FenceLost, noProgress, writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { applyReading, beginReading, dropReading, keepRead, type ZoneReading } from '@hostmaster/db/zone-reading';
import { takeBackLeft } from '../certificate/proofs.ts';
import type { WorkerCtx } from '../context.ts';
import { coverZones } from '../issuer/cover-zones.ts';
import { errorOf } from '../operation/run-error.ts';
import { leaseSeconds, type StepResult, stepDone, stepWaits, type Work } from '../reconcile/step.ts';
import { connectZone } from './connect.ts';

/** Records that are kept in one statement. */
const recordsAtOnce = 5_000;
/** A server that is slow is seen to get on at least so often. */
const keptMilliseconds = 5_000;

/**
 * Reads a zone whole, so that plans and the taken-name rule start from what is there, and sees to it that a CA may sign for it, and that no proof for a CA is
 * left there. It takes as
 * long as it takes while it gets on, and holds the lease for that. Whatever ends a reading is kept in words. Errors: dns-*, key-unreadable.
 */
export async function runZoneSync(work: Work): Promise<StepResult> {
  const { ctx, operation, claim } = work;
  const zone = operation.zoneId === null ? null : await ctx.db.zone.findUnique({ where: { id: operation.zoneId } });
  if (zone === null) throw new HostmasterError('not-found', 'The zone is gone.');
  const place = ctx.readings.take();
  if (place === null) return waitForPlace(work);
  const reading: ZoneReading = { zoneId: zone.id, id: randomUUID(), claim, leaseSeconds };
  try {
    return await readInto(work, reading, await connectZone(ctx, zone));
  } catch (error) {
    await forget(ctx, reading);
    if (error instanceof FenceLost) throw error;
    await transact(ctx.db, async (tx) => {
      await writeOperation(tx, claim, { step: work.step, progress: noProgress });
      await tx.zone.update({ where: { id: zone.id }, data: { syncError: errorOf(work, error).message } });
    });
    throw error;
  } finally {
    place.release();
  }
}

async function readInto(work: Work, reading: ZoneReading, provider: DnsProvider): Promise<StepResult> {
  const { ctx, claim } = work;
  const began = ctx.clock.now();
  await beginReading(ctx.db, reading);
  const { serial, records } = await keepAll(work, reading, provider);
  const now = ctx.clock.now();
  await coverZones(ctx);
  await takeBackLeft(ctx, { zoneId: reading.zoneId }, work.signal);
  let counted = { sets: 0, records: 0 };
  for await (counted of applyReading(ctx.db, reading, began, records)) work.renew();
  return stepDone(work, `${counted.sets} record sets read, serial ${serial ?? 'none'}.`, async (tx) => {
    await writeOperation(tx, claim, { progress: noProgress });
    await tx.zone.update({
      where: { id: reading.zoneId },
      data: {
        serial: serial === null ? null : BigInt(serial),
        syncedAt: now,
        syncError: null,
        recordSetCount: counted.sets,
        recordCount: counted.records,
      },
    });
  });
}

/** Keeps all that comes beside the inventory, until the zone has been read whole. */
async function keepAll(work: Work, reading: ZoneReading, provider: DnsProvider): Promise<{ serial: number | null; records: number }> {
  const { ctx, signal } = work;
  let serial: number | null = null;
  let records = 0;
  let pieces: OtherRecordSet[] = [];
  let [part, waiting, keptAt] = [0, 0, 0];
  const keep = async (): Promise<void> => {
    records += waiting;
    await keepRead(ctx.db, reading, part, joinedSets(pieces), { done: records, total: null, unit: 'records read' });
    work.renew();
    [part, waiting, keptAt] = [part + 1, 0, ctx.clock.now().getTime()];
    pieces = [];
  };
  await keep();
  for await (const { serial: seen, recordSets } of provider.readZone(signal)) {
    serial = seen;
    for (const set of recordSets) pieces.push(set);
    waiting += recordCount(recordSets);
    if (waiting >= recordsAtOnce || ctx.clock.now().getTime() - keptAt >= keptMilliseconds) await keep();
  }
  await keep();
  return { serial, records };
}

/** An attempt that found no place is none. */
const waitForPlace = (work: Work): Promise<StepResult> =>
  stepWaits(
    work,
    {
      message: 'Other zones are being read; this one is when one of them is done.',
      movesNext: hostmaster,
      seconds: 5 + 5 * work.ctx.random(),
    },
    (tx) => writeOperation(tx, work.claim, { attempts: { decrement: 1 } }),
  );

/** What is left where not even this works, the next reading of the zone forgets. */
const forget = (ctx: WorkerCtx, reading: ZoneReading): Promise<void> =>
  dropReading(ctx.db, reading).catch((error: unknown) =>
    ctx.log.warn({ zone: reading.zoneId, err: String(error) }, 'What a reading brought could not be forgotten.'),
  );
