// Certificates that ended long ago and were valid for so short that they would fill the tables: what hangs on them goes with them.
import type { Tx } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';

/**
 * Forgets certificates that another one has taken the place of and that ended before a time, with their orders and the renewals that brought
 * them. What somebody did something with stays: asked for its revocation, took its key, planned a campaign. So does what is revoked, which
 * lists name. Its OCSP response went when it ended, and the audit trail stays as it is.
 * @param days of no longer ones alone; the index `certificate_superseded_short` finds those of seven
 * @returns how many
 */
export async function forgetEnded(
  tx: Tx,
  { before, days, limit }: { readonly before: Date; readonly days: number; readonly limit: number },
): Promise<number> {
  const over = await tx.$queryRaw<{ id: string; order: string }[]>`
    SELECT c.id, c.order_id AS "order" FROM certificate c
     WHERE c.state = 'superseded' AND c.not_after < ${before}::timestamptz
       AND c.not_after - c.not_before <= ${Prisma.raw(`interval '${days} days'`)}
       AND NOT EXISTS (SELECT 1 FROM revocation_request WHERE certificate_id = c.id)
       AND NOT EXISTS (SELECT 1 FROM key_export WHERE certificate_id = c.id)
       AND NOT EXISTS (SELECT 1 FROM campaign_certificate WHERE certificate_id = c.id)
       AND NOT EXISTS (SELECT 1 FROM dns_proof WHERE order_id = c.order_id)
       AND NOT EXISTS (SELECT 1 FROM tls_proof WHERE order_id = c.order_id)
     ORDER BY c.not_after LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  if (over.length === 0) return 0;
  const ids = over.map(({ id }) => id);
  await tx.$executeRaw`
    DELETE FROM operation o USING certificate c
     WHERE c.id = ANY(${ids}::uuid[]) AND o.endpoint_id = c.endpoint_id AND o.purpose = 'renewal' AND o.state = 'succeeded'
       AND o.created_at <= c.issued_at AND o.finished_at >= c.issued_at
       AND NOT EXISTS (SELECT 1 FROM operation part WHERE part.parent_id = o.id)`;
  await tx.certificate.deleteMany({ where: { id: { in: ids } } });
  await tx.certificateOrder.deleteMany({ where: { id: { in: over.map(({ order }) => order) } } });
  return over.length;
}
