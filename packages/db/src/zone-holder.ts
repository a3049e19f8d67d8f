import type { OtherRecordSet } from '@hostmaster/core/dns/record-set';
import type { Reader } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { containing } from './like.ts';
import { unretiredSql } from './state-lists.ts';
import { ofDatabase } from './zone-record-set.ts';

/** Of whatever type: a reading keeps also those that Hostmaster does not write. */
export type HeldRecordSet = Omit<OtherRecordSet, 'values'> & {
  readonly values: string[];
  /** The endpoint whose approved revision wants this record set; null where nobody here does. */
  readonly endpointId: string | null;
  readonly team: string | null;
};

type Wanted = {
  readonly zoneId: string;
  /** `part` of a name or of a value, or a type: reads all sets of the zone. `beginning` of a name: reads those that are found. */
  readonly search: { readonly by: 'part' | 'beginning'; readonly text: string } | null;
  readonly limit: number;
};

/** Behind every name that begins so: names are ASCII (RFC 1035 §5.1 escapes what is not). */
const end = '\u007f';

function likeThat(search: Wanted['search']) {
  if (search === null) return Prisma.empty;
  const text = search.text.toLowerCase();
  if (search.by === 'beginning') return Prisma.sql`AND name < ${text + end}`;
  return Prisma.sql`AND (name LIKE ${containing(text)} OR type = ${search.text.toUpperCase()}
                         OR EXISTS (SELECT 1 FROM unnest("values") AS value WHERE lower(value) LIKE ${containing(text)}))`;
}

type Position = { readonly name: string; readonly type: string };
const start: Position = { name: '', type: '' };

/**
 * Where the key begins to be read: two lower bounds, one of them of a pair, would have it read from the lower one on. Names are ASCII, so
 * that they compare here as they do there, by bytes.
 */
function behind(search: Wanted['search'], after: Position) {
  const first = search?.by === 'beginning' ? search.text.toLowerCase() : '';
  const { name, type } = after.name < first ? { name: first, type: '' } : after;
  return Prisma.sql`AND (name, type) > (${name}, ${type})`;
}

/** Record sets of a zone as last read, by name and type, with who holds them: those behind `after`. */
export const recordSetsWithHolders = (
  db: Reader,
  { zoneId, search, after, limit }: Wanted & { readonly after: Position },
): Promise<HeldRecordSet[]> =>
  db.$queryRaw<HeldRecordSet[]>`
    SELECT s.name, s.type, s.ttl, s.values, e.id AS "endpointId", t.slug AS team
      FROM (SELECT name, type, ttl, "values" FROM zone_record_set
             WHERE zone_id = ${zoneId}::uuid ${behind(search, after)} ${likeThat(search)}
             ORDER BY name, type LIMIT ${limit}) AS s
      LEFT JOIN endpoint e ON e.zone_id = ${zoneId}::uuid AND e.hostname = s.name ${ofDatabase} AND e.state IN ${unretiredSql}
       AND EXISTS (SELECT 1
                     FROM endpoint_revision r, jsonb_array_elements(r.record_sets) AS wanted
                    WHERE r.endpoint_id = e.id AND r.number = e.revision AND wanted ->> 'name' = s.name AND wanted ->> 'type' = s.type)
      LEFT JOIN team t ON t.id = e.team_id
     ORDER BY s.name, s.type`;

/** Whether the zone holds more than so many sets, also while it is being stored for the first time. */
export async function holdsMoreThan(db: Reader, zoneId: string, sets: number): Promise<boolean> {
  const found = await db.$queryRaw<unknown[]>`SELECT 1 FROM zone_record_set WHERE zone_id = ${zoneId}::uuid OFFSET ${sets} LIMIT 1`;
  return found.length > 0;
}

/** How many there are, counted up to `limit`. */
export async function countRecordSets(db: Reader, { zoneId, search, limit }: Wanted): Promise<number> {
  const [found] = await db.$queryRaw<{ readonly count: number }[]>`
    SELECT count(*)::int AS count
      FROM (SELECT 1 FROM zone_record_set WHERE zone_id = ${zoneId}::uuid ${behind(search, start)} ${likeThat(search)} LIMIT ${limit}) AS s`;
  return found?.count ?? 0;
}
