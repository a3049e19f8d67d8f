// The worker: relays nudges, runs operations, sweeps. Several may run at once.
import { causeChain } from '@hostmaster/core/errors';
import { firstLane } from '@hostmaster/core/operation/lane';
import { openDb } from '@hostmaster/db/client';
import { prepareInstallation } from '@hostmaster/usecases/installation/prepare';
import { pino } from 'pino';
import { createWorkerCtx } from './container.ts';
import { startDiscovery } from './discovery.ts';
import { readEnv } from './env.ts';
import { startHealth } from './health.ts';
import { createHeartbeat } from './heartbeat.ts';
import { openKeyStore } from './keys.ts';
import { startLanes } from './lanes.ts';
import { createQueueBackend } from './queue.ts';
import { startRelay } from './relay.ts';
import { startSchedule } from './schedule.ts';
import { onShutdown } from './shutdown.ts';

const env = readEnv(process.env);
const log = pino({ level: env.LOG_LEVEL, base: { part: 'worker' } });
const db = openDb(env.DATABASE_URL, { connections: env.WORKER_CONCURRENCY + 4 });
const keyStore = await openKeyStore(db, env);
const ctx = createWorkerCtx(env, db, keyStore, log);
// Nobody waits for it: what needs no key in the token goes on without.
keyStore.openToken().then(
  (token) => token !== null && log.info({ token }, 'Keys of CAs are made and used in the token.'),
  (error: unknown) => log.warn({ causes: causeChain(error) }, 'The token cannot be used; what needs a key in it waits.'),
);
await prepareInstallation(ctx);

const backend = createQueueBackend(env);
const counters = { jobs: 0, failed: 0 };
const slots = { work: env.WORKER_CONCURRENCY, probes: env.WORKER_PROBES };
const lanes = startLanes({ ctx, backend, slots, counters });
await lanes.waitUntilReady();

const relay = startRelay(db, env.DATABASE_URL, lanes.queues[firstLane], log);
const schedule = startSchedule(ctx, lanes.queues, createHeartbeat(ctx));
const discovery = startDiscovery(ctx);
const health = await startHealth(env.WORKER_ADDRESS, env.WORKER_PORT, { db, lastSweep: schedule.lastLook, counters });

onShutdown(log, async () => {
  await Promise.all([relay.stop(), schedule.stop(), discovery.stop()]);
  await lanes.stop();
  health.close();
  backend.close();
  await keyStore.close();
  await db.$disconnect();
});
// Whoever waits for this may tell it to stop at once.
log.info({ queue: backend.kind }, 'The worker is ready.');
