// What waits for somebody, and the figures of the home page: at most five queries, each along an index and bounded.
import type { Urgency } from '@hostmaster/core/contract/certificate';
import { urgencyWindow } from '@hostmaster/core/pki/renewal';
import type { Reader } from './client.ts';
import { needsAttention } from './endpoint.ts';
import { Prisma } from './generated/prisma/client.ts';

export type TroubledEndpoint = { readonly id: string; readonly hostname: string; readonly text: string; readonly since: Date };

/** Endpoints of the teams that are degraded or stuck, those that are longest so first. */
export const troubledEndpoints = (db: Reader, teamIds: readonly string[], limit: number): Promise<TroubledEndpoint[]> =>
  db.$queryRaw<TroubledEndpoint[]>`
    SELECT e.id, e.hostname, coalesce(e.summary, newest.error ->> 'message', newest.reason, e.state::text) AS text, e.changed_at AS since
      FROM endpoint e
      LEFT JOIN LATERAL (SELECT error, reason FROM operation WHERE endpoint_id = e.id ORDER BY created_at DESC, id DESC LIMIT 1) newest ON true
     WHERE e.team_id = ANY(${[...teamIds]}::uuid[]) AND e.state IN ('degraded', 'pending', 'retiring') AND ${needsAttention}
     ORDER BY e.changed_at, e.id LIMIT ${limit}`;

export type EndingCertificate = {
  readonly serial: string;
  readonly hostname: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly renewAfter: Date;
};

/** Certificates in use of the teams that could be urgent: no more days left than `least` allows at any lifetime. */
export function endingCertificates(
  db: Reader,
  teamIds: readonly string[],
  least: Urgency,
  now: Date,
  limit: number,
): Promise<EndingCertificate[]> {
  const until = new Date(now.getTime() + (urgencyWindow(least).until ?? 0) * 86_400_000);
  return db.$queryRaw<EndingCertificate[]>`
    SELECT c.serial, e.hostname, c.not_before AS "notBefore", c.not_after AS "notAfter", c.renew_after AS "renewAfter"
      FROM certificate c JOIN endpoint e ON e.id = c.endpoint_id
     WHERE c.state IN ('issued', 'served') AND c.not_after < ${until}::timestamptz
       AND e.team_id = ANY(${[...teamIds]}::uuid[]) AND e.state <> 'retired'
     ORDER BY c.not_after, c.id LIMIT ${limit}`;
}

export type HomeFigures = {
  readonly endpoints: number;
  readonly attention: number;
  readonly reviews: number;
  readonly openRequests: number;
  readonly checkedAt: Date | null;
};

/** `reviews`: requests that one of the groups still has to decide and that somebody else than the person asked for. */
export async function homeFigures(
  db: Reader,
  asker: { readonly teamIds: readonly string[]; readonly groups: readonly string[]; readonly personId: string | null },
): Promise<HomeFigures> {
  const groups = Prisma.sql`${[...asker.groups]}::text[]`;
  const ofTeams = Prisma.sql`team_id = ANY(${[...asker.teamIds]}::uuid[])`;
  const [row] = await db.$queryRaw<HomeFigures[]>`
    SELECT (SELECT count(*) FROM endpoint e WHERE e.${ofTeams} AND e.state <> 'retired')::int AS endpoints,
           (SELECT count(*) FROM endpoint e WHERE e.${ofTeams} AND e.state IN ('degraded', 'pending', 'retiring') AND ${needsAttention})::int AS attention,
           (SELECT count(*) FROM request r
             WHERE r.state = 'in-review' AND r.requester_id IS DISTINCT FROM ${asker.personId}::uuid
               AND EXISTS (SELECT 1 FROM unnest(r.review_groups) AS g(name)
                            WHERE g.name = ANY(${groups})
                              AND NOT EXISTS (SELECT 1 FROM review v WHERE v.request_id = r.id AND v."group" = g.name)))::int AS reviews,
           (SELECT count(*) FROM request r WHERE r.state IN ('in-review', 'approved') AND r.${ofTeams})::int AS "openRequests",
           (SELECT max(checked_at) FROM endpoint) AS "checkedAt"`;
  return row ?? { endpoints: 0, attention: 0, reviews: 0, openRequests: 0, checkedAt: null };
}
