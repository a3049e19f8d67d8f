// What the steps of one run share: the claim that every write carries, and how a step ends.
import type { TrailEntry } from '@hostmaster/core/contract/operation';
import { trailEntry } from '@hostmaster/core/contract/operation';
import type { HostmasterError } from '@hostmaster/core/errors';
import type { Tx } from '@hostmaster/db/client';
import { type Claim, extendLease, type Operation, writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { z } from 'zod';
import type { WorkerCtx } from '../context.ts';

/** One claimed operation at work. `trail` grows with every committed step; `step` is what it is doing. */
export type Work = {
  readonly ctx: WorkerCtx;
  readonly operation: Operation;
  readonly claim: Claim;
  readonly signal: AbortSignal;
  trail: TrailEntry[];
  /** What it is at: an error is this step's. */
  step: string;
};

/** A step is done, has nothing to do, or must wait: for whom, why, and for how long (null: the usual backoff). */
export type StepResult =
  | { readonly outcome: 'done' | 'skipped'; readonly message: string }
  | {
      readonly outcome: 'wait';
      readonly message: string;
      readonly movesNext: string;
      readonly seconds: number | null;
      readonly error?: HostmasterError;
    };

export const done = (message: string): StepResult => ({ outcome: 'done', message });
export const skipped = (message: string): StepResult => ({ outcome: 'skipped', message });

export const parseTrail = (stored: unknown): TrailEntry[] => z.array(trailEntry).parse(stored);

/**
 * Commits what a step found, in one transaction with the operation's own progress; writes nothing and throws FenceLost
 * where somebody else has taken over.
 */
export async function commitStep(
  work: Work,
  step: string,
  state: TrailEntry['state'],
  message: string,
  also?: (tx: Tx) => Promise<void>,
): Promise<void> {
  const trail = withEntry(work, step, state, message);
  await transact(work.ctx.db, async (tx) => {
    await writeOperation(tx, work.claim, { step, reason: message, trail });
    await also?.(tx);
  });
  work.trail = trail;
  work.step = step;
}

/** The trail with the newest word on a step in the place of an older one. */
export const withEntry = (work: Work, step: string, state: TrailEntry['state'], message: string): TrailEntry[] => [
  ...work.trail.filter((entry) => entry.step !== step),
  { step, state, at: work.ctx.clock.now().toISOString(), message },
];

/**
 * Before something outside is touched: throws FenceLost where somebody else has taken over, and keeps the lease for as
 * long as that may take.
 */
export const holdClaim = (work: Work): Promise<void> => extendLease(work.ctx.db, work.claim, leaseSeconds);

/** Longer than any step's deadline; a worker that dies is taken over after this. */
export const leaseSeconds = 30;
