import type { Reader } from './client.ts';
import { standingOrdersSql } from './state-lists.ts';

type Counted = {
  readonly issuerId: string;
  readonly after: Date;
  /** Those alone that have a name within this domain; null: whatever their names. */
  readonly domain: string | null;
  /** Those alone for exactly these names, in any order; null: whatever their names. */
  readonly names: readonly string[] | null;
  /** Whether orders count that took the place of a certificate for the same names. */
  readonly renewals: boolean;
  /** Whether orders count that came to nothing, once the CA had them. */
  readonly failed: boolean;
  readonly take: number;
};

/** When orders were placed that a CA counts, the newest first: what it signed, what it has still, and perhaps what it had. */
export async function countedOrders(
  db: Reader,
  { issuerId, after, domain, names, renewals, failed, take }: Counted,
): Promise<readonly Date[]> {
  const rows = await db.$queryRaw<{ createdAt: Date }[]>`
    SELECT o.created_at AS "createdAt" FROM certificate_order o
     WHERE o.issuer_id = ${issuerId}::uuid AND o.created_at > ${after}::timestamptz
       AND (o.state IN ${standingOrdersSql} OR (${failed} AND o.reference IS NOT NULL))
       AND (${domain}::text IS NULL OR EXISTS (SELECT 1 FROM unnest(o.names) AS name WHERE name = ${domain} OR right(name, length(${domain}) + 1) = '.' || ${domain}))
       AND (${names === null} OR (o.names @> ${[...(names ?? [])]}::text[] AND o.names <@ ${[...(names ?? [])]}::text[]))
       AND (${renewals} OR NOT EXISTS (
         SELECT 1 FROM certificate_order before
          WHERE before.endpoint_id = o.endpoint_id AND before.issuer_id = o.issuer_id AND before.created_at < o.created_at
            AND before.state = 'issued' AND before.names = o.names))
     ORDER BY o.created_at DESC LIMIT ${take}`;
  return rows.map(({ createdAt }) => createdAt);
}
