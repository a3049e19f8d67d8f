// Endpoints as lists and pages read them: one query for the page, one for the newest operation and the certificate of each,
// one for the observations. The number of queries does not grow with the page, nor their cost with the table.
import type { Lane } from '@hostmaster/core/operation/lane';
import type { Reader } from './client.ts';
import type { CertificateState, EndpointState, OperationPurpose, OperationState, View } from './generated/prisma/client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { keyset, type PageOf, turned } from './keyset.ts';
import { needsAttention } from './needs-attention.ts';
import { calledOrLeadingTo } from './search.ts';
import { inUseSql, underWaySql, unfinishedSql, unretiredSql } from './state-lists.ts';

export type EndpointFilter = {
  /** Part of the hostname, A-labels. */
  readonly search?: string;
  /** The address that `search` is, where it is one: found are those that lead to it, too. */
  readonly address?: string | null;
  /** Slug. */
  readonly team?: string;
  /** Of one of these teams, by id. */
  readonly teamIds?: readonly string[];
  readonly environment?: string;
  readonly view?: View;
  /** Apex. */
  readonly zone?: string;
  /** Where left out: every state but retired. */
  readonly state?: EndpointState;
  /** Only those that need attention. */
  readonly attention?: boolean;
  /** Only some of these. */
  readonly ids?: readonly string[];
};

export type EndpointRead = {
  readonly id: string;
  readonly hostname: string;
  readonly view: View;
  readonly environment: string;
  readonly state: EndpointState;
  /** Degraded, or on its way and stopped. */
  readonly needsAttention: boolean;
  readonly revision: number;
  readonly changedAt: Date;
  readonly checkedAt: Date | null;
  readonly nextCheckAt: Date | null;
  readonly liveSince: Date | null;
  readonly teamId: string;
  readonly team: string;
  /** Apex; of a zone that was removed, as the plan of the revision names it. */
  readonly zone: string;
  readonly contract: unknown;
  readonly recordSets: unknown;
  /** The revision wants nothing of the name any more. */
  readonly retires: boolean;
  /** It wants a certificate alone. */
  readonly certificateOnly: boolean;
  readonly approvedAt: Date;
  /** Why no CA may sign for its zone, or not for long any more; null where one may. */
  readonly signingError: string | null;
  /** The request that the revision takes back: an earlier one was made of the same. */
  readonly takesBack: { readonly id: string; readonly number: number } | null;
};

/** Of `EndpointRead`, from an endpoint `e` and `joins`: its team `t`, its zone `z`, its wanted revision `r`. */
export const columns = Prisma.sql`
  e.id, e.hostname, e.view::text AS view, e.environment, e.state::text AS state, ${needsAttention} AS "needsAttention", e.revision, e.changed_at AS "changedAt",
  e.checked_at AS "checkedAt", e.next_check_at AS "nextCheckAt", e.live_since AS "liveSince", e.team_id AS "teamId", t.slug AS team,
  coalesce(z.apex, r.plan ->> 'zone') AS zone, r.contract, r.record_sets AS "recordSets", r.retires, e.certificate_only AS "certificateOnly", r.approved_at AS "approvedAt",
  z.signing_error AS "signingError",
  (SELECT json_build_object('id', q.id, 'number', q.number)
     FROM endpoint_revision made JOIN request q ON q.id = made.request_id
    WHERE made.endpoint_id = e.id AND made.number < e.revision AND made.request_id = r.request_id LIMIT 1) AS "takesBack"`;
export const joins = Prisma.sql`
  JOIN team t ON t.id = e.team_id
  LEFT JOIN zone z ON z.id = e.zone_id
  JOIN endpoint_revision r ON r.endpoint_id = e.id AND r.number = e.revision`;

/** Which endpoints (`e`) the filter leaves. */
export function endpointConditions(filter: EndpointFilter): Prisma.Sql {
  const { search, address = null, team, teamIds, environment, view, zone, state, attention, ids } = filter;
  const parts = [state === undefined ? Prisma.sql`e.state IN ${unretiredSql}` : Prisma.sql`e.state = ${state}::endpoint_state`];
  if (search !== undefined) parts.push(calledOrLeadingTo(search.toLowerCase(), address));
  if (team !== undefined) parts.push(Prisma.sql`e.team_id = (SELECT id FROM team WHERE slug = ${team})`);
  if (teamIds !== undefined) parts.push(Prisma.sql`e.team_id = ANY(${[...teamIds]}::uuid[])`);
  if (environment !== undefined) parts.push(Prisma.sql`e.environment = ${environment}`);
  if (view !== undefined) parts.push(Prisma.sql`e.view = ${view}::view`);
  if (zone !== undefined) parts.push(Prisma.sql`e.zone_id IN (SELECT id FROM zone WHERE apex = ${zone})`);
  if (attention === true) parts.push(needsAttention);
  if (ids !== undefined) parts.push(Prisma.sql`e.id = ANY(${[...ids]}::uuid[])`);
  return Prisma.join(parts, ' AND ');
}

/** Work on it is not over: what is broken meanwhile may yet come right, and is not counted as needing attention. */
const isUnderWay = Prisma.sql`(e.state IN ${underWaySql}
  OR e.id IN (SELECT o.endpoint_id FROM operation o WHERE o.state IN ${unfinishedSql} AND o.endpoint_id IS NOT NULL))`;

/** Longer than the periodic look takes to come round with as many endpoints as one installation is measured for. */
const lookedWithinMinutes = 20;

/** What is called live, and was not seen to be lately: nobody looks, or nobody came to it. */
const isUnseen = (now: Date): Prisma.Sql => Prisma.sql`(e.state = 'live'
  AND (e.checked_at IS NULL OR e.checked_at < ${now}::timestamptz - make_interval(mins => ${lookedWithinMinutes}::int)))`;

type ByHostname = PageOf<{ readonly hostname: string; readonly id: string }>;

const byHostname = ({ after, order }: ByHostname) =>
  keyset(
    { column: Prisma.sql`e.hostname`, order, after: after ? Prisma.sql`${after.hostname}` : undefined },
    { column: Prisma.sql`e.id`, order, after: after ? Prisma.sql`${after.id}::uuid` : undefined },
  );

export function endpointsByHostname(db: Reader, filter: EndpointFilter, page: ByHostname): Promise<EndpointRead[]> {
  const { condition, orderBy } = byHostname(page);
  return db.$queryRaw<EndpointRead[]>`
    SELECT ${columns} FROM endpoint e ${joins}
     WHERE ${endpointConditions(filter)} AND ${condition} ORDER BY ${orderBy} LIMIT ${page.limit}`;
}

export function endpointsByChange(
  db: Reader,
  filter: EndpointFilter,
  { after, order, limit }: PageOf<{ readonly changedAt: Date; readonly id: string }>,
): Promise<EndpointRead[]> {
  // As the index has it: the last changed first, and by id from the smallest.
  const { condition, orderBy } = keyset(
    { column: Prisma.sql`e.changed_at`, order, after: after ? Prisma.sql`${after.changedAt}::timestamptz` : undefined },
    { column: Prisma.sql`e.id`, order: turned[order], after: after ? Prisma.sql`${after.id}::uuid` : undefined },
  );
  return db.$queryRaw<EndpointRead[]>`
    SELECT ${columns} FROM endpoint e ${joins}
     WHERE ${endpointConditions(filter)} AND ${condition} ORDER BY ${orderBy} LIMIT ${limit}`;
}

export type ExpiringRead = EndpointRead & { readonly certificateId: string; readonly notAfter: Date };

/** By the end of the newest certificate in use; endpoints without one are not among them. */
export function endpointsByExpiry(
  db: Reader,
  filter: EndpointFilter,
  { after, order, limit }: PageOf<{ readonly notAfter: Date; readonly certificateId: string }>,
): Promise<ExpiringRead[]> {
  const { condition, orderBy } = keyset(
    { column: Prisma.sql`c.not_after`, order, after: after ? Prisma.sql`${after.notAfter}::timestamptz` : undefined },
    { column: Prisma.sql`c.id`, order, after: after ? Prisma.sql`${after.certificateId}::uuid` : undefined },
  );
  return db.$queryRaw<ExpiringRead[]>`
    SELECT ${columns}, c.id AS "certificateId", c.not_after AS "notAfter"
      FROM certificate c JOIN endpoint e ON e.id = c.endpoint_id ${joins}
     WHERE c.state IN ${inUseSql} AND ${endpointConditions(filter)} AND ${newestInUse} AND ${condition}
     ORDER BY ${orderBy} LIMIT ${limit}`;
}

const newestInUse = Prisma.sql`NOT EXISTS (
  SELECT 1 FROM certificate newer
   WHERE newer.endpoint_id = c.endpoint_id AND newer.state IN ${inUseSql} AND (newer.issued_at, newer.id) > (c.issued_at, c.id))`;

/** Those that `endpointsByExpiry` leaves out, by hostname. */
export function endpointsWithoutCertificate(db: Reader, filter: EndpointFilter, page: ByHostname): Promise<EndpointRead[]> {
  const { condition, orderBy } = byHostname(page);
  return db.$queryRaw<EndpointRead[]>`
    SELECT ${columns} FROM endpoint e ${joins}
     WHERE ${endpointConditions(filter)}
       AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.endpoint_id = e.id AND c.state IN ${inUseSql})
       AND ${condition} ORDER BY ${orderBy} LIMIT ${page.limit}`;
}

export async function endpointById(db: Reader, id: string): Promise<EndpointRead | null> {
  const [row] = await db.$queryRaw<EndpointRead[]>`SELECT ${columns} FROM endpoint e ${joins} WHERE e.id = ${id}::uuid`;
  return row ?? null;
}

export type EndpointWork = {
  readonly endpointId: string;
  readonly operation: {
    readonly purpose: OperationPurpose;
    readonly state: OperationState;
    readonly lane: Lane;
    readonly step: string;
    readonly reason: string;
    readonly movesNext: string;
    readonly since: Date;
    readonly nextAttemptAt: Date | null;
    readonly error: unknown;
    readonly trail: unknown;
  } | null;
  /** The newest in use. */
  readonly certificate: {
    readonly serial: string;
    readonly state: CertificateState;
    readonly notBefore: Date;
    readonly notAfter: Date;
    readonly issuedAt: Date;
    /** Where its key was made here and nobody took it away, of a certificate alone: the end of the last one whose key was taken. */
    readonly takenEnds: Date | null;
  } | null;
};

type FlatWork = { endpointId: string; hasOperation: boolean; hasCertificate: boolean } & NonNullable<EndpointWork['operation']> &
  Omit<NonNullable<EndpointWork['certificate']>, 'state'> & { certificateState: CertificateState };

/** Of a certificate alone, `c`, whose key was made here and is here still: when the last one ends whose key its team took, or was revoked. */
const takenBefore = Prisma.sql`
  SELECT max(coalesce(older.revoked_at, older.not_after)) AS ends
    FROM endpoint e
    JOIN certificate older ON older.endpoint_id = e.id AND older.id <> c.id
    JOIN key_export k ON k.certificate_id = older.id AND k.taken_at IS NOT NULL
   WHERE e.id = wanted.id AND e.certificate_only
     AND EXISTS (SELECT 1 FROM certificate own JOIN certificate_order o ON o.id = own.order_id WHERE own.id = c.id AND o.key_id IS NOT NULL)
     AND NOT EXISTS (SELECT 1 FROM key_export own WHERE own.certificate_id = c.id AND own.taken_at IS NOT NULL)`;

/** The newest operation and the certificate of each endpoint. */
export async function workOfEndpoints(db: Reader, ids: readonly string[]): Promise<Map<string, EndpointWork>> {
  const rows = await db.$queryRaw<FlatWork[]>`
    SELECT wanted.id AS "endpointId",
           o.id IS NOT NULL AS "hasOperation", o.purpose::text AS purpose, o.state::text AS state, o.lane::text AS lane, o.step, o.reason, o.moves_next AS "movesNext", o.since,
           o.next_attempt_at AS "nextAttemptAt", o.error, o.trail,
           c.id IS NOT NULL AS "hasCertificate", c.serial, c.state::text AS "certificateState", c.not_before AS "notBefore",
           c.not_after AS "notAfter", c.issued_at AS "issuedAt", taken.ends AS "takenEnds"
      FROM unnest(${[...ids]}::uuid[]) AS wanted(id)
      LEFT JOIN LATERAL (SELECT * FROM operation WHERE endpoint_id = wanted.id ORDER BY created_at DESC, id DESC LIMIT 1) o ON true
      LEFT JOIN LATERAL (SELECT id, serial, state, not_before, not_after, issued_at FROM certificate
                          WHERE endpoint_id = wanted.id AND state IN ${inUseSql}
                          ORDER BY issued_at DESC, id DESC LIMIT 1) c ON true
      LEFT JOIN LATERAL (${takenBefore}) taken ON true`;
  return new Map(
    rows.map(
      ({ endpointId, hasOperation, hasCertificate, serial, certificateState, notBefore, notAfter, issuedAt, takenEnds, ...operation }) => [
        endpointId,
        {
          endpointId,
          operation: hasOperation ? operation : null,
          certificate: hasCertificate ? { serial, state: certificateState, notBefore, notAfter, issuedAt, takenEnds } : null,
        },
      ],
    ),
  );
}

/** What is known of several endpoints together: how many need attention, are worked on, were not looked at lately; the last look at any. */
export type Overall = { readonly attention: number; readonly underWay: number; readonly unseen: number; readonly checkedAt: Date | null };
export type EndpointFigures = Overall & { readonly counted: number };

/** The columns of `Overall`, of the endpoints that the filter leaves. */
export const overall = (filter: EndpointFilter, now: Date): Prisma.Sql => Prisma.sql`
  (SELECT count(*) FROM endpoint e WHERE ${endpointConditions({ ...filter, attention: true })})::int AS attention,
  (SELECT count(*) FROM endpoint e WHERE ${endpointConditions(filter)} AND ${isUnderWay} AND ${needsAttention} IS NOT TRUE)::int AS "underWay",
  (SELECT count(*) FROM endpoint e WHERE ${endpointConditions(filter)} AND ${isUnseen(now)})::int AS unseen,
  (SELECT max(checked_at) FROM endpoint e WHERE ${endpointConditions(filter)}) AS "checkedAt"`;

/** Figures beside a list: how many (counted up to `most`), and what is known of all of them, in whatever state. */
export async function endpointFigures(db: Reader, filter: EndpointFilter, most: number, now: Date): Promise<EndpointFigures> {
  const { state: _, attention: __, ...anyState } = filter;
  const [row] = await db.$queryRaw<EndpointFigures[]>`
    SELECT (SELECT count(*) FROM (SELECT 1 FROM endpoint e WHERE ${endpointConditions(filter)} LIMIT ${most}) AS counted)::int AS counted,
           ${overall(anyState, now)}`;
  return row ?? { counted: 0, attention: 0, underWay: 0, unseen: 0, checkedAt: null };
}
