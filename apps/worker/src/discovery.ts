// Looking for certificates has a loop of its own, with its own connections: a host that is silent holds up neither a sweep nor a place
// of a lane. Of all workers one at a time is at it, and it takes up some places at once, with a pause after them.
import { setTimeout } from 'node:timers/promises';
import { endSweep, takeSweeps } from '@hostmaster/db/sweep';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { scanNext } from '@hostmaster/usecases/discovery/scan';

const sweep = 'discovery';
const pauseMilliseconds = 2000;
/** Longer than a turn; a worker that is at it for longer is taken for dead. */
const leaseSeconds = 60;

export function startDiscovery(ctx: WorkerCtx): { stop(): Promise<void> } {
  const stop = new AbortController();
  const turn = async (): Promise<void> => {
    const [taken] = await takeSweeps(ctx.db, [sweep], leaseSeconds);
    if (taken === undefined) return;
    try {
      await scanNext(ctx, stop.signal);
    } finally {
      await endSweep(ctx.db, sweep, pauseMilliseconds / 1000);
    }
  };
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await turn().catch((error: unknown) => ctx.log.warn({ err: error }, 'A look for certificates failed; it is tried again.'));
      // Ends at once where it is to stop.
      await setTimeout(pauseMilliseconds, undefined, { signal: stop.signal }).catch(() => {});
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}
