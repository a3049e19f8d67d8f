import type { Lane } from '@hostmaster/core/operation/lane';
import { nextDue, type Room, takeCheck } from '@hostmaster/db/next-due';
import { claimOperation } from '@hostmaster/db/operation';
import type { WorkerCtx } from '../context.ts';
import { checkEndpoint } from '../endpoint/check.ts';
import { leaseSeconds } from '../reconcile/step.ts';
import { type RunOutcome, runClaimed } from './run.ts';

/** Something that a worker has taken up, and nobody else has. */
export type Taken = {
  /** In whose share it is done. */
  readonly teamId: string | null;
  /** It was tried before, or nobody waits for it. */
  readonly again: boolean;
  /** Whose operation it is; null for a look at a live endpoint. */
  readonly operationId: string | null;
  /** Errors: those of the database; of a look, not-found too. */
  run(): Promise<RunOutcome | null>;
};

/** Another worker may come first; one that always does leaves nothing to do here. */
const tries = 10;

/** Takes up what is next in a lane, where there is room for it; null where nothing is. Errors: those of the database. */
export async function takeNext(ctx: WorkerCtx, lane: Lane, room: Room): Promise<Taken | null> {
  for (let tried = 0; tried < tries; tried += 1) {
    const due = await nextDue(ctx.db, lane, room);
    if (due === null) return null;
    const { id, teamId, again } = due;
    if (due.kind === 'check') {
      if (!(await takeCheck(ctx.db, id))) continue;
      return { teamId, again, operationId: null, run: () => checkEndpoint(ctx, { endpointId: id }).then(() => null) };
    }
    const operation = await claimOperation(ctx.db, id, leaseSeconds, lane);
    if (operation !== null) return { teamId, again, operationId: id, run: () => runClaimed(ctx, operation, lane) };
  }
  return null;
}
