import { minute } from '@hostmaster/core/duration';
import type { HostmasterError } from '@hostmaster/core/errors';
import type { Tx } from '@hostmaster/db/client';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import { startGivingBack } from './start.ts';
import type { Work } from './step.ts';

/** Before what could not be given back is tried again: somebody has just changed it by hand. */
const againMilliseconds = minute;

/**
 * A request that cannot be applied gives back what it claimed, by work of its own. A request that was applied already keeps
 * its revision; only the work on it failed.
 */
export async function abandonRequest(tx: Tx, work: Work, error: HostmasterError, now: Date): Promise<void> {
  const { requestId, generation } = work.operation;
  if (requestId === null) return giveBackAgain(tx, work, error, now);
  const stale = error.code === 'plan-stale' || error.code === 'policy-denied';
  const given = await transition(tx, 'request', { id: requestId }, stale ? 'ground-moved' : 'fail', { outcome: error.message });
  if (given === 0) return;
  const request = await tx.request.findUniqueOrThrow({
    where: { id: requestId },
    include: { revisions: { select: { number: true }, take: 1 } },
  });
  const { hostname, revisions } = request;
  // Of its own, or of what it took the place of.
  const begun = revisions.length > 0 || generation > 1;
  if (begun) await startGivingBack(tx, request, { reason: 'It could not be applied; what was begun is given back.' }, now);
  const action = stale ? 'request.stale' : 'request.fail';
  await audit(tx, work.ctx, action, { id: requestId, name: hostname }, { code: error.code, reason: error.message }, now);
}

/** What was to be brought back was changed by hand a moment before: it is looked at again, and the rest brought back. */
async function giveBackAgain(tx: Tx, { operation }: Work, error: HostmasterError, now: Date): Promise<void> {
  const { purpose, endpointId } = operation;
  if (error.code !== 'plan-stale' || endpointId === null || (purpose !== 'reversal' && purpose !== 'retirement')) return;
  const { request } = await tx.endpointRevision.findFirstOrThrow({
    where: { endpointId },
    orderBy: { number: 'desc' },
    include: { request: true },
  });
  const notBefore = new Date(now.getTime() + againMilliseconds);
  await startGivingBack(tx, request, { reason: 'It was changed by hand; it is looked at again.', notBefore }, now);
}
