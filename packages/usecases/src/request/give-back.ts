import type { Tx } from '@hostmaster/db/client';
import { unfinished } from '@hostmaster/db/state-lists';
import { startGivingBack } from '../reconcile/start.ts';
import type { LoadedRequest } from './present.ts';

type Ended = Pick<LoadedRequest, 'id' | 'hostname' | 'view' | 'zoneId' | 'endpointId'>;

/** Work for a worker, where work on the request had begun: what that did is given back. */
export async function giveBackBegun(tx: Tx, request: Ended, why: string, now: Date): Promise<void> {
  const begun = await tx.operation.count({ where: { requestId: request.id, state: { in: unfinished } } });
  if (begun > 0) await startGivingBack(tx, request, { reason: `${why}; a worker gives back what was begun.` }, now);
}
