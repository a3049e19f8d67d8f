import { advanceEndpoint } from '@hostmaster/core/endpoint/state';
import type { HostmasterError } from '@hostmaster/core/errors';
import { appendAudit } from '@hostmaster/db/audit';
import type { Tx } from '@hostmaster/db/client';
import type { Operation } from '@hostmaster/db/operation';
import { auditActor } from '../actor-audit.ts';
import type { WorkerCtx } from '../context.ts';

/**
 * A request that cannot be applied gives back what it claimed: the endpoint returns to its revision before, and a name
 * that was never live is free again. A request that was applied already keeps its revision; only the work on it failed.
 */
export async function abandonRequest(tx: Tx, ctx: WorkerCtx, operation: Operation, error: HostmasterError, now: Date): Promise<void> {
  const { requestId, endpointId } = operation;
  if (endpointId === null) return;
  const stale = error.code === 'plan-stale' || error.code === 'policy-denied';
  const { count } =
    requestId === null
      ? { count: 0 }
      : await tx.request.updateMany({
          where: { id: requestId, state: 'approved' },
          data: { state: stale ? 'stale' : 'failed', outcome: error.message },
        });
  if (count === 0) {
    await tx.endpoint.updateMany({ where: { id: endpointId }, data: { summary: error.message } });
    return;
  }
  const endpoint = await tx.endpoint.findUniqueOrThrow({ where: { id: endpointId } });
  const before = await tx.endpointRevision.findFirst({
    where: { endpointId, number: { lt: endpoint.revision }, request: { state: 'applied' } },
    orderBy: { number: 'desc' },
    select: { number: true, request: { select: { kind: true } } },
  });
  const neverLive = before === null || before.request.kind === 'retire';
  await tx.endpoint.update({
    where: { id: endpointId },
    data: neverLive
      ? {
          state: advanceEndpoint(advanceEndpoint(endpoint.state === 'retiring' ? 'pending' : endpoint.state, 'retire'), 'observe-gone'),
          summary: null,
          nextCheckAt: null,
          changedAt: now,
        }
      : { revision: before.number, state: 'degraded', summary: error.message, nextCheckAt: now, changedAt: now },
  });
  await appendAudit(tx, {
    ...auditActor(ctx.actor),
    at: now,
    action: stale ? 'request.stale' : 'request.fail',
    subjectKind: 'request',
    subjectId: requestId ?? '',
    subject: endpoint.hostname,
    detail: { code: error.code, reason: error.message },
  });
}
