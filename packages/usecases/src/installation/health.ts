import { isStanding, isWorking, workforceOf } from '@hostmaster/core/operation/workforce';
import type { Reader } from '@hostmaster/db/client';
import { seenLanes } from '@hostmaster/db/lane';
import { seenWorkers } from '@hostmaster/db/worker-heartbeat';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

/**
 * Whether everything that requests need is there, for monitoring that has no account: `degraded` while no worker works, or none
 * takes up what waits in a lane. It tells no host. Errors: those of the database.
 */
export async function readHealth(db: Reader) {
  const [workers, lanes] = await Promise.all([seenWorkers(db), seenLanes(db)]);
  return {
    status: workforceOf(workers, lanes).state === 'working' ? 'ok' : 'degraded',
    workers: workers.map((worker) => ({
      id: worker.id,
      state: isWorking(worker) ? 'working' : 'silent',
      startedAt: timestampOf(worker.startedAt),
      lastSeenAt: timestampOf(worker.lastSeenAt),
      secondsAgo: Math.max(0, Math.round(worker.secondsAgo)),
    })),
    lanes: lanes.map((seen) => ({
      lane: seen.lane,
      state: isStanding(seen) ? 'standing' : 'working',
      takenAt: timestampOrNull(seen.takenAt),
      waitingSince: timestampOrNull(seen.waitingSince),
    })),
  } as const;
}
