import { invertChanges } from '@hostmaster/core/dns/plan';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Tx } from '@hostmaster/db/client';
import { asJson } from '@hostmaster/db/json';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import { readContract, readPlan, readRecordSets } from '../request/stored.ts';
import { startReconcile } from './start.ts';
import { type StepResult, stepDone, type Work } from './step.ts';

/**
 * A request that cannot be applied gives back what it claimed: the endpoint returns to its revision before, a name that
 * was never live is free again, and records that may be written already are taken back by an operation of their own. A
 * request that was applied already keeps its revision; only the work on it failed.
 */
export async function abandonRequest(tx: Tx, work: Work, error: HostmasterError, now: Date): Promise<void> {
  const { requestId } = work.operation;
  if (requestId === null) return;
  const stale = error.code === 'plan-stale' || error.code === 'policy-denied';
  const given = await transition(tx, 'request', { id: requestId }, stale ? 'ground-moved' : 'fail', { outcome: error.message });
  if (given === 0) return;
  const { hostname } = await tx.request.findUniqueOrThrow({ where: { id: requestId }, select: { hostname: true } });
  await giveBack(tx, requestId, now);
  const action = stale ? 'request.stale' : 'request.fail';
  await audit(tx, work.ctx, action, { id: requestId, name: hostname }, { code: error.code, reason: error.message }, now);
}

/** The only step of a cancellation. Errors: not-found; plan-stale where the request is wanted still. */
export async function givenBack(work: Work): Promise<StepResult> {
  const { ctx, operation } = work;
  const request = operation.requestId === null ? null : await ctx.db.request.findUnique({ where: { id: operation.requestId } });
  if (request === null) throw new HostmasterError('not-found', 'The request is gone.');
  if (request.state !== 'cancelled' && request.state !== 'superseded')
    throw new HostmasterError('plan-stale', 'Nobody cancelled the request.');
  return stepDone(work, 'What was begun is given back.', (tx) => giveBack(tx, request.id, ctx.clock.now()));
}

/** Nothing is given back where no revision was made of the request yet, where it was given back before, or where a newer one stands. */
async function giveBack(tx: Tx, requestId: string, now: Date): Promise<void> {
  const failed = await tx.endpointRevision.findFirst({ where: { requestId }, orderBy: { number: 'asc' }, include: { endpoint: true } });
  if (failed === null || failed.number !== failed.endpoint.revision) return;
  const { endpoint, sentAt } = failed;
  const { id } = endpoint;
  const before = await tx.endpointRevision.findFirst({
    where: { endpointId: id, number: { lt: failed.number }, request: { state: 'applied' } },
    orderBy: { number: 'desc' },
    include: { request: { select: { kind: true } } },
  });
  const kept = before === null || before.request.kind === 'retire' ? null : before;
  if (kept === null) {
    await transition(tx, 'endpoint', { id }, 'retire', { nextCheckAt: null, changedAt: now });
    if (sentAt === null) await transition(tx, 'endpoint', { id }, 'observe-gone');
  } else {
    const contract = readContract(kept.contract);
    const team = await tx.team.findUniqueOrThrow({ where: { slug: contract.team }, select: { id: true } });
    await transition(tx, 'endpoint', { id }, 'give-back', {
      revision: kept.number,
      teamId: team.id,
      environment: contract.environment ?? endpoint.environment,
      nextCheckAt: now,
      changedAt: now,
    });
  }
  if (sentAt !== null) await takeBack(tx, failed, kept, now);
}

type Revision = NonNullable<Awaited<ReturnType<Tx['endpointRevision']['findFirst']>>>;

/** A revision that wants what was there before, and the work that brings it back; its plan is the request's own, inverted. */
async function takeBack(
  tx: Tx,
  failed: Revision & { readonly endpoint: Pick<Awaited<ReturnType<Tx['endpoint']['findUniqueOrThrow']>>, 'hostname' | 'view' | 'zoneId'> },
  kept: Revision | null,
  now: Date,
): Promise<void> {
  const { endpointId, requestId, endpoint } = failed;
  const number = failed.number + 1;
  const recordSets = kept === null ? [] : readRecordSets(kept.recordSets);
  const plan = readPlan(failed.plan);
  await tx.endpointRevision.create({
    data: {
      endpointId,
      number,
      contract: readContract((kept ?? failed).contract),
      recordSets: recordSets.map((set) => ({ ...set, values: [...set.values] })),
      plan: asJson({ ...plan, changes: invertChanges(plan.changes) }),
      requestId,
      approvedAt: now,
    },
  });
  await tx.endpoint.update({ where: { id: endpointId }, data: { revision: number } });
  await startReconcile(
    tx,
    {
      purpose: kept === null ? 'retirement' : 'reversal',
      hostname: endpoint.hostname,
      view: endpoint.view,
      zoneId: endpoint.zoneId,
      endpointId,
      reason: 'What the request had written is taken back.',
    },
    now,
  );
}
