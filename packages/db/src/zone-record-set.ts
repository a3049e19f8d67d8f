import { type OtherRecordSet, type RecordSet, recordTypes } from '@hostmaster/core/dns/record-set';
import { namedDataTypes } from '@hostmaster/core/dns/wire/codes';
import type { Reader, Tx } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';

type Row = { readonly name: string; readonly type: string; readonly ttl: number; readonly values: string[] };

/**
 * Behind the name of a stored set where it is looked for among names elsewhere: those are sorted as the database sorts, and their
 * indexes find by that alone.
 */
export const ofDatabase = Prisma.sql`COLLATE "default"`;

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

/**
 * Beside what readings bring: the names that were looked at one by one since the last reading began. What a reading that began before says
 * of them is older than what is known, also where that is nothing any more.
 */
export const lookedAt = '00000000-0000-0000-0000-000000000000';

/**
 * Replaces what is known of one name, of the types that it can be asked for. By difference and not by deleting all, so that two
 * that learn of the same record at once (a run and a reading of the whole zone) do not fail for each other.
 */
export async function replaceRecordSetsAt(
  tx: Tx,
  zoneId: string,
  name: string,
  recordSets: readonly OtherRecordSet[],
  now: Date,
): Promise<void> {
  const rows = JSON.stringify(recordSets.map(({ type, ttl, values }) => ({ type, ttl, values })));
  await tx.$executeRaw`
    WITH held AS (SELECT type, ttl, "values" FROM jsonb_to_recordset(${rows}::jsonb) AS row(type text, ttl int, "values" text[])),
         gone AS (DELETE FROM zone_record_set
                   WHERE zone_id = ${zoneId}::uuid AND name = ${name} AND type = ANY(${namedDataTypes}::text[])
                     AND type NOT IN (SELECT type FROM held)),
         looked AS (INSERT INTO read_record_set (zone_id, reading, name, type, part, ttl, "values")
                    VALUES (${zoneId}::uuid, ${lookedAt}::uuid, ${name}, '', 0, 0, '{}') ON CONFLICT DO NOTHING)
    INSERT INTO zone_record_set (zone_id, name, type, ttl, "values", observed_at)
    SELECT ${zoneId}::uuid, ${name}, type, ttl, "values", ${now} FROM held
    ON CONFLICT (zone_id, name, type) DO UPDATE
       SET ttl = excluded.ttl, "values" = excluded."values", observed_at = excluded.observed_at`;
}

/** The same of several names, from what was read of all of them. */
export async function replaceRecordSetsAtEach(
  tx: Tx,
  zoneId: string,
  names: Iterable<string>,
  found: readonly OtherRecordSet[],
  now: Date,
): Promise<void> {
  for (const name of new Set(names)) {
    const held = found.filter((set) => set.name === name);
    await replaceRecordSetsAt(tx, zoneId, name, held, now);
  }
}
