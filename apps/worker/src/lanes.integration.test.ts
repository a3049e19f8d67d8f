// One team holds up no other, and probes hold up neither DNS nor issuing: with everything that a team can make hang hanging,
// another team's request becomes live. On both queues, with relay and sweeps as a worker has them.
import { nudge } from '@hostmaster/db/outbox';
import { transact } from '@hostmaster/db/transaction';
import { startRedis, type TestRedis } from '@hostmaster/embedded/testing/redis';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Lanes, startLanes } from './lanes.ts';
import { createQueueBackend, type QueueBackend } from './queue.ts';
import { type Relay, startRelay } from './relay.ts';
import { type Schedule, startSchedule } from './schedule.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

/** Of each lane; a team has two of them at most. */
const slots = { work: 4, probes: 4 };
const share = 2;
const patience = { timeout: 120_000, interval: 100 };

/** What hangs until a test lets it go, and how much of it does. */
type Hold = { readonly held: () => number; wait(): Promise<void>; release(): void };
function createHold(): Hold {
  let held = 0;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    held: () => held,
    wait: async () => {
      held += 1;
      await released;
      held -= 1;
    },
    release,
  };
}

describe.each(['redis', 'postgres'] as const)('beside a team for which everything hangs, with the queue on %s', (kind) => {
  let world: World;
  let redis: TestRedis | null = null;
  let backend: QueueBackend;
  let hold: Hold;
  let running: { readonly lanes: Lanes; readonly relay: Relay; readonly schedule: Schedule } | null = null;
  beforeAll(async () => {
    world = await createWorld();
    redis = kind === 'redis' ? await startRedis() : null;
    backend = createQueueBackend({ DATABASE_URL: world.databaseUrl, REDIS_URL: redis?.url });
  }, 60_000);
  afterAll(async () => {
    backend.close();
    await world.close();
    await redis?.stop();
  });
  beforeEach(() => {
    hold = createHold();
  });
  afterEach(async () => {
    hold.release();
    await running?.relay.stop();
    await running?.schedule.stop();
    await running?.lanes.stop();
    running = null;
  });

  const start = async (ctx: WorkerCtx): Promise<void> => {
    const lanes = startLanes({ ctx, backend, slots, counters: { jobs: 0, failed: 0 } });
    await lanes.waitUntilReady();
    const relay = startRelay(ctx.db, world.databaseUrl, lanes.queues.work, ctx.log);
    running = { lanes, relay, schedule: startSchedule(ctx, lanes.queues, async () => {}) };
  };
  const askMany = async (prefix: string): Promise<string[]> => {
    const names = Array.from({ length: 5 }, (_, at) => `${prefix}-${at}.dev.${zoneApex}`);
    for (const name of names) await world.ask(name);
    return names;
  };
  const askOther = (name: string) => world.ask(`${name}.${zoneApex}`, { team: 'platform-edge', environment: 'dev' }, 'platform');
  const live = (names: readonly string[]) => world.db.endpoint.count({ where: { hostname: { in: [...names] }, state: 'live' } });

  test('in the probes: DNS and issuing are done for all of its names, and another team is live', { timeout: 240_000 }, async () => {
    const prober = world.worker.prober;
    const probeEndpoint: typeof prober.probeEndpoint = async (probe, signal) => {
      if (probe.hostname.startsWith('silent-')) await hold.wait();
      return prober.probeEndpoint(probe, signal);
    };
    await start({ ...world.worker, prober: { ...prober, probeEndpoint } });
    const names = await askMany('silent');
    await expect.poll(() => hold.held(), patience).toBe(share);
    await expect.poll(() => world.db.certificate.count({ where: { endpoint: { hostname: { in: names } } } }), patience).toBe(names.length);
    expect(await world.db.endpointRevision.count({ where: { endpoint: { hostname: { in: names } }, appliedAt: { not: null } } })).toBe(
      names.length,
    );

    await askOther('beside-probes');
    await expect.poll(() => live([`beside-probes.${zoneApex}`]), patience).toBe(1);
    expect([hold.held(), await live(names)]).toEqual([share, 0]);
    hold.release();
    await expect.poll(() => live(names), patience).toBe(names.length);
  });

  test('at its name server: another team is live', { timeout: 240_000 }, async () => {
    const { dnsProvider } = world.worker;
    const hanging: WorkerCtx['dnsProvider'] = (connection) => {
      const provider = dnsProvider(connection);
      return {
        ...provider,
        apply: async (changes, signal) => {
          if (changes.some(({ name }) => name.startsWith('stuck-'))) await hold.wait();
          return provider.apply(changes, signal);
        },
      };
    };
    await start({ ...world.worker, dnsProvider: hanging });
    const names = await askMany('stuck');
    await expect.poll(() => hold.held(), patience).toBe(share);
    await askOther('beside-dns');
    await expect.poll(() => live([`beside-dns.${zoneApex}`]), patience).toBe(1);
    expect(hold.held()).toBe(share);
    hold.release();
    await expect.poll(() => live(names), patience).toBe(names.length);
  });

  test('a row is worked on once, however many nudges it has', { timeout: 120_000 }, async () => {
    const hostname = `nudged.dev.${zoneApex}`;
    await world.ask(hostname);
    const { id } = await world.db.operation.findFirstOrThrow({ where: { request: { hostname } } });
    await transact(world.db, async (tx) => {
      for (let each = 0; each < 20; each += 1) await nudge(tx, 'operation.run', { operationId: id });
    });
    await start(world.worker);
    await expect.poll(() => world.db.outbox.count(), patience).toBe(0);
    await expect.poll(() => live([hostname]), patience).toBe(1);
    // The run ends a moment after the name is live. One try, with the hand-over to the probes in it.
    const run = () => world.db.operation.findUnique({ where: { id } });
    await expect.poll(async () => (await run())?.state, patience).toBe('succeeded');
    expect(await run()).toMatchObject({ attempts: 1, fence: 2 });
  });
});
