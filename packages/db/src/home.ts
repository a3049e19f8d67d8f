// What waits for somebody, and the figures of the home page: a few queries, each along an index and bounded.
import { moversOfTeam, moversOfZone, tlsServer, zoneOwner } from '@hostmaster/core/operation/moves-next';
import { endingFrom } from '@hostmaster/core/pki/renewal';
import { sourcesBrought } from '@hostmaster/core/pki/source-traits';
import { certificateConditions } from './certificate.ts';
import type { Reader } from './client.ts';
import { columns, type EndpointRead, endpointConditions, joins, type Overall, overall } from './endpoint.ts';
import { Prisma } from './generated/prisma/client.ts';
import { openSql, unfinishedSql } from './state-lists.ts';

/** Whose things are counted and shown: those of some teams, or everybody's. */
export type Whose = readonly string[] | 'everybody';

/** As a list is narrowed to them. */
const narrowedTo = (whose: Whose) => (whose === 'everybody' ? {} : { teamIds: whose });

const askedBy = (whose: Whose): Prisma.Sql =>
  whose === 'everybody' ? Prisma.sql`true` : Prisma.sql`r.team_id = ANY(${[...whose]}::uuid[])`;

/** Requests that are applied while work on them is not over: found from the work, of which little is unfinished. */
const applying = Prisma.sql`SELECT o.request_id AS id FROM operation o JOIN request q ON q.id = o.request_id
  WHERE q.state = 'applied' AND o.purpose <> 'cancellation' AND o.state IN ${unfinishedSql}`;
export const applyingRequests = async (db: Reader): Promise<string[]> =>
  (await db.$queryRaw<{ readonly id: string }[]>`SELECT DISTINCT id FROM (${applying}) AS found`).map(({ id }) => id);

/** Not over, or applied while work on it is not: as the list of open requests has it. */
const isOpen = Prisma.sql`r.id IN (SELECT id FROM request WHERE state IN ${openSql} UNION ${applying})`;

/** What a server answers is what the primary holds: it was changed there, and the team of the name can put it back. */
const isAsPrimary = Prisma.sql`EXISTS (
  SELECT 1 FROM jsonb_array_elements(o.detail -> 'answers') answer WHERE answer -> 'serial' = answer -> 'primarySerial' AND answer ->> 'serial' IS NOT NULL)`;

/**
 * Whose next move it is, in a word: where work is under way, whose it says. What was seen to break since is for the owner of
 * the zone where a name server does not answer as approved, else for the team of the name, as what was given up is.
 */
const movesNext = Prisma.sql`CASE
  WHEN newest.state::text IN ${unfinishedSql} THEN newest.moves_next
  WHEN newest.state::text IS DISTINCT FROM 'failed' AND e.state = 'degraded'
    AND EXISTS (SELECT 1 FROM observation o WHERE o.endpoint_id = e.id AND o.kind = 'dns' AND NOT o.ok AND NOT ${isAsPrimary}) THEN ${zoneOwner}
  ELSE t.slug END`;

/** The team whose need it is; null where it is a platform admin's. */
const needyTeam = Prisma.sql`CASE
  WHEN ${movesNext} = t.slug OR ${movesNext} = ANY(${[...moversOfTeam]}) THEN e.team_id
  WHEN ${movesNext} = ANY(${[...moversOfZone]}) THEN z.owner_team_id END`;

/** What nobody of a team would be told, and what may as well be theirs. */
const ofPlatform = Prisma.sql`(${movesNext} = ${tlsServer} OR NOT EXISTS (
  SELECT 1 FROM membership m JOIN person p ON p.id = m.person_id AND p.disabled_at IS NULL WHERE m.team_id = ${needyTeam}))`;

/** Whose moves are asked for. */
export type Movers = { readonly teams: readonly string[]; readonly platform: boolean };

/**
 * Endpoints that are degraded or stuck and that some teams can mend, or the platform admins, those that are longest so first. It finds
 * them; what is broken and who moves next is for core to say, of the few that were found.
 */
export const troubledEndpoints = (db: Reader, { teams, platform }: Movers, limit: number): Promise<EndpointRead[]> =>
  db.$queryRaw<EndpointRead[]>`
    SELECT ${columns}
      FROM endpoint e ${joins}
      LEFT JOIN LATERAL (SELECT state, moves_next FROM operation WHERE endpoint_id = e.id ORDER BY created_at DESC, id DESC LIMIT 1) newest ON true
     WHERE ${endpointConditions({ attention: true })}
       AND (${needyTeam} = ANY(${[...teams]}::uuid[])${platform ? Prisma.sql` OR ${ofPlatform}` : Prisma.empty})
     ORDER BY e.changed_at, e.id LIMIT ${limit}`;

export type EndingCertificate = {
  readonly serial: string;
  readonly hostname: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly renewAfter: Date;
  /** Its team brings the next one. */
  readonly brought: boolean;
};

/** What counts as ending: in use and this urgent, or more. */
const ending = (whose: Whose, now: Date): Prisma.Sql =>
  certificateConditions({ ...narrowedTo(whose), current: true, atLeast: endingFrom }, now);

/** What is brought is asked for as soon as its end is pressing: whoever buys it needs the time. */
const broughtEnding = (
  whose: Whose,
  now: Date,
): Prisma.Sql => Prisma.sql`(c.issuer_id IN (SELECT id FROM issuer WHERE kind = ANY(${[...sourcesBrought]}::text[]))
  AND ${certificateConditions({ ...narrowedTo(whose), current: true, atLeast: 'warning' }, now)})`;

/** Certificates that end soon and were not renewed, the first to end first. */
export const endingCertificates = (db: Reader, whose: Whose, now: Date, limit: number): Promise<EndingCertificate[]> =>
  db.$queryRaw<EndingCertificate[]>`
    SELECT c.serial, e.hostname, c.not_before AS "notBefore", c.not_after AS "notAfter", c.renew_after AS "renewAfter",
           i.kind = ANY(${[...sourcesBrought]}::text[]) AS brought
      FROM certificate c JOIN endpoint e ON e.id = c.endpoint_id JOIN issuer i ON i.id = c.issuer_id
     WHERE ${ending(whose, now)} OR ${broughtEnding(whose, now)}
     ORDER BY c.not_after, c.id LIMIT ${limit}`;

export type HomeFigures = Overall & {
  readonly endpoints: number;
  readonly openRequests: number;
  readonly endingCertificates: number;
  readonly failingZones: number;
  readonly anyZone: boolean;
  readonly anyGrant: boolean;
};

/** Each counts what a list shows that is narrowed in the same words (features/home/figures.ts of the portal). */
export async function homeFigures(db: Reader, whose: Whose, now: Date): Promise<HomeFigures> {
  const those = narrowedTo(whose);
  const [row] = await db.$queryRaw<HomeFigures[]>`
    SELECT (SELECT count(*) FROM endpoint e WHERE ${endpointConditions(those)})::int AS endpoints,
           ${overall(those, now)},
           (SELECT count(*) FROM request r WHERE ${isOpen} AND ${askedBy(whose)})::int AS "openRequests",
           (SELECT count(*) FROM certificate c JOIN endpoint e ON e.id = c.endpoint_id WHERE ${ending(whose, now)})::int AS "endingCertificates",
           (SELECT count(*) FROM zone WHERE given_up_at IS NULL AND (sync_error IS NOT NULL OR signing_error IS NOT NULL))::int AS "failingZones",
           EXISTS (SELECT 1 FROM zone WHERE given_up_at IS NULL) AS "anyZone",
           EXISTS (SELECT 1 FROM "grant" WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now}::timestamptz)) AS "anyGrant"`;
  return (
    row ?? {
      ...{ endpoints: 0, attention: 0, underWay: 0, unseen: 0, checkedAt: null },
      ...{ openRequests: 0, endingCertificates: 0, failingZones: 0, anyZone: false, anyGrant: false },
    }
  );
}
