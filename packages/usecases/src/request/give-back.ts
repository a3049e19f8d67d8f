import type { Tx } from '@hostmaster/db/client';
import { unfinished } from '@hostmaster/db/state-lists';
import { startReconcile } from '../reconcile/start.ts';
import type { LoadedRequest } from './present.ts';

type Ended = Pick<LoadedRequest, 'id' | 'hostname' | 'view' | 'zoneId' | 'endpointId'>;

/** Work for a worker, where work on the request had begun: what that did is given back. */
export async function startGivingBack(tx: Tx, request: Ended, why: string, now: Date): Promise<void> {
  const { id: requestId, hostname, view, zoneId, endpointId } = request;
  const begun = await tx.operation.count({ where: { requestId, state: { in: unfinished } } });
  if (begun === 0) return;
  const reason = `${why}; a worker gives back what was begun.`;
  await startReconcile(tx, { purpose: 'cancellation', hostname, view, zoneId, endpointId, requestId, reason }, now);
}
