// The sweeps: what nobody nudged. They read Postgres alone, so a queue that was emptied loses nothing but a few seconds; and
// they are shared out between the workers, so that more workers do not look for the same more often.
import type { JobName, JobPayload } from '@hostmaster/core/contract/jobs';
import type { Lane } from '@hostmaster/core/operation/lane';
import { noteWaiting } from '@hostmaster/db/lane';
import { dueIn } from '@hostmaster/db/next-due';
import { endSweep, takeSweeps } from '@hostmaster/db/sweep';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { forgetGone } from '@hostmaster/usecases/discovery/forget';
import { forgetBrought } from '@hostmaster/usecases/import/forget';
import { prepareInstallation } from '@hostmaster/usecases/installation/prepare';
import { coverZones } from '@hostmaster/usecases/issuer/cover-zones';
import { startAskedRevocations } from '@hostmaster/usecases/sweep/asked-revocations';
import { runCampaigns } from '@hostmaster/usecases/sweep/campaigns';
import { startDueRenewals } from '@hostmaster/usecases/sweep/due-renewals';
import { startDueZoneSyncs } from '@hostmaster/usecases/sweep/due-zones';
import { forgetEndedCertificates, forgetVainOrders } from '@hostmaster/usecases/sweep/forget-ended';
import { forgetKeys } from '@hostmaster/usecases/sweep/forget-keys';
import { startMovedDeliveries } from '@hostmaster/usecases/sweep/moved-deliveries';
import { publishDueCrls } from '@hostmaster/usecases/sweep/publish-crls';
import { purgeExpired } from '@hostmaster/usecases/sweep/purge-expired';
import { refreshOcsp } from '@hostmaster/usecases/sweep/refresh-ocsp';
import type { JobQueue } from './queue.ts';

const lookMilliseconds = 1000;
const everySeconds = 2;
/** A worker that is longer than this over a sweep is taken for dead; two at it do no harm. */
const leaseSeconds = 10;
const batch = 200;
/** OCSP responses of one issuer: a tenth of a second of signing, and a million within the hour. */
const signed = 1000;
/** Slots that one sweep wakes at most; each goes on for as long as anything is due. */
const wakes = 16;

export type Schedule = { stop(): Promise<void>; lastLook(): Date | null };

type Sweep = { readonly every: number; readonly work: () => Promise<unknown> };

/**
 * @param queues one for each lane
 * @param heartbeat told with every look and before every sweep, so that one that hangs is not heard of any more
 */
export function startSchedule(ctx: WorkerCtx, queues: Readonly<Record<Lane, JobQueue>>, heartbeat: () => Promise<void>): Schedule {
  let stopped = false;
  let last: Date | null = null;
  let wake = (): void => {};

  /** Wakes slots for what is due. Of a row there is at most one job that a sweep made, however long the queue is. */
  const wakeLane = async (lane: Lane): Promise<void> => {
    const { operations, endpoints } = await dueIn(ctx.db, lane, wakes);
    await noteWaiting(ctx.db, lane, operations.length + endpoints.length > 0);
    const job = <N extends JobName>(name: N, id: string, data: JobPayload<N>) => ({ name, data, opts: { jobId: `swept.${name}.${id}` } });
    await queues[lane].addBulk([
      ...operations.map((operationId) => job('operation.run', operationId, { operationId })),
      ...endpoints.map((endpointId) => job('endpoint.check', endpointId, { endpointId })),
    ]);
  };
  const sweeps: Readonly<Record<string, Sweep>> = {
    work: { every: everySeconds, work: () => wakeLane('work') },
    probes: { every: everySeconds, work: () => wakeLane('probes') },
    renewals: { every: everySeconds, work: () => startDueRenewals(ctx, batch) },
    // Nobody waits for it: where its cluster was attached is an administrator's doing.
    deliveries: { every: 15, work: () => startMovedDeliveries(ctx, batch) },
    revocations: { every: everySeconds, work: () => startAskedRevocations(ctx, batch) },
    campaigns: { every: everySeconds, work: () => runCampaigns(ctx) },
    zones: { every: everySeconds, work: () => startDueZoneSyncs(ctx, batch) },
    crls: { every: everySeconds, work: () => publishDueCrls(ctx) },
    ocsp: { every: everySeconds, work: () => refreshOcsp(ctx, signed) },
    // There from the first start on, unless its key is to be in a token that was not there then.
    root: { every: 15, work: async () => (await prepareInstallation(ctx)) && coverZones(ctx) },
    keys: { every: 60, work: () => forgetKeys(ctx) },
    ended: { every: 60, work: () => forgetEndedCertificates(ctx, batch) },
    vain: { every: 3600, work: () => forgetVainOrders(ctx, batch) },
    brought: { every: 60, work: () => forgetBrought(ctx) },
    discovered: { every: 3600, work: () => forgetGone(ctx) },
    expired: { every: 3600, work: () => purgeExpired(ctx) },
  };

  const sweep = async (name: string): Promise<void> => {
    const wanted = sweeps[name];
    if (wanted === undefined) return;
    await heartbeat();
    // One that fails does not keep the others from running.
    await wanted
      .work()
      .catch((error: unknown) => ctx.log.warn({ sweep: name, error: messageOf(error) }, 'A sweep failed; it is tried again.'));
    await endSweep(ctx.db, name, wanted.every);
  };
  const loop = async (): Promise<void> => {
    while (!stopped) {
      try {
        await heartbeat();
        for (const name of await takeSweeps(ctx.db, Object.keys(sweeps), leaseSeconds)) await sweep(name);
        last = new Date();
      } catch (error) {
        ctx.log.warn({ error: messageOf(error) }, 'The sweeps could not be looked at; it is tried again.');
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, stopped ? 0 : lookMilliseconds);
      });
    }
  };
  const running = loop();
  return {
    lastLook: () => last,
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
