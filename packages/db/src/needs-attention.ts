import { Prisma } from './generated/prisma/client.ts';
import { unfinishedSql, unsettledSql } from './state-lists.ts';

/** Of an endpoint `e`: degraded, or on its way and stopped: by an error, or by something that more than five attempts waited for in vain. */
export const needsAttention = Prisma.sql`(e.state IN ${unsettledSql} AND (e.state = 'degraded' OR coalesce(
  (SELECT (o.error IS NOT NULL AND o.error <> 'null'::jsonb)
       OR (o.state IN ${unfinishedSql} AND o.attempts > CASE o.state WHEN 'running' THEN 6 ELSE 5 END)
     FROM operation o WHERE o.endpoint_id = e.id ORDER BY o.created_at DESC, o.id DESC LIMIT 1), false)))`;
