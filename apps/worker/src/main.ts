// The worker: relays nudges, runs operations, sweeps. Several may run at once.
import { openDb } from '@hostmaster/db/client';
import { prepareInstallation } from '@hostmaster/usecases/installation/prepare';
import { pino } from 'pino';
import { createWorkerCtx } from './container.ts';
import { readEnv } from './env.ts';
import { handleJob } from './handlers.ts';
import { startHealth } from './health.ts';
import { createHeartbeat } from './heartbeat.ts';
import { openKeyStore } from './keys.ts';
import { createQueueBackend } from './queue.ts';
import { startRelay } from './relay.ts';
import { startSchedule } from './schedule.ts';
import { onShutdown } from './shutdown.ts';

const env = readEnv(process.env);
const log = pino({ level: env.LOG_LEVEL, base: { part: 'worker' } });
const db = openDb(env.DATABASE_URL, { connections: env.WORKER_CONCURRENCY + 4 });
const ctx = createWorkerCtx(env, db, await openKeyStore(db, env.kek), log);
await prepareInstallation(ctx);

const backend = createQueueBackend(env);
const queue = backend.createQueue();
const counters = { jobs: 0, failed: 0 };
const worker = backend.createWorker(async (job) => {
  counters.jobs += 1;
  const { name, data } = job;
  const again = await handleJob(ctx, name, data);
  if (again !== null) await queue.addBulk([{ name, data, opts: { delay: Math.max(0, again.getTime() - Date.now()) } }]);
}, env.WORKER_CONCURRENCY);
worker.on('failed', (job, error) => {
  counters.failed += 1;
  log.error({ job: job?.name, error: error.message }, 'A job failed; the sweep finds its row again.');
});
worker.on('error', (error) => log.warn({ error: error.message }, 'The queue is in trouble.'));
queue.on('error', (error) => log.warn({ error: error.message }, 'The queue is in trouble.'));
await worker.waitUntilReady();

const relay = startRelay(db, env.DATABASE_URL, queue, log);
const schedule = startSchedule(ctx, queue, createHeartbeat(db));
const health = await startHealth(env.WORKER_ADDRESS, env.WORKER_PORT, { db, lastSweep: schedule.lastLook, counters });
log.info({ queue: backend.kind }, 'The worker is ready.');

onShutdown(log, async () => {
  await Promise.all([relay.stop(), schedule.stop()]);
  await worker.close();
  await queue.close();
  health.close();
  backend.close();
  await db.$disconnect();
});
