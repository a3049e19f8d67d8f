import { isWorking, workforceOf } from '@hostmaster/core/operation/workforce';
import type { Reader } from '@hostmaster/db/client';
import { seenWorkers } from '@hostmaster/db/worker-heartbeat';
import { timestampOf } from '../timestamp.ts';

/**
 * Whether everything that requests need is there, for monitoring that has no account: `degraded` while no worker works. It
 * tells no host. Errors: those of the database.
 */
export async function readHealth(db: Reader) {
  const workers = await seenWorkers(db);
  return {
    status: workforceOf(workers).state === 'working' ? 'ok' : 'degraded',
    workers: workers.map((worker) => ({
      id: worker.id,
      state: isWorking(worker) ? 'working' : 'silent',
      startedAt: timestampOf(worker.startedAt),
      lastSeenAt: timestampOf(worker.lastSeenAt),
      secondsAgo: Math.max(0, Math.round(worker.secondsAgo)),
    })),
  } as const;
}
