// Orders that came to nothing, long ago: each try of a source that refuses is one, and whatever they were placed with stays connected for them.
import type { Tx } from './client.ts';
import { vainOrdersSql } from './state-lists.ts';

/**
 * Forgets orders that were refused or given up before a time. The newest of an endpoint stays, whose page tells of it; so does what still has
 * a proof in DNS or at an edge.
 * @returns how many
 */
export const forgetVain = (tx: Tx, { before, limit }: { readonly before: Date; readonly limit: number }): Promise<number> =>
  tx.$executeRaw`
    DELETE FROM certificate_order WHERE id IN (
      SELECT o.id FROM certificate_order o JOIN endpoint e ON e.id = o.endpoint_id
       WHERE o.state IN ${vainOrdersSql} AND o.closed_at < ${before}::timestamptz
         AND (e.state = 'retired' OR EXISTS (SELECT 1 FROM certificate_order n WHERE n.endpoint_id = o.endpoint_id AND n.created_at > o.created_at))
         AND NOT EXISTS (SELECT 1 FROM dns_proof WHERE order_id = o.id)
         AND NOT EXISTS (SELECT 1 FROM tls_proof WHERE order_id = o.id)
       ORDER BY o.closed_at LIMIT ${limit} FOR UPDATE OF o SKIP LOCKED)`;
