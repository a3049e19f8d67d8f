import { type OtherRecordSet, type RecordSet, recordTypes } from '@hostmaster/core/dns/record-set';
import type { Reader, Tx } from './client.ts';

type Row = { readonly name: string; readonly type: string; readonly ttl: number; readonly values: string[] };

/** A row as a record set, or nothing for a type that is none of ours to read. */
function toRecordSets(row: Row): RecordSet[] {
  const type = recordTypes.find((known) => known === row.type);
  return type === undefined ? [] : [{ name: row.name, type, ttl: row.ttl, values: row.values }];
}

/** What the zone's primary held at these names when it was last read. */
export async function recordSetsAt(db: Reader, zoneId: string, names: readonly string[]): Promise<RecordSet[]> {
  const rows = await db.zoneRecordSet.findMany({
    where: { zoneId, name: { in: [...names] } },
    orderBy: [{ name: 'asc' }, { type: 'asc' }],
  });
  return rows.flatMap(toRecordSets);
}

/** Single records of the zone as last read: what sets hold, not the sets. */
export async function countRecords(db: Reader, zoneId: string): Promise<number> {
  const rows = await db.$queryRaw<{ records: number }[]>`
    SELECT coalesce(sum(cardinality("values")), 0)::int AS records FROM zone_record_set WHERE zone_id = ${zoneId}::uuid`;
  return rows[0]?.records ?? 0;
}

/**
 * Replaces what is known of one name, of the types that Hostmaster writes. By difference and not by deleting all, so that two that learn of the same record at
 * once (a run and a reading of the whole zone) do not fail for each other.
 */
export async function replaceRecordSetsAt(
  tx: Tx,
  zoneId: string,
  name: string,
  recordSets: readonly RecordSet[],
  now: Date,
): Promise<void> {
  const rows = JSON.stringify(recordSets.map(({ type, ttl, values }) => ({ type, ttl, values })));
  await tx.$executeRaw`
    WITH held AS (SELECT type, ttl, "values" FROM jsonb_to_recordset(${rows}::jsonb) AS row(type text, ttl int, "values" text[])),
         gone AS (DELETE FROM zone_record_set
                   WHERE zone_id = ${zoneId}::uuid AND name = ${name} AND type = ANY(${[...recordTypes]}::text[])
                     AND type NOT IN (SELECT type FROM held))
    INSERT INTO zone_record_set (zone_id, name, type, ttl, "values", observed_at)
    SELECT ${zoneId}::uuid, ${name}, type, ttl, "values", ${now} FROM held
    ON CONFLICT (zone_id, name, type) DO UPDATE
       SET ttl = excluded.ttl, "values" = excluded."values", observed_at = excluded.observed_at`;
}

/**
 * Brings the stored inventory to a full reading of the zone, writing only what differs. What was read since the reading
 * began is newer and stays; a name that was emptied since may come back until the next reading.
 * @param began when the reading began.
 */
export async function replaceZone(tx: Tx, zoneId: string, recordSets: readonly OtherRecordSet[], began: Date): Promise<void> {
  const key = (set: { name: string; type: string }) => `${set.name} ${set.type}`;
  const content = (set: { ttl: number; values: readonly string[] }) => `${set.ttl} ${set.values.join('\n')}`;
  const wanted = new Map(recordSets.map((set) => [key(set), set]));
  const gone: { name: string; type: string }[] = [];
  for (const row of await tx.zoneRecordSet.findMany({ where: { zoneId } })) {
    const set = wanted.get(key(row));
    if (row.observedAt > began || (set !== undefined && content(set) === content(row))) wanted.delete(key(row));
    else gone.push({ name: row.name, type: row.type });
  }
  const old = { zoneId, observedAt: { lte: began } };
  for (let at = 0; at < gone.length; at += 1000) await tx.zoneRecordSet.deleteMany({ where: { ...old, OR: gone.slice(at, at + 1000) } });
  const fresh = [...wanted.values()].map((set) => ({
    zoneId,
    name: set.name,
    type: set.type,
    ttl: set.ttl,
    values: [...set.values],
    observedAt: began,
  }));
  for (let at = 0; at < fresh.length; at += 5000)
    await tx.zoneRecordSet.createMany({ data: fresh.slice(at, at + 5000), skipDuplicates: true });
}
