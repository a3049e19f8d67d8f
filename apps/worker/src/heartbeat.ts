import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { heartbeatSeconds } from '@hostmaster/core/operation/workforce';
import { noteHeartbeat } from '@hostmaster/db/worker-heartbeat';
import type { WorkerCtx } from '@hostmaster/usecases/context';

/**
 * Notes in the database that this process works, no more often than every five seconds. A row stays when its process ends, so
 * that the portal can say since when there is none. Errors: those of the database.
 */
export function createHeartbeat({ db, handshakeProofs }: Pick<WorkerCtx, 'db' | 'handshakeProofs'>): () => Promise<void> {
  const worker = { id: randomUUID(), host: hostname(), pid: process.pid };
  let due = 0;
  return async () => {
    const now = performance.now();
    if (now < due) return;
    // Where it cannot be seen, nothing is asked for that needs it.
    const tlsProofs = (await handshakeProofs?.areShown().catch(() => false)) ?? false;
    await noteHeartbeat(db, { ...worker, tlsProofs });
    due = now + heartbeatSeconds * 1000;
  };
}
