// Certificates as lists and boards read them: one query whatever the page's size, in the order of the partial index on the
// certificates in use, because a renewed installation holds ten times as many that are not.
import type { CertificateState } from '@hostmaster/core/pki/certificate-state';
import { fullLifetimeDays, type Urgency, urgencies, urgencyWindow } from '@hostmaster/core/pki/renewal';
import { sourcesBrought, sourcesTrustedByRoot } from '@hostmaster/core/pki/source-traits';
import type { Reader } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { keyset, type PageOf } from './keyset.ts';
import { beginning, containing } from './like.ts';
import { inUseSql, unretiredSql } from './state-lists.ts';

export type CertificateFilter = {
  /** Part of a name, or the beginning of a serial. */
  readonly search?: string;
  /** Slugs. */
  readonly team?: string;
  readonly environment?: string;
  readonly issuer?: string;
  readonly urgency?: Urgency;
  /** In use, this urgent or more, and of a name that is not retired. */
  readonly atLeast?: Urgency;
  /** Of endpoints of one of these teams, by id. */
  readonly teamIds?: readonly string[];
  readonly state?: CertificateState;
  /** Issued or served. */
  readonly current: boolean;
  /** In use, of those that browsers hold to 47 days. */
  readonly over47Days?: true;
  /** In use, and renewed by somebody. */
  readonly byHand?: true;
  /** Those that end in [from, until). */
  readonly ending?: { readonly from: Date; readonly until: Date };
};

export type CertificateListed = {
  readonly id: string;
  readonly serial: string;
  readonly state: CertificateState;
  readonly names: string[];
  readonly endpointId: string;
  readonly team: string;
  readonly environment: string;
  /** Its name has a certificate alone. */
  readonly certificateOnly: boolean;
  readonly issuer: string;
  readonly keyAlgorithm: string;
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly renewAfter: Date;
};

const inUse = Prisma.sql`c.state IN ${inUseSql}`;
const daySeconds = 86_400;

/** Days left, scaled as `urgencyOf` does it. */
const scaledDaysLeft = (now: Date) => Prisma.sql`
  (date_part('epoch', c.not_after - ${now}::timestamptz) / ${daySeconds}::int
   / least(1, (date_part('epoch', c.not_after - c.not_before) + 1) / ${fullLifetimeDays * daySeconds}::int))`;

/** @param left an expression for the scaled days left */
function isOfUrgency(urgency: Urgency, left: Prisma.Sql): Prisma.Sql {
  const { from, until } = urgencyWindow(urgency);
  return Prisma.sql`(${from === null ? Prisma.sql`true` : Prisma.sql`${left} >= ${from}::int`}
    AND ${until === null ? Prisma.sql`true` : Prisma.sql`${left} < ${until}::int`})`;
}

/** Scaled days are at most as many as there are: what ends later is seen by its end alone. */
const endsWithin = (days: number, now: Date): Prisma.Sql =>
  Prisma.sql`c.not_after < ${new Date(now.getTime() + days * daySeconds * 1000)}::timestamptz`;

const within = (urgency: Urgency, now: Date): Prisma.Sql => {
  const { until } = urgencyWindow(urgency);
  const judged = isOfUrgency(urgency, scaledDaysLeft(now));
  return until === null ? judged : Prisma.sql`(${judged} AND ${endsWithin(until, now)})`;
};

/** In use, and at least this urgent. */
function urgent(least: Urgency, now: Date): Prisma.Sql {
  const { until } = urgencyWindow(least);
  return until === null ? inUse : Prisma.sql`(${inUse} AND ${scaledDaysLeft(now)} < ${until}::int AND ${endsWithin(until, now)})`;
}

const ofKinds = (kinds: readonly string[]): Prisma.Sql =>
  Prisma.sql`c.issuer_id IN (SELECT id FROM issuer WHERE kind = ANY(${[...kinds]}::text[]))`;
/** Longer than browsers accept from March 2029 on, of CAs that they know. */
const refusedLater = Prisma.sql`(c.not_after - c.not_before >= interval '47 days' AND NOT ${ofKinds(sourcesTrustedByRoot)})`;
const keyElsewhere = Prisma.sql`c.order_id IN (SELECT id FROM certificate_order WHERE key_id IS NULL AND csr IS NOT NULL)`;

/** Which certificates (`c`, of endpoints `e`) the filter leaves. */
export function certificateConditions(filter: CertificateFilter, now: Date): Prisma.Sql {
  const { search, team, teamIds, environment, issuer, urgency, atLeast, state, current, over47Days, byHand, ending } = filter;
  const parts = [state !== undefined ? Prisma.sql`c.state = ${state}::certificate_state` : current ? inUse : Prisma.sql`true`];
  if (search !== undefined) {
    const serial = search.replaceAll(':', '').toUpperCase();
    parts.push(
      // The index is on all names together, with blanks between them.
      Prisma.sql`(names_text(c.names) LIKE ${containing(search.toLowerCase())} OR c.serial LIKE ${beginning(serial)})`,
    );
  }
  if (team !== undefined) parts.push(Prisma.sql`t.slug = ${team}`);
  if (environment !== undefined) parts.push(Prisma.sql`e.environment = ${environment}`);
  if (issuer !== undefined) parts.push(Prisma.sql`i.slug = ${issuer}`);
  if (urgency !== undefined) parts.push(Prisma.sql`${inUse} AND ${within(urgency, now)}`);
  if (atLeast !== undefined) parts.push(Prisma.sql`${urgent(atLeast, now)} AND e.state IN ${unretiredSql}`);
  if (teamIds !== undefined) parts.push(Prisma.sql`e.team_id = ANY(${[...teamIds]}::uuid[])`);
  if (over47Days) parts.push(Prisma.sql`${inUse} AND ${refusedLater}`);
  if (byHand) parts.push(Prisma.sql`${inUse} AND (${keyElsewhere} OR ${ofKinds(sourcesBrought)})`);
  if (ending !== undefined)
    parts.push(Prisma.sql`c.not_after >= ${ending.from}::timestamptz AND c.not_after < ${ending.until}::timestamptz`);
  return Prisma.join(parts, ' AND ');
}

const from = Prisma.sql`
  FROM certificate c
  JOIN endpoint e ON e.id = c.endpoint_id
  JOIN team t ON t.id = e.team_id
  JOIN issuer i ON i.id = c.issuer_id`;

/** Every certificate has an endpoint, a team and an issuer: where nothing is asked of them, they need not be found to be counted. */
const fromForCount = ({ team, teamIds, environment, issuer, atLeast }: CertificateFilter): Prisma.Sql =>
  [team, teamIds, environment, issuer, atLeast].every((each) => each === undefined) ? Prisma.sql`FROM certificate c` : from;

/** A page in the order of expiry. */
export function certificatePage(
  db: Reader,
  filter: CertificateFilter,
  { after, order, limit }: PageOf<{ readonly notAfter: Date; readonly id: string }>,
  now: Date,
): Promise<CertificateListed[]> {
  const { condition, orderBy } = keyset(
    { column: Prisma.sql`c.not_after`, order, after: after ? Prisma.sql`${after.notAfter}::timestamptz` : undefined },
    { column: Prisma.sql`c.id`, order, after: after ? Prisma.sql`${after.id}::uuid` : undefined },
  );
  return db.$queryRaw<CertificateListed[]>`
    SELECT c.id, c.serial, c.state::text AS state, c.names, c.endpoint_id AS "endpointId", t.slug AS team, e.environment, e.certificate_only AS "certificateOnly", i.slug AS issuer,
           c.key_algorithm AS "keyAlgorithm", c.fingerprint, c.not_before AS "notBefore", c.not_after AS "notAfter", c.renew_after AS "renewAfter"
    ${from}
     WHERE ${certificateConditions(filter, now)} AND ${condition}
     ORDER BY ${orderBy} LIMIT ${limit}`;
}

/** How many there are, counted up to `most`. */
export async function countCertificates(db: Reader, filter: CertificateFilter, most: number, now: Date): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT 1 ${fromForCount(filter)} WHERE ${certificateConditions(filter, now)} LIMIT ${most}) AS counted`;
  return row?.count ?? 0;
}

/** Certificates in use by the Monday (UTC) of the week in which they end, as `YYYY-MM-DD`, from `since` for `weeks` weeks. */
export const expiriesByWeek = (db: Reader, since: Date, weeks: number): Promise<{ readonly week: string; readonly count: number }[]> =>
  db.$queryRaw<{ week: string; count: number }[]>`
    SELECT to_char(monday, 'YYYY-MM-DD') AS week, count
      FROM (SELECT date_trunc('week', c.not_after AT TIME ZONE 'UTC') AS monday, count(*)::int AS count
              FROM certificate c
             WHERE ${inUse} AND c.not_after >= ${since}::timestamptz AND c.not_after < ${since}::timestamptz + make_interval(weeks => ${weeks}::int)
             GROUP BY 1) AS by_week
     ORDER BY 1`;

/** `over47Days`: of those that browsers hold to it. `byHand`: renewed by somebody. */
export type ExpiryCounts = {
  readonly total: number;
  readonly over47Days: number;
  readonly byHand: number;
  readonly urgencies: ReadonlyMap<Urgency, number>;
};

/** All certificates in use, by urgency and by the limit on lifetimes that browsers will enforce. */
export async function countByUrgency(db: Reader, now: Date): Promise<ExpiryCounts> {
  const [, ...pressing] = urgencies;
  const counts = pressing.map((urgency) => {
    const counted = Prisma.sql`count(*) FILTER (WHERE ${isOfUrgency(urgency, Prisma.sql`days_left`)})::int`;
    return Prisma.sql`${counted} AS ${Prisma.raw(`"${urgency}"`)}`;
  });
  const first = urgencyWindow('none').from ?? 0;
  const [row] = await db.$queryRaw<Record<string, number>[]>`
    SELECT everything.*, urgent.*,
           (SELECT count(*)::int FROM certificate_order o JOIN certificate c ON c.order_id = o.id
             WHERE o.key_id IS NULL AND o.csr IS NOT NULL AND ${inUse} AND NOT ${ofKinds(sourcesBrought)}) AS "keyElsewhere"
      FROM (SELECT count(*)::int AS total, count(*) FILTER (WHERE ${refusedLater})::int AS over,
                   count(*) FILTER (WHERE ${ofKinds(sourcesBrought)})::int AS brought
              FROM certificate c WHERE ${inUse}) AS everything,
           (SELECT ${Prisma.join(counts)}
              FROM (SELECT ${scaledDaysLeft(now)} AS days_left FROM certificate c WHERE ${inUse} AND ${endsWithin(first, now)}) AS soon) AS urgent`;
  const total = row?.total ?? 0;
  const counted = new Map(pressing.map((urgency) => [urgency, row?.[urgency] ?? 0]));
  const pressed = [...counted.values()].reduce((sum, count) => sum + count, 0);
  const byHand = (row?.brought ?? 0) + (row?.keyElsewhere ?? 0);
  return { total, over47Days: row?.over ?? 0, byHand, urgencies: new Map([['none', total - pressed], ...counted]) };
}
