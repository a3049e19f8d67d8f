// One run of one operation: claim it, advance it as far as the world allows, and leave it finished or waiting with a
// reason and a next attempt. Whoever loses the claim writes nothing.

import { causeChain, type HostmasterError } from '@hostmaster/core/errors';
import { backoffSeconds } from '@hostmaster/core/operation/backoff';
import { firstLane, type Lane } from '@hostmaster/core/operation/lane';
import { hostmaster, nobody, whoeverAsked } from '@hostmaster/core/operation/moves-next';
import { claimOperation, endRun, FenceLost, giveWay, noError, type Operation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { z } from 'zod';
import { carryOut } from '../authority/carry-out.ts';
import type { WorkerCtx } from '../context.ts';
import { runDestinationTest } from '../destination/run-test.ts';
import { runChangeKey } from '../issuer/run-change-key.ts';
import { runIssuerTest } from '../issuer/run-test.ts';
import { sealKey } from '../key-export/seal.ts';
import { abandonRequest } from '../reconcile/abandon.ts';
import { reconcileEndpoint } from '../reconcile/endpoint.ts';
import { leaseSeconds, parseTrail, type StepResult, type Work, withEntry } from '../reconcile/step.ts';
import { runZoneSync } from '../zone/run-sync.ts';
import { runZoneTest } from '../zone/run-test.ts';
import { errorOf, runSeconds } from './run-error.ts';
import { runTime } from './run-time.ts';

/** An error that nobody foresaw, met again and again at the same step for this long, counts as permanent. */
const unforeseenMilliseconds = 120_000;

const runners: Record<Operation['kind'], (work: Work) => Promise<StepResult>> = {
  endpoint: reconcileEndpoint,
  authority: carryOut,
  key: sealKey,
  issuer: (work) => (work.operation.purpose === 'test' ? runIssuerTest(work) : runChangeKey(work)),
  destination: runDestinationTest,
  zone: (work) => (work.operation.purpose === 'test' ? runZoneTest(work) : runZoneSync(work)),
};

export type RunOutcome =
  | { readonly state: 'succeeded' | 'failed' | 'not-ours' }
  | { readonly state: 'handed-over'; readonly lane: Lane }
  | { readonly state: 'waiting'; readonly nextAttempt: Date };

/** Runs an operation from its first step to its last if it is due and free, whatever lane its steps belong in. As `runClaimed`. */
export async function runOperation(ctx: WorkerCtx, { operationId }: { readonly operationId: string }): Promise<RunOutcome> {
  const operation = await claimOperation(ctx.db, operationId, leaseSeconds);
  return operation === null ? { state: 'not-ours' } : runClaimed(ctx, operation, null);
}

/**
 * Runs what was claimed as far as it goes in one lane. Never throws for what the world answers; errors: those of the database.
 * @param lane null: through all of them
 */
export async function runClaimed(ctx: WorkerCtx, operation: Operation, lane: Lane | null): Promise<RunOutcome> {
  const claim = { id: operation.id, fence: operation.fence };
  const { signal, renew, release } = runTime(runSeconds);
  const work: Work = { ctx, operation, lane, claim, signal, renew, trail: parseTrail(operation.trail), step: operation.step };
  try {
    const result = await runners[operation.kind](work);
    if (result.outcome === 'wait') return await wait(work, result);
    if (result.outcome === 'hand-over') return await handOver(work, result.lane);
    return await succeed(work, result.message);
  } catch (error) {
    if (error instanceof FenceLost) return letGo(work);
    try {
      return await afterError(work, error);
    } catch (second) {
      if (second instanceof FenceLost) return letGo(work);
      throw second;
    }
  } finally {
    release();
  }
}

/** Somebody else has taken over, or newer work took its place. */
async function letGo({ ctx, operation }: Work): Promise<RunOutcome> {
  await giveWay(ctx.db, operation);
  return { state: 'not-ours' };
}

async function succeed(work: Work, message: string): Promise<RunOutcome> {
  const now = work.ctx.clock.now();
  await transact(work.ctx.db, (tx) =>
    endRun(tx, work.claim, 'succeed', {
      reason: message,
      movesNext: nobody,
      finishedAt: now,
      nextAttemptAt: null,
      error: noError,
    }),
  );
  return { state: 'succeeded' };
}

/** Of what is wrong in several ways each has its own remedy. */
const remedyOf = ({ violations, remedy: itself }: HostmasterError): string =>
  violations.length === 0 ? itself : [...new Set(violations.map(({ remedy }) => remedy))].join(' ');
const publicError = (error: HostmasterError) => ({ code: error.code, message: error.message, remedy: remedyOf(error) });
const storedError = z.object({ code: z.string() }).nullable().catch(null);

/** Whether the operation stopped at the same step for the same error before; then it has waited since then. */
const asBefore = ({ operation, step }: Work, error: HostmasterError | undefined): boolean =>
  operation.attempts > 1 && operation.step === step && storedError.parse(operation.error)?.code === error?.code;

/** The slot is free for others at once; the next step is taken where it belongs, and the try is the same one still. */
async function handOver(work: Work, lane: Lane): Promise<RunOutcome> {
  const { ctx, operation, step } = work;
  await transact(ctx.db, (tx) =>
    endRun(tx, work.claim, 'wait', {
      lane,
      step,
      reason: 'It is looked at from outside next.',
      movesNext: hostmaster,
      nextAttemptAt: null,
      attempts: { decrement: 1 },
      ...(operation.attempts > 1 && operation.step === step ? {} : { since: ctx.clock.now() }),
    }),
  );
  return { state: 'handed-over', lane };
}

async function wait(work: Work, result: Extract<StepResult, { outcome: 'wait' }>): Promise<RunOutcome> {
  const { ctx, operation, step } = work;
  const { message, movesNext, error } = result;
  const now = ctx.clock.now();
  const seconds = result.seconds ?? backoffSeconds(operation.attempts, ctx.random());
  const nextAttempt = new Date(now.getTime() + seconds * 1000);
  await transact(ctx.db, (tx) =>
    endRun(tx, work.claim, 'wait', {
      // The next try looks at everything again, from the first step on.
      lane: firstLane,
      step,
      reason: message,
      movesNext,
      nextAttemptAt: nextAttempt,
      error: error === undefined ? noError : publicError(error),
      ...(error === undefined ? {} : { trail: withEntry(work, { step, state: 'waiting', message }) }),
      ...(asBefore(work, error) ? {} : { since: now }),
    }),
  );
  return { state: 'waiting', nextAttempt };
}

/** A retryable error waits; a permanent one ends the operation, and gives back what its request had claimed. */
async function afterError(work: Work, thrown: unknown): Promise<RunOutcome> {
  const { ctx, operation, step } = work;
  const error = errorOf(work, thrown);
  ctx.log.warn({ operation: operation.id, code: error.code, attempts: operation.attempts, causes: causeChain(thrown) }, error.message);
  const now = ctx.clock.now();
  const lasting = error.code === 'internal' && asBefore(work, error) && now.getTime() - operation.since.getTime() > unforeseenMilliseconds;
  if (error.kind.retryable && !lasting)
    return wait(work, {
      outcome: 'wait',
      message: error.message,
      movesNext: error.movesNext ?? error.kind.movesNext ?? hostmaster,
      seconds: Math.max(error.retryAfter ?? 0, backoffSeconds(operation.attempts, ctx.random())),
      error,
    });
  await transact(ctx.db, async (tx) => {
    await endRun(tx, work.claim, 'fail', {
      step,
      reason: error.message,
      movesNext: whoeverAsked,
      finishedAt: now,
      nextAttemptAt: null,
      error: publicError(error),
      trail: withEntry(work, { step, state: 'failed', message: error.message }),
    });
    await abandonRequest(tx, work, error, now);
  });
  return { state: 'failed' };
}
