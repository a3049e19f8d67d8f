import type { Heartbeat } from '@hostmaster/core/operation/workforce';
import type { Db, Reader } from './client.ts';

export type Worker = { readonly id: string; readonly host: string; readonly pid: number };
export type SeenWorker = Worker & Heartbeat & { readonly startedAt: Date };

/** Of more than that an answer is about the newest. */
const mostWorkers = 100;

/** Notes that a worker lives, by the clock of the database, and whether what ends TLS from its directory shows proofs of control. */
export async function noteHeartbeat(db: Db, { id, host, pid, tlsProofs }: Worker & { readonly tlsProofs: boolean }): Promise<void> {
  await db.$executeRaw`
    INSERT INTO worker_heartbeat (id, host, pid, tls_proofs) VALUES (${id}::uuid, ${host}, ${pid}, ${tlsProofs})
    ON CONFLICT (id) DO UPDATE SET last_seen_at = now(), tls_proofs = excluded.tls_proofs`;
}

/** The workers of the last day, the one that was seen last first. */
export const seenWorkers = (db: Reader): Promise<SeenWorker[]> =>
  db.$queryRaw<SeenWorker[]>`
    SELECT id, host, pid, started_at AS "startedAt", last_seen_at AS "lastSeenAt",
           extract(epoch FROM now() - last_seen_at)::float8 AS "secondsAgo"
      FROM worker_heartbeat ORDER BY last_seen_at DESC, id LIMIT ${mostWorkers}`;
