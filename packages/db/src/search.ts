import type { Reader } from './client.ts';
import { type EndpointState, Prisma } from './generated/prisma/client.ts';
import { beginning, containing } from './like.ts';
import { needsAttention } from './needs-attention.ts';
import { ofDatabase } from './zone-record-set.ts';

export type EndpointHit = {
  readonly id: string;
  readonly hostname: string;
  readonly view: string;
  readonly team: string;
  readonly state: EndpointState;
  readonly needsAttention: boolean;
};

/** Endpoints by a part of their name (those that begin with it first), or that lead to an address. */
export const findEndpoints = (db: Reader, text: string, address: string | null, limit: number): Promise<EndpointHit[]> =>
  db.$queryRaw<EndpointHit[]>`
    SELECT e.id, e.hostname, e.view::text AS view, t.slug AS team, e.state::text AS state, ${needsAttention} AS "needsAttention"
      FROM endpoint e JOIN team t ON t.id = e.team_id
     WHERE ${calledOrLeadingTo(text, address)}
     ORDER BY e.state = 'retired', NOT e.hostname LIKE ${beginning(text)}, e.hostname, e.id
     LIMIT ${limit}`;

/** Which endpoints (`e`) have the text, in small letters, in their name, or lead to the address where it is one. */
export const calledOrLeadingTo = (text: string, address: string | null): Prisma.Sql =>
  address === null ? Prisma.sql`e.hostname LIKE ${containing(text)}` : Prisma.sql`e.id IN (${named(text)} UNION ${leadingTo(address)})`;

const named = (text: string): Prisma.Sql => Prisma.sql`SELECT id FROM endpoint WHERE hostname LIKE ${containing(text)}`;

/** From the records, of which an index finds those with an address: asked from the names, each of them would be looked up. */
const leadingTo = (address: string): Prisma.Sql => Prisma.sql`
  SELECT named.id FROM zone_record_set s JOIN endpoint named ON named.zone_id = s.zone_id AND named.hostname = s.name ${ofDatabase}
   WHERE s.type IN ('A', 'AAAA') AND s."values" @> ARRAY[${address}]`;
