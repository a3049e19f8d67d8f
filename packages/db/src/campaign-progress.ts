// How far the certificates are that a campaign has taken up: read from each of them, what was issued after it, and the newest work on
// its endpoint. The words are those of core/campaign/stage.ts.
import { type CampaignStage, movingStages } from '@hostmaster/core/campaign/stage';
import type { CampaignAction } from '@hostmaster/core/campaign/state';
import type { Reader } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { stayingSql, unfinishedSql, unrevokedSql } from './state-lists.ts';

type Followed = { readonly id: string; readonly action: CampaignAction };

const isOver = Prisma.sql`(c.not_after <= k.now OR e.state NOT IN ${stayingSql})`;
const isRequesters = Prisma.sql`k.is_requesters`;
/** Of work that was under way since it was taken up. */
const byWork = Prisma.sql`CASE WHEN w.state = 'failed' THEN 'failed' WHEN w.state IN ${unfinishedSql} AND w.error IS NOT NULL THEN 'held-up' ELSE 'under-way' END`;

const stages: Readonly<Record<CampaignAction, Prisma.Sql>> = {
  replace: Prisma.sql`CASE
    WHEN n.seen THEN 'replaced'
    WHEN n.seen IS NOT NULL THEN CASE WHEN ${isRequesters} OR e.certificate_only THEN 'waiting' ELSE 'issued' END
    WHEN c.state = 'revoked' OR ${isOver} THEN 'ended'
    ELSE ${byWork} END`,
  revoke: Prisma.sql`CASE
    WHEN c.state = 'revoked' THEN CASE
      WHEN n.seen IS NOT NULL OR w.state = 'succeeded' OR e.state NOT IN ${stayingSql} THEN 'revoked'
      WHEN ${isRequesters} THEN 'waiting'
      ELSE ${byWork} END
    WHEN c.revocation_refused_at >= k.taken_at THEN 'failed'
    WHEN c.not_after <= k.now THEN 'ended'
    WHEN n.seen IS NOT NULL AND w.state IS DISTINCT FROM 'failed' THEN 'issued'
    ELSE ${byWork} END`,
};

/** `k`: what was taken up, `n.seen`: whether what was issued after it was seen on the wire, null where nothing was; `w`: the newest work. */
const taken = ({ id }: Followed, now: Date, more: Prisma.Sql = Prisma.empty): Prisma.Sql => Prisma.sql`
  FROM (SELECT t.campaign_id, t.certificate_id, t.taken_at, o.key_id IS NULL AND o.csr IS NOT NULL AS is_requesters, ${now}::timestamptz AS now
          FROM campaign_certificate t JOIN certificate tc ON tc.id = t.certificate_id JOIN certificate_order o ON o.id = tc.order_id
         WHERE t.campaign_id = ${id}::uuid ${more}) k
  JOIN certificate c ON c.id = k.certificate_id
  JOIN endpoint e ON e.id = c.endpoint_id
  LEFT JOIN LATERAL (SELECT bool_or(served_at IS NOT NULL) AS seen FROM certificate
                      WHERE endpoint_id = c.endpoint_id AND issued_at > c.issued_at AND state IN ${unrevokedSql}) n ON true
  LEFT JOIN LATERAL (SELECT state::text AS state, error, reason FROM operation
                      WHERE endpoint_id = c.endpoint_id AND (finished_at IS NULL OR finished_at >= k.taken_at)
                      ORDER BY created_at DESC, id DESC LIMIT 1) w ON true`;

/** How many of those taken up are how far. */
export const countStages = (
  db: Reader,
  followed: Followed,
  now: Date,
): Promise<{ readonly stage: CampaignStage; readonly count: number }[]> =>
  db.$queryRaw<{ stage: CampaignStage; count: number }[]>`
    SELECT stage, count(*)::int AS count FROM (SELECT ${stages[followed.action]} AS stage ${taken(followed, now)}) AS found
     GROUP BY stage ORDER BY stage`;

/** Whether anything that was taken up still moves by itself. */
export async function isMoving(db: Reader, followed: Followed, now: Date): Promise<boolean> {
  const found = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM (SELECT ${stages[followed.action]} AS stage ${taken(followed, now)}) AS found
     WHERE stage = ANY(${[...movingStages]}::text[]) LIMIT 1`;
  return found.length > 0;
}

export type TakenCertificate = {
  readonly certificateId: string;
  readonly serial: string;
  readonly hostname: string;
  readonly endpointId: string;
  readonly team: string;
  readonly stage: CampaignStage;
  readonly takenAt: Date;
  readonly message: string | null;
};

/** A page of them, in the order of their ids. */
export function takenPage(
  db: Reader,
  followed: Followed,
  {
    stage,
    after,
    limit,
    now,
  }: { readonly stage?: CampaignStage | undefined; readonly after: string | null; readonly limit: number; readonly now: Date },
): Promise<TakenCertificate[]> {
  const behind = after === null ? Prisma.empty : Prisma.sql`AND t.certificate_id > ${after}::uuid`;
  return db.$queryRaw<TakenCertificate[]>`
    SELECT * FROM (
      SELECT c.id AS "certificateId", c.serial, e.hostname, e.id AS "endpointId", tm.slug AS team, ${stages[followed.action]} AS stage,
             k.taken_at AS "takenAt",
             CASE WHEN c.revocation_refused_at >= k.taken_at THEN c.revocation_refusal WHEN w.state = 'failed' OR w.state IN ${unfinishedSql} THEN w.reason END AS message
      ${taken(followed, now, behind)} JOIN team tm ON tm.id = e.team_id) AS found
     WHERE ${stage === undefined ? Prisma.sql`true` : Prisma.sql`stage = ${stage}`}
     ORDER BY "certificateId" LIMIT ${limit}`;
}
