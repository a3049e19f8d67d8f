import type { Published } from '@hostmaster/core/pki/freshness';
import type { Reader } from './client.ts';

export type PublishedStatus = {
  readonly issuerId: string;
  readonly slug: string;
  readonly lists: Published;
  readonly responses: Published;
};

type Row = {
  readonly issuerId: string;
  readonly slug: string;
  readonly listDueAt: Date;
  readonly listUntil: Date | null;
  readonly responseDueAt: Date | null;
  readonly responseUntil: Date | null;
};

/** What each issuer publishes of revocations here, by what is due or ends first: along the indexes, however many responses there are. */
export async function publishedStatus(db: Reader): Promise<PublishedStatus[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT i.id AS "issuerId", i.slug, l.due_at AS "listDueAt", l.until AS "listUntil",
           (SELECT min(refresh_at) FROM ocsp_response WHERE issuer_id = i.id) AS "responseDueAt",
           (SELECT min(next_update) FROM ocsp_response WHERE issuer_id = i.id) AS "responseUntil"
      FROM issuer i JOIN (SELECT issuer_id, min(refresh_at) AS due_at, min(next_update) AS until FROM revocation_list GROUP BY issuer_id) l
        ON l.issuer_id = i.id
     ORDER BY i.slug`;
  return rows.map(({ issuerId, slug, listDueAt, listUntil, responseDueAt, responseUntil }) => ({
    issuerId,
    slug,
    lists: { dueAt: listDueAt, until: listUntil },
    responses: { dueAt: responseDueAt, until: responseUntil },
  }));
}
