// One run of one operation: claim it, advance it as far as the world allows, and leave it finished or waiting with a
// reason and a next attempt. Whoever loses the claim writes nothing.

import { asHostmasterError, causeChain, type HostmasterError } from '@hostmaster/core/errors';
import { backoffSeconds } from '@hostmaster/core/operation/backoff';
import { claimOperation, FenceLost, noError, type Operation, writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { abandonRequest } from '../reconcile/abandon.ts';
import { reconcileEndpoint } from '../reconcile/endpoint.ts';
import { parseTrail, type StepResult, type Work } from '../reconcile/step.ts';
import { runZoneSync } from '../zone/run-sync.ts';
import { runZoneTest } from '../zone/run-test.ts';

/** Longer than any step's deadline; a worker that dies is taken over after this. */
const leaseSeconds = 30;
/** An error that nobody foresaw is tried again this often before it counts as permanent. */
const unforeseenTries = 8;

const runners: Record<Operation['kind'], (work: Work) => Promise<StepResult>> = {
  reconcile_endpoint: reconcileEndpoint,
  test_zone: runZoneTest,
  sync_zone: runZoneSync,
};

export type RunOutcome =
  | { readonly state: 'succeeded' | 'failed' | 'not-ours' }
  | { readonly state: 'waiting'; readonly nextAttempt: Date };

/** Runs an operation if it is due and free. Never throws for what the world answers; errors: those of the database. */
export async function runOperation(ctx: WorkerCtx, { operationId }: { readonly operationId: string }): Promise<RunOutcome> {
  const operation = await claimOperation(ctx.db, operationId, leaseSeconds);
  if (operation === null) return { state: 'not-ours' };
  const claim = { id: operation.id, fence: operation.fence };
  const work: Work = { ctx, operation, claim, signal: AbortSignal.timeout((leaseSeconds - 2) * 1000), trail: parseTrail(operation.trail) };
  try {
    const result = await runners[operation.kind](work);
    if (result.outcome === 'wait') return await wait(work, result);
    return await succeed(work, result.message);
  } catch (error) {
    if (error instanceof FenceLost) return { state: 'not-ours' };
    try {
      return await afterError(work, error);
    } catch (second) {
      if (second instanceof FenceLost) return { state: 'not-ours' };
      throw second;
    }
  }
}

async function succeed(work: Work, message: string): Promise<RunOutcome> {
  const now = work.ctx.clock.now();
  await writeOperation(work.ctx.db, work.claim, {
    state: 'succeeded',
    reason: message,
    movesNext: 'nobody',
    finishedAt: now,
    nextAttemptAt: null,
    leasedUntil: null,
    error: noError,
  });
  return { state: 'succeeded' };
}

const publicError = (error: HostmasterError) => ({ code: error.code, message: error.message, remedy: error.kind.remedy });

async function wait(work: Work, result: Extract<StepResult, { outcome: 'wait' }>): Promise<RunOutcome> {
  const { ctx, operation } = work;
  const now = ctx.clock.now();
  const seconds = result.seconds ?? backoffSeconds(operation.attempts, ctx.random());
  const nextAttempt = new Date(now.getTime() + seconds * 1000);
  await transact(ctx.db, async (tx) => {
    await writeOperation(tx, work.claim, {
      state: 'waiting',
      reason: result.message,
      movesNext: result.movesNext,
      nextAttemptAt: nextAttempt,
      leasedUntil: null,
      ...(operation.state === 'waiting' ? {} : { since: now }),
      ...(result.error ? { error: publicError(result.error) } : {}),
    });
    if (operation.endpointId !== null)
      await tx.endpoint.updateMany({ where: { id: operation.endpointId }, data: { summary: result.message } });
  });
  return { state: 'waiting', nextAttempt };
}

/** A retryable error waits; a permanent one ends the operation, and gives back what its request had claimed. */
async function afterError(work: Work, thrown: unknown): Promise<RunOutcome> {
  const { ctx, operation } = work;
  const error = asHostmasterError(thrown);
  ctx.log.warn({ operation: operation.id, code: error.code, attempts: operation.attempts, causes: causeChain(thrown) }, error.message);
  const mayRetry = error.kind.retryable && (error.code !== 'internal' || operation.attempts < unforeseenTries);
  if (mayRetry)
    return wait(work, { outcome: 'wait', message: error.message, movesNext: 'hostmaster', seconds: error.retryAfter ?? null, error });
  const now = ctx.clock.now();
  const step = failedStep(work);
  const trail = [
    ...work.trail.filter((entry) => entry.step !== step),
    { step, state: 'failed', at: now.toISOString(), message: error.message },
  ];
  await transact(ctx.db, async (tx) => {
    await writeOperation(tx, work.claim, {
      state: 'failed',
      step,
      reason: error.message,
      movesNext: 'whoever asked',
      finishedAt: now,
      nextAttemptAt: null,
      leasedUntil: null,
      error: publicError(error),
      trail,
    });
    await abandonRequest(tx, ctx, operation, error, now);
  });
  return { state: 'failed' };
}

const order = ['admitted', 'records-applied', 'records-verified', 'certificate-issued', 'certificate-served', 'reachable'];

/** The step after the last one that was done: the one that failed. */
function failedStep(work: Work): string {
  if (work.operation.kind !== 'reconcile_endpoint') return work.operation.step;
  const finished = new Set(work.trail.filter(({ state }) => state === 'done' || state === 'skipped').map(({ step }) => step));
  return order.find((step) => !finished.has(step)) ?? 'reachable';
}
