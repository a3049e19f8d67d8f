// A full reading of a zone on its way into the inventory, however large the zone is: what came is kept beside the inventory until
// the reading has ended well, and then the inventory is brought to it by a part of its names after the other, each in a short
// transaction. Postgres compares, and writes what differs alone. Every write is fenced by the claim and prolongs its lease.
import type { OtherRecordSet } from '@hostmaster/core/dns/record-set';
import { namedDataTypes } from '@hostmaster/core/dns/wire/codes';
import type { Db, Reader } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { type Claim, lost } from './operation.ts';
import { transact } from './transaction.ts';
import { lookedAt } from './zone-record-set.ts';

/** One run that reads one zone. */
export type ZoneReading = {
  readonly zoneId: string;
  /** UUID of this run alone. */
  readonly id: string;
  readonly claim: Claim;
  /** For how long the claim holds from each write on. */
  readonly leaseSeconds: number;
};

/** How far it is, for people; as core/contract/operation.ts has it. */
export type ReadingProgress = { readonly done: number; readonly total: number | null; readonly unit: string };

/** Rows that one statement deletes of what nobody needs. */
const dropped = 20_000;
/** Names of one transaction: some hundred milliseconds of writing where all of them are new. */
const namesAtOnce = 5_000;

/** What proves that the claim is ours, as a CTE of no rows where it is not. */
const held = ({ claim, leaseSeconds }: ZoneReading, progress: ReadingProgress) => Prisma.sql`
  UPDATE operation SET leased_until = now() + make_interval(secs => ${leaseSeconds}), progress = ${JSON.stringify(progress)}::jsonb
   WHERE id = ${claim.id}::uuid AND fence = ${claim.fence} AND state = 'running'
  RETURNING id`;

async function drop(db: Reader, where: Prisma.Sql): Promise<void> {
  for (let gone = dropped; gone === dropped; )
    gone = await db.$executeRaw`
      DELETE FROM read_record_set WHERE ctid = ANY (ARRAY(SELECT ctid FROM read_record_set WHERE ${where} LIMIT ${dropped}))`;
}

/** Forgets what readings of the zone that were killed have left, and which names were looked at before this one. */
export const beginReading = (db: Db, { zoneId, id }: ZoneReading): Promise<void> =>
  drop(db, Prisma.sql`zone_id = ${zoneId}::uuid AND reading <> ${id}::uuid`);

/** Forgets a reading, however far it came. */
export const dropReading = (db: Db, { zoneId, id }: ZoneReading): Promise<void> =>
  drop(db, Prisma.sql`zone_id = ${zoneId}::uuid AND reading = ${id}::uuid`);

/** Forgets what is left of readings of zones that are gone. */
export const dropOrphanedReadings = (db: Db): Promise<void> =>
  drop(db, Prisma.sql`NOT EXISTS (SELECT 1 FROM zone WHERE zone.id = read_record_set.zone_id)`);

/**
 * Keeps a part of what was read.
 * @param part its number in the reading: records of one set may come in several
 * @param sets each name and type once. Errors: FenceLost.
 */
export async function keepRead(
  db: Db,
  reading: ZoneReading,
  part: number,
  sets: readonly OtherRecordSet[],
  progress: ReadingProgress,
): Promise<void> {
  const [mine] = await db.$queryRaw<{ count: number }[]>`
    WITH mine AS (${held(reading, progress)}),
         kept AS (INSERT INTO read_record_set (zone_id, reading, part, name, type, ttl, "values")
                  SELECT ${reading.zoneId}::uuid, ${reading.id}::uuid, ${part}, s.name, s.type, s.ttl, s."values"
                    FROM mine, jsonb_to_recordset(${JSON.stringify(sets)}::jsonb) AS s(name text, type text, ttl int, "values" text[]))
    SELECT count(*)::int AS count FROM mine`;
  if (mine?.count !== 1) throw lost(reading.claim);
}

export type Counted = { readonly sets: number; readonly records: number };

/**
 * Brings the stored inventory to the reading, which is used up by that. What was observed since the reading began is newer and
 * stays, and so does that a name was emptied. Where it ends half-way, some names are as they were
 * read and the others as they were known before. Yields what it has seen to so far. Errors: FenceLost.
 * @param began when the reading began
 * @param records how many were read
 */
export async function* applyReading(db: Db, reading: ZoneReading, began: Date, records: number): AsyncGenerator<Counted, void> {
  let after = '';
  let seen: Counted = { sets: 0, records: 0 };
  for (let upTo: string | null = ''; upTo !== null; after = upTo ?? after) {
    upTo = await nextNames(db, reading, after);
    const names: Names = { after, upTo };
    const batch = await transact(db, async (tx) => {
      const progress = { done: seen.records, total: records, unit: 'records stored' };
      const mine = await tx.$queryRaw<unknown[]>`${held(reading, progress)}`;
      if (mine.length !== 1) throw lost(reading.claim);
      // Both tables have just grown or shrunk, and are taken for small: row by row, it would compare each with each.
      await tx.$executeRaw`SET LOCAL enable_nestloop = off`;
      return applyNames(tx, reading, names, began);
    });
    seen = { sets: seen.sets + batch.sets, records: seen.records + batch.records };
    yield seen;
  }
}

/** Those behind `after`, by bytes; null: to the last. */
type Names = { readonly after: string; readonly upTo: string | null };

/** Up to where one transaction goes, by what was read and by what is known: either alone may be a million names. */
async function nextNames(db: Db, { zoneId, id }: ZoneReading, after: string): Promise<string | null> {
  const [next] = await db.$queryRaw<{ name: string | null }[]>`
    SELECT least((SELECT name FROM read_record_set WHERE zone_id = ${zoneId}::uuid AND reading = ${id}::uuid AND name > ${after}
                   ORDER BY name OFFSET ${namesAtOnce - 1} LIMIT 1),
                 (SELECT name FROM zone_record_set WHERE zone_id = ${zoneId}::uuid AND name > ${after}
                   ORDER BY name OFFSET ${namesAtOnce - 1} LIMIT 1)) AS name`;
  return next?.name ?? null;
}

async function applyNames(tx: Reader, { zoneId, id }: ZoneReading, { after, upTo }: Names, began: Date): Promise<Counted> {
  const these = (column: string) => {
    const name = Prisma.raw(column);
    return upTo === null ? Prisma.sql`${name} > ${after}` : Prisma.sql`${name} > ${after} AND ${name} <= ${upTo}`;
  };
  const [counted] = await tx.$queryRaw<Counted[]>`
    WITH taken AS (DELETE FROM read_record_set r WHERE r.zone_id = ${zoneId}::uuid AND r.reading = ${id}::uuid AND ${these('r.name')}
                   RETURNING r.name, r.type, r.ttl, r."values"),
         read AS (SELECT name, type, min(ttl) AS ttl, array_agg(DISTINCT value COLLATE "C" ORDER BY value COLLATE "C") AS "values"
                    FROM taken, unnest("values") AS value GROUP BY name, type),
         looked AS (SELECT l.name FROM read_record_set l
                     WHERE l.zone_id = ${zoneId}::uuid AND l.reading = ${lookedAt}::uuid AND ${these('l.name')}),
         gone AS (DELETE FROM zone_record_set s
                   WHERE s.zone_id = ${zoneId}::uuid AND ${these('s.name')} AND s.observed_at <= ${began}
                     AND NOT EXISTS (SELECT 1 FROM read r WHERE r.name = s.name AND r.type = s.type)),
         fresh AS (INSERT INTO zone_record_set (zone_id, name, type, ttl, "values", observed_at)
                   SELECT ${zoneId}::uuid, r.name, r.type, r.ttl, r."values", ${began} FROM read r
                    WHERE NOT EXISTS (SELECT 1 FROM zone_record_set s
                                       WHERE s.zone_id = ${zoneId}::uuid AND ${these('s.name')} AND s.name = r.name AND s.type = r.type
                                         AND (s.observed_at > ${began} OR (s.ttl = r.ttl AND s."values" = r."values")))
                      AND NOT (r.type = ANY(${namedDataTypes}::text[]) AND r.name IN (SELECT l.name FROM looked l))
                   ON CONFLICT (zone_id, name, type) DO UPDATE
                      SET ttl = excluded.ttl, "values" = excluded."values", observed_at = excluded.observed_at
                    WHERE zone_record_set.observed_at <= ${began})
    SELECT count(*)::int AS sets, coalesce(sum(cardinality("values")), 0)::int AS records FROM read`;
  return counted ?? { sets: 0, records: 0 };
}
