// "The queue may be lost, doubled or late; several workers may run; correctness rests on Postgres alone."
// The worker is killed at random points of the flow, and separately its queue is emptied: nothing is lost, nothing doubled.
import { createRfc2136Provider } from '@hostmaster/adapters/dns/rfc2136';
import type { AuditAction } from '@hostmaster/core/audit/actions';
import { systemClock } from '@hostmaster/core/clock';
import { wholeZone } from '@hostmaster/core/dns/zone-parts';
import { lanes } from '@hostmaster/core/operation/lane';
import { rounds } from '@hostmaster/core/testing/soak';
import { startRedis, type TestRedis } from '@hostmaster/embedded/testing/redis';
import { verifyAudit } from '@hostmaster/usecases/audit/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createQueueBackend } from './queue.ts';
import { buildWorker, startWorkerProcess } from './testing/worker-process.ts';
import { createWorld, environmentOf, type World, zoneApex } from './testing/world.ts';

const kills = rounds(8, 1_000);
/** Longer than a lease (30 s) after which a killed worker's operation is taken over, and a start. */
const patience = rounds(180_000, 3_600_000);

const timeout = rounds(600_000, 24 * 3_600_000);

beforeAll(() => buildWorker());

/** Small and seeded, so that a failing run can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function untilAllLive(world: World, names: readonly string[]): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    const live = await world.db.endpoint.count({ where: { hostname: { in: [...names] }, state: 'live' } });
    if (live === names.length) return;
    if (Date.now() > end) {
      const left = await world.db.operation.findMany({
        where: { state: { not: 'succeeded' } },
        select: { subject: true, state: true, step: true, reason: true },
      });
      throw new Error(`${live} of ${names.length} are live: ${JSON.stringify(left)}`);
    }
    await pause(100);
  }
}

/** Every name has exactly one record set, one certificate, one of each audit event; and the chain of the audit trail holds. */
async function expectOnce(world: World, names: readonly string[]): Promise<void> {
  const provider = createRfc2136Provider({
    zone: zoneApex,
    server: { address: world.server.address, port: world.server.port },
    tsig: world.tsig,
    clock: systemClock,
  });
  const { recordSets } = await wholeZone(provider.readZone(AbortSignal.timeout(10_000)));
  for (const name of names) {
    expect(recordSets.filter((set) => set.name === name)).toEqual([{ name, type: 'A', ttl: 60, values: ['127.0.0.1'] }]);
    const endpoint = await world.db.endpoint.findFirstOrThrow({
      where: { hostname: name },
      include: { certificates: true, revisions: true },
    });
    expect(
      endpoint.certificates.map(({ state }) => state),
      name,
    ).toEqual(['served']);
    expect(endpoint.revisions).toHaveLength(1);
    const told = (action: AuditAction) => world.db.auditEvent.count({ where: { subject: name, action } });
    const once = ['request.create', 'records.apply', 'certificate.issue'] as const;
    for (const action of once) expect(await told(action), `${name} ${action}`).toBe(1);
    // What a look saw broken meanwhile, where the machine is busy for long, is seen live again.
    expect(await told('endpoint.live'), `${name} live`).toBe(1 + (await told('endpoint.degraded')));
  }
  expect(await verifyAudit(await world.as('auditor'))).toMatchObject({ ok: true });
}

describe('the worker is killed at random points', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  test(`${kills} kills lose nothing and double nothing`, { timeout }, async () => {
    const random = randomFrom(4711);
    const environment = environmentOf(
      world.databaseUrl,
      Buffer.from(world.env.kek).toString('base64'),
      world.env.HOSTMASTER_EDGE_DIRECTORY ?? '',
    );
    const names: string[] = [];
    let worker = startWorkerProcess(environment);
    for (let round = 0; round < kills; round += 1) {
      await worker.ready;
      const name = `kill-${round}.dev.${zoneApex}`;
      names.push(name);
      await world.ask(name);
      await pause(random() * 200);
      await worker.kill('SIGKILL');
      worker = startWorkerProcess(environment);
    }
    await untilAllLive(world, names);
    await worker.kill('SIGTERM');
    await expectOnce(world, names);
  });
});

describe.each(['postgres', 'redis'] as const)('the queue on %s is emptied at random times', (kind) => {
  let world: World;
  let redis: TestRedis | null = null;
  beforeAll(async () => {
    world = await createWorld();
    redis = kind === 'redis' ? await startRedis() : null;
  });
  afterAll(async () => {
    await world.close();
    await redis?.stop();
  });

  test(`${kills} times, and nothing is lost or doubled`, { timeout }, async () => {
    const random = randomFrom(1147);
    const redisUrl: Record<string, string> = redis === null ? {} : { REDIS_URL: redis.url };
    const environment = environmentOf(
      world.databaseUrl,
      Buffer.from(world.env.kek).toString('base64'),
      world.env.HOSTMASTER_EDGE_DIRECTORY ?? '',
      redisUrl,
    );
    const worker = startWorkerProcess(environment);
    await worker.ready;
    const backend = createQueueBackend({ DATABASE_URL: world.databaseUrl, REDIS_URL: redis?.url });
    const queues = lanes.map((lane) => backend.createQueue(lane));
    const names: string[] = [];
    for (let round = 0; round < kills; round += 1) {
      const name = `wipe-${round}.dev.${zoneApex}`;
      names.push(name);
      await world.ask(name);
      await pause(random() * 60);
      for (const queue of queues) {
        await queue.obliterate({ force: true });
        await queue.resume();
      }
    }
    await untilAllLive(world, names);
    await Promise.all(queues.map((queue) => queue.close()));
    backend.close();
    await worker.kill('SIGTERM');
    await expectOnce(world, names);
  });
});
