// Looking for certificates has loops of its own, with their own connections: a host or a log that is silent holds up neither a sweep nor
// a place of a lane. Of all workers one at a time is at each, and takes up some of it at once, with a pause after that.
import { setTimeout } from 'node:timers/promises';
import { endSweep, takeSweeps } from '@hostmaster/db/sweep';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { scanNext } from '@hostmaster/usecases/discovery/scan';
import { readNextLog } from '@hostmaster/usecases/transparency/read-logs';

const pauseMilliseconds = 2000;
/** Longer than a turn; a worker that is at it for longer is taken for dead. */
const leaseSeconds = 60;

/** By the name of the sweep that a worker holds while it is at it. */
const turns: Readonly<Record<string, (ctx: WorkerCtx, stop: AbortSignal) => Promise<unknown>>> = {
  discovery: scanNext,
  transparency: readNextLog,
};

export function startDiscovery(ctx: WorkerCtx): { stop(): Promise<void> } {
  const stop = new AbortController();
  const turn = async (sweep: string, work: (typeof turns)[string]): Promise<void> => {
    const [taken] = await takeSweeps(ctx.db, [sweep], leaseSeconds);
    if (taken === undefined) return;
    try {
      await work(ctx, stop.signal);
    } finally {
      await endSweep(ctx.db, sweep, pauseMilliseconds / 1000);
    }
  };
  const loop = async (sweep: string, work: (typeof turns)[string]): Promise<void> => {
    while (!stop.signal.aborted) {
      await turn(sweep, work).catch((error: unknown) => ctx.log.warn({ err: error }, 'A look for certificates failed; it is tried again.'));
      // Ends at once where it is to stop.
      await setTimeout(pauseMilliseconds, undefined, { signal: stop.signal }).catch(() => {});
    }
  };
  const running = Promise.all(Object.entries(turns).map(([sweep, work]) => loop(sweep, work)));
  return {
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}
