import type { OtherRecordSet } from '@hostmaster/core/dns/record-set';
import type { Reader } from './client.ts';

/** Of whatever type: a reading keeps also those that Hostmaster does not write. */
export type HeldRecordSet = Omit<OtherRecordSet, 'values'> & {
  readonly values: string[];
  /** The endpoint whose approved revision wants this record set; null where nobody here does. */
  readonly endpointId: string | null;
  readonly team: string | null;
};

/** The record sets of a zone as last read, by name and type, with who holds them. */
export const recordSetsWithHolders = (db: Reader, zoneId: string, limit: number): Promise<HeldRecordSet[]> =>
  db.$queryRaw<HeldRecordSet[]>`
    SELECT s.name, s.type, s.ttl, s.values, e.id AS "endpointId", t.slug AS team
      FROM (SELECT name, type, ttl, "values" FROM zone_record_set WHERE zone_id = ${zoneId}::uuid ORDER BY name, type LIMIT ${limit}) AS s
      LEFT JOIN endpoint e ON e.zone_id = ${zoneId}::uuid AND e.hostname = s.name AND e.state <> 'retired'
       AND EXISTS (SELECT 1
                     FROM endpoint_revision r, jsonb_array_elements(r.record_sets) AS wanted
                    WHERE r.endpoint_id = e.id AND r.number = e.revision AND wanted ->> 'name' = s.name AND wanted ->> 'type' = s.type)
      LEFT JOIN team t ON t.id = e.team_id
     ORDER BY s.name, s.type`;
