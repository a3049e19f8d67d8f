// The two lanes of this process: a queue of each wakes its slots, and what a slot takes up the rows say.
import { firstLane, type Lane, lanes } from '@hostmaster/core/operation/lane';
import { heartbeatSeconds } from '@hostmaster/core/operation/workforce';
import { noteTaken } from '@hostmaster/db/lane';
import type { Room } from '@hostmaster/db/next-due';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { type Taken, takeNext } from '@hostmaster/usecases/operation/take-next';
import { checkJob } from './handlers.ts';
import { createLane } from './lane.ts';
import type { JobQueue, QueueBackend } from './queue.ts';

export type Counters = { jobs: number; failed: number };

export type LanesOptions = {
  readonly ctx: WorkerCtx;
  readonly backend: QueueBackend;
  readonly slots: Readonly<Record<Lane, number>>;
  readonly counters: Counters;
};

export type Lanes = {
  readonly queues: Readonly<Record<Lane, JobQueue>>;
  waitUntilReady(): Promise<void>;
  /** Takes up nothing further, and waits for what is under way. */
  stop(): Promise<void>;
};

export function startLanes({ ctx, backend, slots, counters }: LanesOptions): Lanes {
  const queues = { work: backend.createQueue('work'), probes: backend.createQueue('probes') };
  const inTrouble = (error: Error): void => ctx.log.warn({ error: error.message }, 'The queue is in trouble.');

  /** For speed alone: a sweep finds what is due. So nobody waits for a queue that does not answer. */
  const nudge = (lane: Lane, operationId: string, delay: number): void => {
    queues[lane].addBulk([{ name: 'operation.run', data: { operationId }, opts: { delay } }]).catch(inTrouble);
  };
  const run = async ({ run: work, operationId }: Taken): Promise<void> => {
    counters.jobs += 1;
    try {
      const outcome = await work();
      if (operationId === null) return;
      if (outcome?.state === 'waiting') nudge(firstLane, operationId, Math.max(0, outcome.nextAttempt.getTime() - Date.now()));
      if (outcome?.state === 'handed-over') nudge(outcome.lane, operationId, 0);
    } catch (error) {
      counters.failed += 1;
      ctx.log.error({ operation: operationId, error: messageOf(error) }, 'A run failed; the sweep finds its row again.');
    }
  };

  const running = lanes.map((lane) => {
    queues[lane].on('error', inTrouble);
    const runner = createLane({ slots: slots[lane], next: noting(ctx, lane), run });
    const worker = backend.createWorker(
      lane,
      ({ name, data }) => {
        checkJob(name, data);
        return runner.drain();
      },
      slots[lane],
    );
    worker.on('failed', (job, error) => {
      counters.failed += 1;
      ctx.log.error({ job: job?.name, error: error.message }, 'A slot could not take up work; a sweep wakes it again.');
    });
    worker.on('error', inTrouble);
    return { runner, worker };
  });
  return {
    queues,
    waitUntilReady: async () => {
      await Promise.all(running.map(({ worker }) => worker.waitUntilReady()));
    },
    stop: async () => {
      for (const { runner } of running) runner.stop();
      await Promise.all(running.map(({ worker }) => worker.close()));
      await Promise.all(lanes.map((lane) => queues[lane].close()));
    },
  };
}

/** Takes up what is next, and notes that something was, no more often than a heartbeat. */
function noting(ctx: WorkerCtx, lane: Lane): (room: Room) => Promise<Taken | null> {
  let due = 0;
  return async (room) => {
    const taken = await takeNext(ctx, lane, room);
    const now = performance.now();
    if (taken === null || now < due) return taken;
    due = now + heartbeatSeconds * 1000;
    // What was taken up is done, whether or not it can be noted.
    await noteTaken(ctx.db, lane).catch(() => {});
    return taken;
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
