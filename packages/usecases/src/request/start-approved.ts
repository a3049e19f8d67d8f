import { HostmasterError } from '@hostmaster/core/errors';
import type { Tx } from '@hostmaster/db/client';
import { startReconcile } from '../reconcile/start.ts';

type Approved = NonNullable<Awaited<ReturnType<Tx['request']['findUnique']>>>;

/**
 * What follows from an approval, human or not, in the transaction that approves: work for a worker, which decides once more
 * and makes the endpoint's next revision of it.
 */
export async function startApproved(
  tx: Tx,
  request: Pick<Approved, 'id' | 'kind' | 'hostname' | 'view' | 'zoneId' | 'endpointId'>,
  now: Date,
): Promise<void> {
  const { id, kind, hostname, view, zoneId, endpointId } = request;
  const purpose = kind === 'retire' ? 'retirement' : 'revision';
  const reason = 'Approved; a worker takes it next.';
  const operation = await startReconcile(tx, { purpose, hostname, view, zoneId, endpointId, requestId: id, reason }, now);
  // What is approved takes the place of everything else.
  if (operation === null) throw new HostmasterError('internal', 'Approved work was held up by other work.');
}
