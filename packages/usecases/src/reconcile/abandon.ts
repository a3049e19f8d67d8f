import { invertChanges } from '@hostmaster/core/dns/plan';
import { advanceEndpoint } from '@hostmaster/core/endpoint/state';
import type { HostmasterError } from '@hostmaster/core/errors';
import { appendAudit } from '@hostmaster/db/audit';
import type { Tx } from '@hostmaster/db/client';
import { startOperation } from '@hostmaster/db/operation';
import { auditActor } from '../actor-audit.ts';
import { endpointSubject } from '../request/approve.ts';
import { readContract, readPlan, readPlanChanges, readRecordSets } from '../request/stored.ts';
import type { Work } from './step.ts';

/**
 * A request that cannot be applied gives back what it claimed: the endpoint returns to its revision before, a name that
 * was never live is free again, and records that were written already are taken back by an operation of their own. A
 * request that was applied already keeps its revision; only the work on it failed.
 */
export async function abandonRequest(tx: Tx, work: Work, error: HostmasterError, now: Date): Promise<void> {
  const { requestId, endpointId } = work.operation;
  if (endpointId === null) return;
  const stale = error.code === 'plan-stale' || error.code === 'policy-denied';
  const { count } =
    requestId === null
      ? { count: 0 }
      : await tx.request.updateMany({
          where: { id: requestId, state: 'approved' },
          data: { state: stale ? 'stale' : 'failed', outcome: error.message },
        });
  if (requestId === null || count === 0) {
    await tx.endpoint.updateMany({ where: { id: endpointId }, data: { summary: error.message } });
    return;
  }
  const endpoint = await tx.endpoint.findUniqueOrThrow({ where: { id: endpointId } });
  const before = await tx.endpointRevision.findFirst({
    where: { endpointId, number: { lt: endpoint.revision }, request: { state: 'applied' } },
    orderBy: { number: 'desc' },
    include: { request: { select: { kind: true } } },
  });
  const kept = before === null || before.request.kind === 'retire' ? null : before;
  const written = mayHaveWritten(work);
  if (kept === null) {
    const leaving = endpoint.state === 'retiring' ? endpoint.state : advanceEndpoint(endpoint.state, 'retire');
    const state = written ? leaving : advanceEndpoint(leaving, 'observe-gone');
    await tx.endpoint.update({ where: { id: endpointId }, data: { state, summary: null, nextCheckAt: null, changedAt: now } });
  } else {
    const contract = readContract(kept.contract);
    await tx.endpoint.update({
      where: { id: endpointId },
      data: {
        revision: kept.number,
        state: 'degraded',
        team: { connect: { slug: contract.team } },
        environment: contract.environment ?? endpoint.environment,
        summary: error.message,
        nextCheckAt: now,
        changedAt: now,
      },
    });
  }
  if (written) await takeBack(tx, requestId, endpoint, kept, now);
  await appendAudit(tx, {
    ...auditActor(work.ctx.actor),
    at: now,
    action: stale ? 'request.stale' : 'request.fail',
    subjectKind: 'request',
    subjectId: requestId,
    subject: endpoint.hostname,
    detail: { code: error.code, reason: error.message },
  });
}

/** Whether records of the request may be in the zone: nothing is written before its first admission or by a refused plan. */
const mayHaveWritten = ({ step, operation }: Work): boolean =>
  step !== 'records-applied' && !(step === 'admitted' && operation.attempts === 1);

/** A revision that wants what was there before, and the work that brings it back; its plan is the request's own, inverted. */
async function takeBack(
  tx: Tx,
  requestId: string,
  endpoint: { readonly id: string; readonly zoneId: string; readonly revision: number },
  kept: { readonly contract: unknown; readonly recordSets: unknown } | null,
  now: Date,
): Promise<void> {
  const failed = await tx.endpointRevision.findUniqueOrThrow({
    where: { endpointId_number: { endpointId: endpoint.id, number: endpoint.revision } },
  });
  const number = endpoint.revision + 1;
  const recordSets = kept === null ? [] : readRecordSets(kept.recordSets);
  await tx.endpointRevision.create({
    data: {
      endpointId: endpoint.id,
      number,
      contract: readContract((kept ?? failed).contract),
      recordSets: recordSets.map((set) => ({ ...set, values: [...set.values] })),
      plan: { ...readPlan(failed.plan), changes: JSON.parse(JSON.stringify(invertChanges(readPlanChanges(failed.plan)))) },
      requestId,
      approvedAt: now,
    },
  });
  await tx.endpoint.update({ where: { id: endpoint.id }, data: { revision: number } });
  const message = 'What the failed request had written is taken back.';
  await startOperation(
    tx,
    {
      kind: 'reconcile_endpoint',
      subject: endpointSubject(endpoint.id),
      step: 'admitted',
      reason: message,
      movesNext: 'hostmaster',
      endpointId: endpoint.id,
      zoneId: endpoint.zoneId,
      trail: [{ step: 'admitted', state: 'done', at: now.toISOString(), message }],
    },
    now,
  );
}
