// The sweep: what nobody nudged. It reads Postgres alone, so a queue that was emptied loses nothing but a few seconds.
import { dueOperations } from '@hostmaster/db/operation';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { takeDueChecks } from '@hostmaster/usecases/sweep/due-checks';
import { startDueRenewals } from '@hostmaster/usecases/sweep/due-renewals';
import { startDueZoneSyncs } from '@hostmaster/usecases/sweep/due-zones';
import { publishDueCrls } from '@hostmaster/usecases/sweep/publish-crls';
import { purgeExpired } from '@hostmaster/usecases/sweep/purge-expired';
import type { JobQueue } from './queue.ts';

const everyMilliseconds = 2000;
const batch = 200;

export type Schedule = { stop(): Promise<void>; lastSweep(): Date | null };

export function startSchedule(ctx: WorkerCtx, queue: JobQueue): Schedule {
  let stopped = false;
  let last: Date | null = null;
  let wake = (): void => {};

  const sweeps: readonly (() => Promise<unknown>)[] = [
    async () =>
      queue.addBulk((await dueOperations(ctx.db, batch)).map((operationId) => ({ name: 'operation.run', data: { operationId } }))),
    async () => queue.addBulk((await takeDueChecks(ctx, batch)).map((endpointId) => ({ name: 'endpoint.check', data: { endpointId } }))),
    () => startDueRenewals(ctx, batch),
    () => startDueZoneSyncs(ctx, batch),
    () => publishDueCrls(ctx),
    hourly(() => purgeExpired(ctx)),
  ];

  const loop = async (): Promise<void> => {
    while (!stopped) {
      for (const sweep of sweeps) {
        // One that fails does not keep the others from running.
        await sweep().catch((error: unknown) =>
          ctx.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'A sweep failed; it is tried again.'),
        );
      }
      last = new Date();
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, everyMilliseconds);
      });
    }
  };
  const running = loop();
  return {
    lastSweep: () => last,
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
}

/** The same work, at most once an hour. */
function hourly(work: () => Promise<unknown>): () => Promise<unknown> {
  let due = 0;
  return async () => {
    if (Date.now() < due) return;
    await work();
    due = Date.now() + 3_600_000;
  };
}
