import type { Reader } from './client.ts';
import { beginning, containing } from './like.ts';

export type EndpointHit = {
  readonly id: string;
  readonly hostname: string;
  readonly view: string;
  readonly team: string;
  readonly state: string;
};

/** Endpoints by a part of their name (those that begin with it first), or that lead to an address. */
export const findEndpoints = (db: Reader, text: string, address: string | null, limit: number): Promise<EndpointHit[]> =>
  db.$queryRaw<EndpointHit[]>`
    SELECT e.id, e.hostname, e.view::text AS view, t.slug AS team, e.state::text AS state
      FROM endpoint e JOIN team t ON t.id = e.team_id
     WHERE e.hostname LIKE ${containing(text)}
        OR (${address}::text IS NOT NULL AND EXISTS (
             SELECT 1 FROM zone_record_set s WHERE s.zone_id = e.zone_id AND s.name = e.hostname AND ${address}::text = ANY(s.values)))
     ORDER BY e.state = 'retired', NOT e.hostname LIKE ${beginning(text)}, e.hostname, e.id
     LIMIT ${limit}`;
