// Certificates that were found, as lists read them. What Hostmaster knows of one is derived with every reading: it is ours from the moment
// that it stands among the certificates, and known only until then.
import type { Verdict } from '@hostmaster/core/contract/discovery';
import type { Reader } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { keyset, type PageOf } from './keyset.ts';
import { containing } from './like.ts';

export type DiscoveredFilter = {
  /** Part of a name, the subject or the issuer. */
  readonly search?: string;
  readonly verdict?: Verdict;
  /** Id of a scope, or of a log. */
  readonly scope?: string;
  /** Those that end before. */
  readonly endingBefore?: Date;
  /** Only those that were there when a place last answered, or that stand in a log and have not ended. */
  readonly served: boolean;
};

export type DiscoveredListed = {
  readonly id: string;
  readonly verdict: Verdict;
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly names: string[];
  readonly namesTotal: number;
  readonly serial: string | null;
  readonly keyAlgorithm: string | null;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  readonly unreadable: string | null;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** Places. */
  readonly served: number;
  /** Logs of Certificate Transparency. */
  readonly logs: number;
  readonly precertificate: boolean;
  /** Name and team of a scope that it was seen in and that has one. */
  readonly scopeName: string | null;
  readonly scopeTeam: string | null;
  /** By what it stands in the list. */
  readonly ends: Date;
};

/** What has no end that a cursor can hold stands behind all others. */
const ends = Prisma.sql`least(coalesce(d.not_after, 'infinity'), '9998-12-31T00:00:00Z'::timestamptz)`;
const isOurs = Prisma.sql`EXISTS (SELECT 1 FROM certificate c WHERE c.fingerprint = d.fingerprint)`;
const isKnown = (now: Date): Prisma.Sql => Prisma.sql`coalesce(d.known_until > ${now}::timestamptz, false)`;
const isServed = Prisma.sql`EXISTS (SELECT 1 FROM sighting s WHERE s.certificate_id = d.id AND s.gone_at IS NULL)`;
/** Whoever has it can serve it until its end. */
const isLogged = (now: Date): Prisma.Sql =>
  Prisma.sql`(d.not_after > ${now}::timestamptz AND EXISTS (SELECT 1 FROM log_sighting l WHERE l.certificate_id = d.id))`;

const verdictOf = (now: Date): Prisma.Sql =>
  Prisma.sql`CASE WHEN ${isOurs} THEN 'ours' WHEN ${isKnown(now)} THEN 'known' ELSE 'unknown' END`;

function conditions({ search, verdict, scope, endingBefore, served }: DiscoveredFilter, now: Date): Prisma.Sql {
  const parts = [served ? Prisma.sql`(${isServed} OR ${isLogged(now)})` : Prisma.sql`true`];
  if (search !== undefined) {
    const like = containing(search.toLowerCase());
    parts.push(
      Prisma.sql`(lower(d.subject) LIKE ${like} OR lower(d.issuer) LIKE ${like} OR EXISTS (SELECT 1 FROM unnest(d.names) AS name WHERE name LIKE ${like}))`,
    );
  }
  if (verdict !== undefined) parts.push(Prisma.sql`${verdictOf(now)} = ${verdict}`);
  if (scope !== undefined)
    parts.push(
      Prisma.sql`(EXISTS (SELECT 1 FROM sighting s WHERE s.certificate_id = d.id AND s.scope_id = ${scope}::uuid)
        OR EXISTS (SELECT 1 FROM log_sighting l WHERE l.certificate_id = d.id AND l.log_id = ${scope}::uuid))`,
    );
  if (endingBefore !== undefined) parts.push(Prisma.sql`d.not_after < ${endingBefore}::timestamptz`);
  return Prisma.join(parts, ' AND ');
}

const columns = (now: Date): Prisma.Sql => Prisma.sql`
  d.id, ${verdictOf(now)} AS verdict, d.fingerprint, d.subject, d.issuer, d.names, d.names_total AS "namesTotal", d.serial,
  d.key_algorithm AS "keyAlgorithm", d.not_before AS "notBefore", d.not_after AS "notAfter", d.unreadable,
  d.first_seen_at AS "firstSeenAt", d.last_seen_at AS "lastSeenAt", ${ends} AS ends,
  (SELECT count(*) FROM sighting s WHERE s.certificate_id = d.id AND s.gone_at IS NULL)::int AS served,
  (SELECT count(*) FROM log_sighting l WHERE l.certificate_id = d.id)::int AS logs, d.precertificate,
  told.name AS "scopeName", told.slug AS "scopeTeam"`;

const from = Prisma.sql`
  FROM discovered_certificate d
  LEFT JOIN LATERAL (SELECT scope.name, t.slug FROM sighting s JOIN discovery_scope scope ON scope.id = s.scope_id JOIN team t ON t.id = scope.team_id
                      WHERE s.certificate_id = d.id ORDER BY scope.name LIMIT 1) told ON true`;

/** A page, the first to end first; those that cannot be read are last. */
export function discoveredPage(
  db: Reader,
  filter: DiscoveredFilter,
  { after, order, limit }: PageOf<{ readonly ends: Date; readonly id: string }>,
  now: Date,
): Promise<DiscoveredListed[]> {
  const { condition, orderBy } = keyset(
    { column: ends, order, after: after ? Prisma.sql`${after.ends}::timestamptz` : undefined },
    { column: Prisma.sql`d.id`, order, after: after ? Prisma.sql`${after.id}::uuid` : undefined },
  );
  return db.$queryRaw<DiscoveredListed[]>`
    SELECT ${columns(now)} ${from} WHERE ${conditions(filter, now)} AND ${condition} ORDER BY ${orderBy} LIMIT ${limit}`;
}

/** One of them; null where there is none. */
export async function discoveredById(db: Reader, id: string, now: Date): Promise<DiscoveredListed | null> {
  const [row] = await db.$queryRaw<DiscoveredListed[]>`SELECT ${columns(now)} ${from} WHERE d.id = ${id}::uuid`;
  return row ?? null;
}

/** How many there are, counted up to `most`. */
export async function countDiscovered(db: Reader, filter: DiscoveredFilter, most: number, now: Date): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT 1 FROM discovered_certificate d WHERE ${conditions(filter, now)} LIMIT ${most}) AS counted`;
  return row?.count ?? 0;
}
