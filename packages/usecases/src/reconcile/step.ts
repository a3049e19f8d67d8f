// What the steps of one run share: the claim that every write carries, and how a step ends.
import type { TrailEntry } from '@hostmaster/core/contract/operation';
import { trailEntry } from '@hostmaster/core/contract/operation';
import type { HostmasterError } from '@hostmaster/core/errors';
import type { Tx } from '@hostmaster/db/client';
import { type Claim, type Operation, writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { z } from 'zod';
import type { WorkerCtx } from '../context.ts';

/** One claimed operation at work. `trail` grows with every committed step. */
export type Work = {
  readonly ctx: WorkerCtx;
  readonly operation: Operation;
  readonly claim: Claim;
  readonly signal: AbortSignal;
  trail: TrailEntry[];
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
  const at = work.ctx.clock.now().toISOString();
  const trail = [...work.trail.filter((entry) => entry.step !== step), { step, state, at, message }];
  await transact(work.ctx.db, async (tx) => {
    await writeOperation(tx, work.claim, { step, reason: message, trail });
    await also?.(tx);
  });
  work.trail = trail;
}
