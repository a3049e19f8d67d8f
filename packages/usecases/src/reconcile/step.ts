// What the steps of one run share: the claim that every write carries, and how a step ends.
import type { TrailEntry } from '@hostmaster/core/contract/operation';
import { trailEntry } from '@hostmaster/core/contract/operation';
import type { HostmasterError } from '@hostmaster/core/errors';
import type { Lane } from '@hostmaster/core/operation/lane';
import { stepsOf } from '@hostmaster/core/operation/purpose';
import { withEntry as withWord } from '@hostmaster/core/operation/trail';
import type { Tx } from '@hostmaster/db/client';
import { type Claim, extendLease, type Operation, writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { z } from 'zod';
import type { WorkerCtx } from '../context.ts';

/** One claimed operation at work. */
export type Work = {
  readonly ctx: WorkerCtx;
  readonly operation: Operation;
  readonly claim: Claim;
  readonly signal: AbortSignal;
  /** Where it is run; null where steps of every lane are taken. */
  readonly lane: Lane | null;
  /** The time of the run begins anew: for work that has prolonged its lease because it gets on. */
  readonly renew: () => void;
  /** What happened so far, for people to read; nothing is decided by it. */
  trail: TrailEntry[];
  /** What it is at: an error is this step's. `turnTo` alone moves it. */
  readonly step: string;
};

/** A step is done, belongs in another lane, or must wait: for whom, why, and for how long (null: the usual backoff). */
export type StepResult =
  | { readonly outcome: 'done'; readonly message: string }
  | { readonly outcome: 'hand-over'; readonly lane: Lane }
  | {
      readonly outcome: 'wait';
      readonly message: string;
      readonly movesNext: string;
      readonly seconds: number | null;
      readonly error?: HostmasterError;
    };

/** Turns the work to a step: what goes wrong from here on is that step's. */
export function turnTo(work: { step: string }, step: string): void {
  work.step = step;
}

export const done = (message: string): StepResult => ({ outcome: 'done', message });

export const parseTrail = (stored: unknown): TrailEntry[] => z.array(trailEntry).parse(stored);

type Also = (tx: Tx) => Promise<void>;

/**
 * Commits that the step at hand is done (or not needed), together with what it found, and moves on to the next one; writes
 * nothing and throws FenceLost where somebody else has taken over.
 */
export async function stepDone(work: Work, message: string, also?: Also, state: 'done' | 'skipped' = 'done'): Promise<StepResult> {
  const steps: readonly string[] = stepsOf(work.operation.kind, work.operation.purpose);
  const next = steps[steps.indexOf(work.step) + 1] ?? work.step;
  await commit(work, { step: next, reason: message }, { step: work.step, state, message }, also);
  turnTo(work, next);
  return done(message);
}

/** The step is not needed: why. */
export const stepSkipped = (work: Work, message: string, also?: Also): Promise<StepResult> => stepDone(work, message, also, 'skipped');

/** Commits what was found while the step must wait. The wait itself is stored when the run ends (operation/run.ts). */
export async function stepWaits(
  work: Work,
  wait: { readonly message: string; readonly movesNext: string; readonly seconds?: number },
  also?: Also,
): Promise<StepResult> {
  const { message, movesNext, seconds = null } = wait;
  await commit(work, { step: work.step, reason: message }, { step: work.step, state: 'waiting', message }, also);
  return { outcome: 'wait', message, movesNext, seconds };
}

/** Commits one finding of several that a step has, under a name of its own. */
export const stepFound = (work: Work, name: string, state: 'done' | 'failed' | 'skipped', message: string): Promise<void> =>
  commit(work, { step: work.step, reason: message }, { step: name, state, message });

async function commit(
  work: Work,
  data: { readonly step: string; readonly reason: string },
  entry: Omit<TrailEntry, 'at'>,
  also?: Also,
): Promise<void> {
  const trail = withEntry(work, entry);
  const written = { ...data, trail };
  if (also === undefined) await writeOperation(work.ctx.db, work.claim, written);
  else
    await transact(
      work.ctx.db,
      async (tx) => {
        await writeOperation(tx, work.claim, written);
        await also(tx);
      },
      { what: entry.message },
    );
  work.trail = trail;
}

/** The trail with one more word on a step (core/operation/trail.ts). */
export const withEntry = (work: Work, entry: Omit<TrailEntry, 'at'>): TrailEntry[] =>
  withWord(work.trail, { ...entry, at: work.ctx.clock.now().toISOString() });

/**
 * Before something outside is touched: throws FenceLost where somebody else has taken over, and keeps the lease for as
 * long as that may take.
 */
export const holdClaim = (work: Work): Promise<void> => extendLease(work.ctx.db, work.claim, leaseSeconds);

/** Longer than any step's deadline; a worker that dies is taken over after this. */
export const leaseSeconds = 30;
