// What the sweeps find goes into the queue once, however long nobody takes anything out of it.
import { hostname } from 'node:os';
import { type Lane, lanes } from '@hostmaster/core/operation/lane';
import { seenWorkers } from '@hostmaster/db/worker-heartbeat';
import { startRedis, type TestRedis } from '@hostmaster/embedded/testing/redis';
import { createPostgresBackend, createRedisBackend, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHeartbeat } from './heartbeat.ts';
import { createQueueBackend, type JobQueue, type QueueBackend } from './queue.ts';
import { startSchedule } from './schedule.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

type Queues = Readonly<Record<Lane, JobQueue>>;

const rows = 12;
let world: World;
/** Ids of work that is due, and of live endpoints whose look is due. */
let [operations, endpoints]: [string[], string[]] = [[], []];

beforeAll(async () => {
  world = await createWorld();
  await world.ask(`live1.dev.${zoneApex}`);
  await world.ask(`live2.dev.${zoneApex}`);
  await world.runDue();
  for (let row = 0; row < rows; row += 1) await world.ask(`due${row}.dev.${zoneApex}`);
  operations = (await world.db.operation.findMany({ where: { state: 'pending' } })).map(({ id }) => id);
  endpoints = (await world.db.endpoint.findMany({ where: { state: 'live' } })).map(({ id }) => id);
  expect([operations.length, endpoints.length]).toEqual([rows, 2]);
}, 60_000);
afterAll(() => world.close());

describe.each(['redis', 'postgres'] as const)('a backlog in a queue on %s, from which no worker takes anything', (kind) => {
  let redis: TestRedis | null = null;
  let connection: Redis | null = null;
  let backend: QueueBackend;
  let seen: readonly Pick<Queue, 'getJobs' | 'close'>[];
  beforeAll(async () => {
    redis = kind === 'redis' ? await startRedis() : null;
    connection = redis === null ? null : new Redis(redis.url, { maxRetriesPerRequest: null });
    backend = createQueueBackend({ DATABASE_URL: world.databaseUrl, REDIS_URL: redis?.url });
    seen = ['hostmaster', 'hostmaster-probes'].map((name) =>
      connection === null
        ? new Queue(name, { connection: { connectionString: world.databaseUrl, migrate: true } }, createPostgresBackend)
        : new Queue(name, { connection }, createRedisBackend),
    );
  });
  afterAll(async () => {
    await Promise.all(seen.map((queue) => queue.close()));
    connection?.disconnect();
    backend.close();
    await redis?.stop();
  });

  /** Every sweep once: each is due, and every endpoint's look is due again. */
  const open = (): Queues => ({ work: backend.createQueue('work'), probes: backend.createQueue('probes') });
  const close = (queues: Queues) => Promise.all(lanes.map((lane) => queues[lane].close()));
  const sweep = async (queues: Queues) => {
    await world.db.endpoint.updateMany({ where: { id: { in: endpoints } }, data: { nextCheckAt: new Date(0) } });
    await world.db.sweep.updateMany({ data: { dueAt: new Date(0) } });
    await startSchedule(world.worker, queues, createHeartbeat(world.worker)).stop();
  };
  const inQueue = async () =>
    (await Promise.all(seen.map((queue) => queue.getJobs())))
      .flat()
      .map(({ name, data }) => `${name} ${Object.values(data).join()}`)
      .sort();
  const onePerRow = () => [...operations.map((id) => `operation.run ${id}`), ...endpoints.map((id) => `endpoint.check ${id}`)].sort();

  test('has one swept job of each row, however often it is swept; one that failed can be queued again', async () => {
    const queues = open();
    for (const _ of [1, 2, 3]) {
      await sweep(queues);
      expect(await inQueue()).toEqual(onePerRow());
    }

    const failed: string[] = [];
    const fails = async () => {
      throw new Error('It fails.');
    };
    const workers = lanes.map((lane) => backend.createWorker(lane, fails, 4));
    const all = new Promise<void>((resolve) => {
      for (const worker of workers)
        worker.on('failed', (job) => {
          failed.push(`${job?.name} ${Object.values(Object(job?.data)).join()}`);
          if (failed.length === onePerRow().length) resolve();
        });
    });
    await all;
    await Promise.all(workers.map((worker) => worker.close()));
    expect(failed.sort()).toEqual(onePerRow());
    expect(await inQueue()).toEqual([]);

    await sweep(queues);
    expect(await inQueue()).toEqual(onePerRow());
    await close(queues);
  });

  test('is swept by a worker that is seen by its host and process', async () => {
    await world.db.workerHeartbeat.deleteMany();
    const queues = open();
    await sweep(queues);
    await close(queues);
    expect(await seenWorkers(world.worker.db)).toMatchObject([{ host: hostname(), pid: process.pid }]);
  });
});
