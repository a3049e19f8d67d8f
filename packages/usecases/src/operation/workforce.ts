import { type Workforce, workforceOf } from '@hostmaster/core/operation/workforce';
import type { Reader } from '@hostmaster/db/client';
import { seenLanes } from '@hostmaster/db/lane';
import { seenWorkers } from '@hostmaster/db/worker-heartbeat';

/** Whether anybody works, for whoever waits for it; two queries. */
export async function readWorkforce(db: Reader): Promise<Workforce> {
  const [workers, lanes] = await Promise.all([seenWorkers(db), seenLanes(db)]);
  return workforceOf(workers, lanes);
}
