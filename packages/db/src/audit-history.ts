import type { Reader } from './client.ts';

export type HistoryRow = { readonly at: Date; readonly actor: string; readonly action: string; readonly detail: unknown };

/** What happened to an endpoint, its requests and its certificates, the newest first. */
export const endpointHistory = (db: Reader, endpointId: string, limit: number): Promise<HistoryRow[]> =>
  db.$queryRaw<HistoryRow[]>`
    WITH subject(kind, id) AS (
      SELECT 'endpoint', ${endpointId}::text
      UNION ALL SELECT 'request', id::text FROM request WHERE endpoint_id = ${endpointId}::uuid
      UNION ALL SELECT 'certificate', id::text FROM (
        SELECT id FROM certificate WHERE endpoint_id = ${endpointId}::uuid ORDER BY issued_at DESC LIMIT ${limit}::int) AS newest
    )
    SELECT a.at, a.actor_name AS actor, a.action, a.detail
      FROM subject s
      CROSS JOIN LATERAL (
        SELECT * FROM audit_event WHERE subject_kind = s.kind AND subject_id = s.id ORDER BY seq DESC LIMIT ${limit}::int) a
     ORDER BY a.seq DESC
     LIMIT ${limit}::int`;
