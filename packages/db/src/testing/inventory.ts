// What a zone holds, as a reading would have left it.
import { randomUUID } from 'node:crypto';
import type { OtherRecordSet } from '@hostmaster/core/dns/record-set';
import type { Db } from '../client.ts';
import { claimOperation, noProgress, startOperation, writeOperation } from '../operation.ts';
import { transact } from '../transaction.ts';
import { applyReading, keepRead, type ZoneReading } from '../zone-reading.ts';
import { lookedAt } from '../zone-record-set.ts';

/** A run that has claimed the reading of a zone, beside whatever else reads it. */
export async function claimedReading(db: Db, zoneId: string): Promise<ZoneReading> {
  const subject = `zone:${zoneId}:${randomUUID()}`;
  const wish = { kind: 'zone', purpose: 'read', subject, zoneId, reason: 'A test reads it.' } as const;
  const operation = await transact(db, (tx) => startOperation(tx, wish, new Date()));
  const claim = operation === null ? null : await claimOperation(db, operation.id, 600);
  if (claim === null) throw new TypeError('unreachable: nobody else knows of it');
  return { zoneId, id: randomUUID(), claim: { id: claim.id, fence: claim.fence }, leaseSeconds: 600 };
}

/** Has the zone hold exactly these sets, as a reading that began then left it. */
export async function storeZone(db: Db, zoneId: string, sets: readonly OtherRecordSet[], began: Date): Promise<void> {
  const reading = await claimedReading(db, zoneId);
  // As if it began now, but for what others read meanwhile.
  await db.readRecordSet.deleteMany({ where: { zoneId, reading: lookedAt } });
  await keepRead(db, reading, 0, sets, { done: sets.length, total: null, unit: 'records read' });
  let counted = { sets: 0, records: 0 };
  for await (counted of applyReading(db, reading, began, sets.length));
  await writeOperation(db, reading.claim, { progress: noProgress });
  await db.zone.update({ where: { id: zoneId }, data: { recordSetCount: counted.sets, recordCount: counted.records } });
  await db.operation.delete({ where: { id: reading.claim.id } });
}
