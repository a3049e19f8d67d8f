import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { heartbeatSeconds } from '@hostmaster/core/operation/workforce';
import type { Db } from '@hostmaster/db/client';
import { noteHeartbeat } from '@hostmaster/db/worker-heartbeat';

/**
 * Notes in the database that this process works, no more often than every five seconds. A row stays when its process ends, so
 * that the portal can say since when there is none. Errors: those of the database.
 */
export function createHeartbeat(db: Db): () => Promise<void> {
  const worker = { id: randomUUID(), host: hostname(), pid: process.pid };
  let due = 0;
  return async () => {
    const now = performance.now();
    if (now < due) return;
    await noteHeartbeat(db, worker);
    due = now + heartbeatSeconds * 1000;
  };
}
