// Campaigns as the database reads them: which certificates are in a scope, what a plan counts of them, and which are next. The
// order is that of their expiry, so that those which end first are first; a round goes on behind the last one that was taken up.
import type { CampaignAction } from '@hostmaster/core/campaign/state';
import type { CampaignScope } from '@hostmaster/core/contract/campaign';
import { serialSpellings } from '@hostmaster/core/pki/serial';
import { rootKind, sourcesBrought } from '@hostmaster/core/pki/source-traits';
import type { Reader, Tx } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { literal } from './like.ts';
import { begunSql, inUseSql, stayingSql, unrevokedSql } from './state-lists.ts';

export type Scoped = { readonly action: CampaignAction; readonly scope: CampaignScope; readonly asOf: Date };

/** A root signs no certificate itself: all CAs below it. */
const belowRoots = (slugs: readonly string[]): Prisma.Sql =>
  Prisma.sql`i.root_id IN (SELECT id FROM issuer WHERE slug = ANY(${[...slugs]}::text[]) AND kind = ${rootKind})`;

/** Certificates (`c`, of endpoints `e` of teams `t`, by issuers `i`) that are in the scope and that there is something to do for. */
function inScope({ action, scope, asOf }: Scoped, now: Date): Prisma.Sql {
  const { issuers, keyAlgorithm, team, environment, suffix, issuedAfter, issuedBefore, serials } = scope;
  const parts = [
    Prisma.sql`c.not_after > ${now}::timestamptz AND c.issued_at < ${asOf}::timestamptz`,
    // Nobody but its team replaces what was brought.
    action === 'replace'
      ? Prisma.sql`c.state IN ${inUseSql} AND e.state IN ${stayingSql} AND i.kind <> ALL(${[...sourcesBrought]}::text[])`
      : Prisma.sql`c.state IN ${unrevokedSql}`,
  ];
  if (issuers !== undefined) parts.push(Prisma.sql`(i.slug = ANY(${issuers}::text[]) OR ${belowRoots(issuers)})`);
  if (keyAlgorithm !== undefined) parts.push(Prisma.sql`c.key_algorithm = ${keyAlgorithm}`);
  if (team !== undefined) parts.push(Prisma.sql`t.slug = ${team}`);
  if (environment !== undefined) parts.push(Prisma.sql`e.environment = ${environment}`);
  if (suffix !== undefined) parts.push(Prisma.sql`(e.hostname = ${suffix} OR e.hostname LIKE ${`%.${literal(suffix)}`})`);
  if (issuedAfter !== undefined) parts.push(Prisma.sql`c.issued_at >= ${new Date(issuedAfter)}::timestamptz`);
  if (issuedBefore !== undefined) parts.push(Prisma.sql`c.issued_at < ${new Date(issuedBefore)}::timestamptz`);
  if (serials !== undefined) parts.push(Prisma.sql`c.serial = ANY(${serials.flatMap(serialSpellings)}::text[])`);
  return Prisma.join(parts, ' AND ');
}

const from = Prisma.sql`
  FROM certificate c
  JOIN endpoint e ON e.id = c.endpoint_id
  JOIN team t ON t.id = e.team_id
  JOIN issuer i ON i.id = c.issuer_id
  JOIN certificate_order o ON o.id = c.order_id`;

/** Certificates that have the same team, the same kind of issuer and the same zone. */
export type ScopeGroup = {
  readonly teamId: string;
  readonly team: string;
  readonly kind: string;
  /** One of their names. */
  readonly hostname: string;
  readonly count: number;
  readonly requesterKeys: number;
  /** Whose private key somebody took away. */
  readonly takenKeys: number;
};

/** All that is in a scope, in groups: as many as there are teams and zones, however many certificates. */
export const scopeGroups = (db: Reader, scoped: Scoped, now: Date): Promise<ScopeGroup[]> =>
  db.$queryRaw<ScopeGroup[]>`
    SELECT t.id AS "teamId", t.slug AS team, i.kind, min(e.hostname) AS hostname, count(*)::int AS count,
           count(*) FILTER (WHERE o.key_id IS NULL AND o.csr IS NOT NULL)::int AS "requesterKeys",
           count(*) FILTER (WHERE EXISTS (SELECT 1 FROM key_export x WHERE x.certificate_id = c.id AND x.taken_at IS NOT NULL))::int AS "takenKeys"
    ${from} WHERE ${inScope(scoped, now)}
     GROUP BY t.id, t.slug, i.kind, e.zone_id ORDER BY t.slug, i.kind, hostname`;

/** How many of them end before a time. */
export async function endingInScope(db: Reader, scoped: Scoped, now: Date, before: Date): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count ${from} WHERE ${inScope(scoped, now)} AND c.not_after < ${before}::timestamptz`;
  return row?.count ?? 0;
}

export type RunningCampaign = Scoped & {
  readonly id: string;
  readonly reason: string | null;
  readonly comment: string;
  readonly pace: number;
  readonly askerId: string;
  readonly askerName: string;
  readonly afterNotAfter: Date | null;
  readonly afterId: string | null;
};

/** A campaign that runs, held until the transaction ends: workers take turns, and a pause waits for the round. Null where it does not run. */
export async function holdRunning(tx: Tx, id: string) {
  const held = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM campaign WHERE id = ${id}::uuid AND state = 'running' FOR UPDATE`;
  return held.length === 0 ? null : tx.campaign.findUnique({ where: { id } });
}

export type NextCertificate = {
  readonly id: string;
  readonly serial: string;
  readonly hostname: string;
  readonly notAfter: Date;
  /** Of its issuer. */
  readonly kind: string;
  /** Null where its requester or its issuer keeps the key. */
  readonly keyId: string | null;
  /** Null where its issuer does. */
  readonly csr: Uint8Array | null;
};

/** The next in the scope of a campaign that it has not taken up, the first to expire first. */
export function nextInScope(db: Reader, campaign: RunningCampaign, now: Date, limit: number): Promise<NextCertificate[]> {
  const { id, afterNotAfter, afterId } = campaign;
  const behind =
    afterNotAfter === null || afterId === null
      ? Prisma.sql`true`
      : Prisma.sql`c.not_after >= ${afterNotAfter}::timestamptz AND (c.not_after > ${afterNotAfter}::timestamptz OR c.id > ${afterId}::uuid)`;
  return db.$queryRaw<NextCertificate[]>`
    SELECT c.id, c.serial, e.hostname, c.not_after AS "notAfter", i.kind, o.key_id AS "keyId", o.csr
    ${from}
     WHERE ${inScope(campaign, now)} AND ${behind}
       AND NOT EXISTS (SELECT 1 FROM campaign_certificate k WHERE k.campaign_id = ${id}::uuid AND k.certificate_id = c.id)
     ORDER BY c.not_after, c.id LIMIT ${limit}`;
}

/** Due now, unless they are already. */
export const callForRenewal = (tx: Tx, ids: readonly string[], now: Date): Promise<number> =>
  tx.$executeRaw`
    UPDATE certificate SET renew_after = ${now}::timestamptz
     WHERE id = ANY(${[...ids]}::uuid[]) AND renew_after > ${now}::timestamptz AND state IN ${inUseSql}`;

/** Work that waits for its next try on the endpoints of certificates: it looks at once what is wished of them. */
export const hurryWorkOn = (tx: Tx, ids: readonly string[]): Promise<number> =>
  tx.$executeRaw`
    UPDATE operation SET next_attempt_at = NULL, hurried = true
     WHERE state IN ${begunSql} AND (next_attempt_at IS NOT NULL OR state = 'running')
       AND endpoint_id IN (SELECT endpoint_id FROM certificate WHERE id = ANY(${[...ids]}::uuid[]))`;

/** How many it has taken up since. */
export const takenSince = (db: Reader, campaignId: string, since: Date): Promise<number> =>
  db.campaignCertificate.count({ where: { campaignId, takenAt: { gt: since } } });
