import type { OtherRecordSet } from '@hostmaster/core/dns/record-set';
import type { Reader } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { containing } from './like.ts';

/** Of whatever type: a reading keeps also those that Hostmaster does not write. */
export type HeldRecordSet = Omit<OtherRecordSet, 'values'> & {
  readonly values: string[];
  /** The endpoint whose approved revision wants this record set; null where nobody here does. */
  readonly endpointId: string | null;
  readonly team: string | null;
};

type Wanted = {
  readonly zoneId: string;
  /** A part of a name or of a value, or a type; empty for all. */
  readonly search: string;
  readonly limit: number;
};

const likeThat = (search: string) =>
  search === ''
    ? Prisma.empty
    : Prisma.sql`AND (name LIKE ${containing(search.toLowerCase())} OR type = ${search.toUpperCase()}
                      OR EXISTS (SELECT 1 FROM unnest("values") AS value WHERE lower(value) LIKE ${containing(search.toLowerCase())}))`;

/** Record sets of a zone as last read, by name and type, with who holds them: those behind `after`. */
export const recordSetsWithHolders = (
  db: Reader,
  { zoneId, search, after, limit }: Wanted & { readonly after: { readonly name: string; readonly type: string } },
): Promise<HeldRecordSet[]> =>
  db.$queryRaw<HeldRecordSet[]>`
    SELECT s.name, s.type, s.ttl, s.values, e.id AS "endpointId", t.slug AS team
      FROM (SELECT name, type, ttl, "values" FROM zone_record_set
             WHERE zone_id = ${zoneId}::uuid AND (name, type) > (${after.name}, ${after.type}) ${likeThat(search)}
             ORDER BY name, type LIMIT ${limit}) AS s
      LEFT JOIN endpoint e ON e.zone_id = ${zoneId}::uuid AND e.hostname = s.name AND e.state <> 'retired'
       AND EXISTS (SELECT 1
                     FROM endpoint_revision r, jsonb_array_elements(r.record_sets) AS wanted
                    WHERE r.endpoint_id = e.id AND r.number = e.revision AND wanted ->> 'name' = s.name AND wanted ->> 'type' = s.type)
      LEFT JOIN team t ON t.id = e.team_id
     ORDER BY s.name, s.type`;

/** How many there are, counted up to `limit`. */
export async function countRecordSets(db: Reader, { zoneId, search, limit }: Wanted): Promise<number> {
  const [found] = await db.$queryRaw<{ readonly count: number }[]>`
    SELECT count(*)::int AS count
      FROM (SELECT 1 FROM zone_record_set WHERE zone_id = ${zoneId}::uuid ${likeThat(search)} LIMIT ${limit}) AS s`;
  return found?.count ?? 0;
}
