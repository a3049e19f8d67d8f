import { type Workforce, workforceOf } from '@hostmaster/core/operation/workforce';
import type { Reader } from '@hostmaster/db/client';
import { seenWorkers } from '@hostmaster/db/worker-heartbeat';

/** Whether anybody works, for whoever waits for it; one query. */
export const readWorkforce = async (db: Reader): Promise<Workforce> => workforceOf(await seenWorkers(db));
