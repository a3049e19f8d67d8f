// Where certificates of endpoints were put, and what was last seen held there.
import type { View } from '@hostmaster/core/dns/view';
import type { DeliveredAs } from '@hostmaster/core/pki/destination';
import type { Db, Reader, Tx } from './client.ts';
import { inUseSql, stayingSql, unfinishedSql } from './state-lists.ts';

export type Held = {
  readonly endpointId: string;
  readonly hostname: string;
  /** Null: the directory of the worker. */
  readonly destinationId: string | null;
  readonly namespace: string;
  /** SHA-256 of the leaf, lower-case hex; null where none is held. */
  readonly fingerprint: string | null;
  /** What it is called there; null where the hostname says it, or nothing is held. */
  readonly called: DeliveredAs | null;
};

/** Writes down what is held for names at one place. @param put whether it was put there just now */
export async function noteHeld(db: Db | Tx, held: readonly Held[], put: boolean, now: Date): Promise<void> {
  for (const { endpointId, hostname, destinationId, namespace, fingerprint, called } of held)
    await db.$executeRaw`
      INSERT INTO delivery (endpoint_id, hostname, destination_id, namespace, fingerprint, reference, used_by, seen_at, delivered_at)
      VALUES (${endpointId}::uuid, ${hostname}, ${destinationId}::uuid, ${namespace}, ${fingerprint}, ${called?.reference ?? null},
              ${[...(called?.usedBy ?? [])]}::text[], ${now}, ${put ? now : null})
      ON CONFLICT (endpoint_id, hostname, destination_id, namespace) DO UPDATE
      SET fingerprint = excluded.fingerprint, reference = excluded.reference, used_by = excluded.used_by, seen_at = excluded.seen_at, delivered_at = coalesce(excluded.delivered_at, delivery.delivered_at)`;
}

type Used = { readonly destinationId: string; readonly user: string; readonly certificates: number };

/** By destination and by each thing that uses what is there, how many certificates that are. */
export const usesOfDeliveries = (db: Reader, destinationIds: readonly string[]): Promise<Used[]> => db.$queryRaw`
  SELECT d.destination_id AS "destinationId", u.name AS "user", count(DISTINCT d.reference)::int AS certificates
    FROM delivery d CROSS JOIN unnest(d.used_by) AS u(name)
   WHERE d.destination_id = ANY(${[...destinationIds]}::uuid[])
   GROUP BY 1, 2 ORDER BY 3 DESC, 2`;

/** Holds the destination until the transaction ends: what somebody else is about to write of it is waited for and seen. */
export async function lockDestination(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM destination WHERE id = ${id}::uuid FOR UPDATE`;
}

type Elsewhere = { readonly id: string; readonly hostname: string; readonly view: View; readonly zoneId: string | null };

/**
 * Endpoints that lead to a cluster whose destination is another one than their certificate was put at, and that nobody works on or has
 * looked at since then. A certificate on the requester's own key is put nowhere.
 */
export const endpointsServedElsewhere = (db: Db, since: Date, limit: number): Promise<Elsewhere[]> => db.$queryRaw`
  SELECT e.id, e.hostname, e.view::text AS view, e.zone_id AS "zoneId"
    FROM endpoint_revision r
    JOIN endpoint e ON e.id = r.endpoint_id AND e.revision = r.number AND e.state IN ${stayingSql}
    JOIN cluster c ON c.slug = r.contract -> 'target' ->> 'cluster'
   WHERE r.contract -> 'target' ? 'cluster' AND r.contract -> 'tls' ->> 'termination' <> 'none' AND NOT r.contract -> 'tls' ? 'csr'
     AND (EXISTS (SELECT 1 FROM delivery d WHERE d.endpoint_id = e.id AND d.destination_id IS DISTINCT FROM c.destination_id)
       OR (c.destination_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.endpoint_id = e.id)
         AND EXISTS (SELECT 1 FROM certificate s WHERE s.endpoint_id = e.id AND s.state IN ${inUseSql})))
     AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.endpoint_id = e.id AND (o.state IN ${unfinishedSql} OR o.finished_at > ${since}))
   ORDER BY e.id LIMIT ${limit}`;
