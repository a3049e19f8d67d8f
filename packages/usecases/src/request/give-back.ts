import { unfinishedStates } from '@hostmaster/core/operation/state';
import type { Tx } from '@hostmaster/db/client';
import { startReconcile } from '../reconcile/start.ts';
import type { LoadedRequest } from './present.ts';

type Ended = Pick<LoadedRequest, 'id' | 'hostname' | 'view' | 'zoneId' | 'endpointId'>;

/**
 * Work on a request that may be under way still. `notBefore` is when what its run has just sent must have arrived, so that
 * whoever looks from then on sees all of it.
 */
export async function workBegun(tx: Tx, requestId: string, now: Date): Promise<{ readonly notBefore: Date | undefined } | null> {
  const begun = await tx.operation.findFirst({
    where: { requestId, state: { in: [...unfinishedStates] } },
    select: { leasedUntil: true },
  });
  if (begun === null) return null;
  return { notBefore: begun.leasedUntil !== null && begun.leasedUntil > now ? begun.leasedUntil : undefined };
}

/** Work for a worker, where work on the request had begun: what that did is given back. */
export async function startGivingBack(tx: Tx, request: Ended, why: string, now: Date): Promise<void> {
  const begun = await workBegun(tx, request.id, now);
  if (begun === null) return;
  const { id: requestId, hostname, view, zoneId, endpointId } = request;
  const reason = `${why}; a worker gives back what was begun.`;
  await startReconcile(tx, { purpose: 'cancellation', hostname, view, zoneId, endpointId, requestId, ...begun, reason }, now);
}
