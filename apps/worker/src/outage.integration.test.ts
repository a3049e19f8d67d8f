// Postgres goes away under load, as in an administrator's restart and as in a crash: whoever asks meanwhile is told
// "unavailable", nothing that was accepted is lost or doubled, and the worker recovers without being started again.
import { asHostmasterError } from '@hostmaster/core/errors';
import { asDatabaseError } from '@hostmaster/db/transaction';
import { type OwnPostgres, startOwnPostgres } from '@hostmaster/embedded/testing/own-postgres';
import { verifyAudit } from '@hostmaster/usecases/audit/verify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heldAt } from './testing/outside.ts';
import { buildWorker, startWorkerProcess, type WorkerProcess } from './testing/worker-process.ts';
import { createWorld, environmentOf, type World, zoneApex } from './testing/world.ts';

let postgres: OwnPostgres;
let world: World;
let worker: WorkerProcess;
beforeAll(async () => {
  buildWorker();
  postgres = await startOwnPostgres();
  world = await createWorld({ database: postgres });
  const kek = Buffer.from(world.env.kek).toString('base64');
  worker = startWorkerProcess(environmentOf(world.databaseUrl, kek, world.env.HOSTMASTER_EDGE_DIRECTORY ?? ''));
  await worker.ready;
}, 120_000);
afterAll(async () => {
  await worker?.kill('SIGKILL');
  await world?.close();
  await postgres?.remove();
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Longer than a lease, after which an operation that the outage cut off is taken over, and than the queue holds a job whose
 * end could not be written: its lock, and then until it looks for such jobs again.
 */
const patience = 180_000;

test('Postgres is restarted and then crashes, both under load', { timeout: 300_000 }, async () => {
  const refusals: string[] = [];
  const accepted: string[] = [];
  let busy = true;
  const load = async (lane: number): Promise<void> => {
    for (let n = 0; busy; n += 1) {
      const hostname = `lane-${lane}-${n}.dev.${zoneApex}`;
      try {
        await world.ask(hostname);
        accepted.push(hostname);
      } catch (error) {
        const { code, message, cause } = asHostmasterError(asDatabaseError(error));
        refusals.push(code === 'unavailable' ? code : `${code}: ${message} (${String(cause)})`);
      }
      await pause(60);
    }
  };
  const more = async (list: readonly string[]): Promise<void> => {
    const before = list.length;
    await expect.poll(() => list.length - before, { timeout: 20_000 }).toBeGreaterThan(5);
  };
  const lanes = [load(0), load(1), load(2)];
  for (const end of [postgres.stop, postgres.crash]) {
    await more(accepted);
    await end();
    await more(refusals);
    await postgres.start();
    await more(accepted);
  }
  busy = false;
  await Promise.all(lanes);
  expect([...new Set(refusals)]).toEqual(['unavailable']);

  // What was committed although its answer was lost counts as accepted too.
  const rows = await world.db.request.findMany({ select: { hostname: true, state: true } });
  const asked = rows.map(({ hostname }) => hostname);
  for (const hostname of accepted) expect(asked).toContain(hostname);
  const notLive = async () => {
    const live = await world.db.endpoint.findMany({ where: { state: 'live' }, select: { hostname: true } });
    return asked.filter((hostname) => !live.some((endpoint) => endpoint.hostname === hostname));
  };
  await expect.poll(notLive, { timeout: patience, interval: 200 }).toEqual([]);
  expect(await world.db.endpoint.count()).toBe(asked.length);
  for (const hostname of asked) {
    expect(await heldAt(world, hostname)).toMatchObject([{ type: 'A', values: ['127.0.0.1'] }]);
    expect(await world.db.certificate.findMany({ where: { names: { has: hostname } } })).toMatchObject([{ state: 'served' }]);
  }
  for (const action of ['request.create', 'records.apply', 'certificate.issue', 'endpoint.live'])
    expect(await world.db.auditEvent.count({ where: { action, subject: { in: asked } } }), action).toBe(asked.length);
  expect(await verifyAudit(await world.as('auditor'))).toMatchObject({ ok: true });
  expect(worker.process.exitCode).toBeNull();
});
