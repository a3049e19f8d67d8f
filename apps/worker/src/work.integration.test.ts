// "Correctness rests on Postgres alone": one worker works on an operation, whoever lost its claim writes nothing, and what
// nobody nudged is found.

import { startOperation } from '@hostmaster/db/operation';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { runOperation } from '@hostmaster/usecases/operation/run';
import { endpointSubject, startReconcile } from '@hostmaster/usecases/reconcile/start';
import { testZone } from '@hostmaster/usecases/zone/test-connection';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heldAt } from './testing/outside.ts';
import { buildWorker, startWorkerProcess } from './testing/worker-process.ts';
import { createWorld, environmentOf, type World, zoneApex } from './testing/world.ts';

let world: World;
let n = 0;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

const ask = async () => {
  n += 1;
  const hostname = `w${n}.dev.${zoneApex}`;
  await world.ask(hostname);
  const operation = await world.db.operation.findFirstOrThrow({ where: { request: { hostname } } });
  return { hostname, operationId: operation.id };
};
const operation = (id: string) => world.db.operation.findUniqueOrThrow({ where: { id } });
/** Everything that a run could write about one name. */
const everything = async (hostname: string) =>
  JSON.stringify(
    await Promise.all([
      world.db.operation.findMany({ where: { request: { hostname } }, orderBy: { generation: 'asc' } }),
      world.db.endpoint.findMany({ where: { hostname }, include: { revisions: true } }),
      world.db.request.findMany({ where: { hostname } }),
      world.db.certificate.findMany({ where: { endpoint: { hostname } }, orderBy: { issuedAt: 'asc' } }),
      world.db.certificateOrder.findMany({ where: { endpoint: { hostname } }, orderBy: { createdAt: 'asc' } }),
      world.db.observation.findMany({ where: { endpoint: { hostname } } }),
      world.db.zoneRecordSet.findMany({ orderBy: [{ name: 'asc' }, { type: 'asc' }] }),
      world.db.auditEvent.count(),
    ]),
    (_, value) => (typeof value === 'bigint' ? value.toString() : value),
  );

type Sleeper = { readonly ctx: WorkerCtx; readonly asleep: Promise<void>; wake(): void };

/** A worker that falls asleep at its first use of one part of its context, before or after that did its work. */
function sleeperAt(part: 'provider' | 'prober' | 'deliver', when: 'before' | 'after'): Sleeper {
  let wake = (): void => {};
  let fall = (): void => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const asleep = new Promise<void>((resolve) => {
    fall = resolve;
  });
  const sleepAround =
    <In extends unknown[], Out>(work: (...input: In) => Promise<Out>) =>
    async (...input: In): Promise<Out> => {
      const early = when === 'after' ? await work(...input) : null;
      fall();
      await woken;
      return early ?? work(...input);
    };
  const { worker } = world;
  const ctx: WorkerCtx = {
    ...worker,
    ...(part === 'provider'
      ? {
          dnsProvider: (connection) => {
            const provider = worker.dnsProvider(connection);
            return { ...provider, apply: sleepAround(provider.apply) };
          },
        }
      : {}),
    ...(part === 'prober' ? { prober: { ...worker.prober, askServers: sleepAround(worker.prober.askServers) } } : {}),
    ...(part === 'deliver' && worker.edge !== null ? { edge: { ...worker.edge, deliver: sleepAround(worker.edge.deliver) } } : {}),
  };
  return { ctx, asleep, wake };
}

describe('a claim', () => {
  test('is had by one of many workers that come at once; the others write nothing', async () => {
    const { hostname, operationId } = await ask();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => runOperation(world.worker, { operationId })));
    expect(outcomes.map(({ state }) => state).sort()).toEqual([...Array(7).fill('not-ours'), 'succeeded']);
    expect(await operation(operationId)).toMatchObject({ state: 'succeeded', attempts: 1, fence: 1 });
    expect(await world.db.certificate.count({ where: { endpoint: { hostname } } })).toBe(1);
    expect(await runOperation(world.worker, { operationId })).toEqual({ state: 'not-ours' });
  });

  test.each([
    ['before it writes to the zone', 'provider', 'before'],
    ['after it wrote to the zone', 'provider', 'after'],
    ['while it asks the servers', 'prober', 'after'],
    ['after it delivered the certificate', 'deliver', 'after'],
  ] as const)('that is slept through %s is lost: the sleeper writes nothing when it wakes', async (_, part, when) => {
    const { hostname, operationId } = await ask();
    const sleeper = sleeperAt(part, when);
    const slept = runOperation(sleeper.ctx, { operationId });
    await sleeper.asleep;
    await world.db.operation.update({ where: { id: operationId }, data: { leasedUntil: new Date(0) } });
    expect(await runOperation(world.worker, { operationId })).toEqual({ state: 'succeeded' });
    const [before, held] = [await everything(hostname), await heldAt(world, hostname)];
    sleeper.wake();
    expect(await slept).toEqual({ state: 'not-ours' });
    expect(await everything(hostname)).toBe(before);
    expect(await heldAt(world, hostname)).toEqual(held);
    expect(await operation(operationId)).toMatchObject({ state: 'succeeded', fence: 2 });
  });

  test('is lost to a newer wish for the same subject', async () => {
    const { hostname, operationId } = await ask();
    const sleeper = sleeperAt('prober', 'before');
    const slept = runOperation(sleeper.ctx, { operationId });
    await sleeper.asleep;
    const { requestId, zoneId, endpointId } = await operation(operationId);
    const newer = await transact(world.db, (tx) =>
      startOperation(
        tx,
        {
          kind: 'endpoint',
          purpose: 'revision',
          subject: endpointSubject({ hostname, view: 'public' }),
          reason: 'Newer.',
          ...(endpointId === null ? {} : { endpointId }),
          ...(requestId === null ? {} : { requestId }),
          ...(zoneId === null ? {} : { zoneId }),
        },
        new Date(),
      ),
    );
    const before = await everything(hostname);
    sleeper.wake();
    expect(await slept).toEqual({ state: 'not-ours' });
    // But that the newer work need not wait for its lease.
    expect(newer).toMatchObject({ notBefore: expect.any(Date), generation: 2 });
    const held = JSON.stringify(newer?.notBefore);
    expect(await everything(hostname)).toBe(
      before.replaceAll(`"nextAttemptAt":${held}`, '"nextAttemptAt":null').replace(`"notBefore":${held}`, '"notBefore":null'),
    );
    expect(await operation(operationId)).toMatchObject({ state: 'superseded', movesNext: 'nobody', nextAttemptAt: null });
    expect(await runOperation(world.worker, { operationId: newer?.id ?? '' })).toEqual({ state: 'succeeded' });
  });
});

test('a retirement that no approved revision asks for takes nothing away', async () => {
  const { hostname, operationId } = await ask();
  expect(await runOperation(world.worker, { operationId })).toEqual({ state: 'succeeded' });
  const endpoint = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  // Work of the kind and purpose alone, without a request that was approved: as somebody could write it who may begin work.
  const forged = await transact(world.db, (tx) =>
    startReconcile(
      tx,
      { purpose: 'retirement', hostname, view: 'public', zoneId: endpoint.zoneId, endpointId: endpoint.id, reason: 'Forged.' },
      new Date(),
    ),
  );
  expect(await runOperation(world.worker, { operationId: forged?.id ?? '' })).toEqual({ state: 'failed' });
  expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ state: 'live' });
  expect(await world.db.certificate.findMany({ where: { endpoint: { hostname } } })).toMatchObject([{ state: 'served' }]);
  expect((await heldAt(world, hostname)).map(({ type }) => type)).toEqual(['A']);
});

describe('an error that nobody foresaw', () => {
  const broken = (): WorkerCtx => ({
    ...world.worker,
    dnsProvider: () => {
      throw new TypeError('undefined is not a function');
    },
  });
  const tryAgain = async (operationId: string, ctx: WorkerCtx) => {
    await world.db.operation.update({ where: { id: operationId }, data: { nextAttemptAt: null } });
    return runOperation(ctx, { operationId });
  };

  test('is waited out, tells nothing foreign, and is given up once it lasts', async () => {
    const { hostname, operationId } = await ask();
    expect(await runOperation(broken(), { operationId })).toMatchObject({ state: 'waiting' });
    const waiting = await operation(operationId);
    expect(waiting).toMatchObject({ step: 'records-applied', error: { code: 'internal' } });
    expect(JSON.stringify(waiting)).not.toContain('undefined is not');
    expect(await tryAgain(operationId, broken())).toMatchObject({ state: 'waiting' });
    expect((await operation(operationId)).since).toEqual(waiting.since);
    await world.db.operation.update({ where: { id: operationId }, data: { since: new Date(Date.now() - 300_000) } });
    expect(await tryAgain(operationId, broken())).toEqual({ state: 'failed' });
    expect(await world.db.request.findFirst({ where: { hostname } })).toMatchObject({ state: 'failed' });
  });

  test('once, after a long wait for something else, does not end the work', async () => {
    const { operationId } = await ask();
    await world.db.operation.update({
      where: { id: operationId },
      data: { attempts: 40, since: new Date(Date.now() - 3_600_000), step: 'records-applied', error: { code: 'dns-unreachable' } },
    });
    expect(await runOperation(broken(), { operationId })).toMatchObject({ state: 'waiting' });
    expect(await tryAgain(operationId, world.worker)).toEqual({ state: 'succeeded' });
  });
});

test('the connection test of a zone reports every check, and leaves nothing behind', async () => {
  const zone = await world.db.zone.findFirstOrThrow();
  const { id } = await testZone(await world.as('platform'), { id: zone.id });
  const servers = zone.servers ?? [];
  await world.db.zone.update({
    where: { id: zone.id },
    data: { servers: [...(Array.isArray(servers) ? servers : []), { name: 'gone', address: '127.0.0.1', port: 1 }] },
  });
  await world.runDue();
  await world.db.zone.update({ where: { id: zone.id }, data: { servers } });
  expect(await operation(id)).toMatchObject({
    state: 'succeeded',
    reason: expect.stringMatching(/^1 of 5 checks failed: gone/),
    result: { ok: false, checks: expect.arrayContaining([expect.objectContaining({ check: 'update', ok: true })]) },
  });
  expect(await heldAt(world, `hostmaster-test-${id.slice(-12)}.${zoneApex}`)).toEqual([]);
});

describe('a worker process', () => {
  test('finds work whose nudge was lost, and SIGTERM ends it cleanly with what it has begun', async () => {
    buildWorker();
    const asked = [await ask(), await ask(), await ask()];
    await world.db.outbox.deleteMany();
    // One that another worker died of.
    await behindTheBack(world.db).operation.update({
      where: { id: asked[0]?.operationId ?? '' },
      data: { state: 'running', fence: 3, attempts: 3, leasedUntil: new Date(Date.now() - 1000) },
    });
    const kek = Buffer.from(world.env.kek).toString('base64');
    const process = startWorkerProcess(environmentOf(world.databaseUrl, kek, world.env.HOSTMASTER_EDGE_DIRECTORY ?? ''));
    try {
      await process.ready;
      const hostnames = asked.map(({ hostname }) => hostname);
      await expect
        .poll(() => world.db.endpoint.count({ where: { hostname: { in: hostnames }, state: 'live' } }), { timeout: 20_000 })
        .toBe(3);
      const last = await ask();
      await expect.poll(async () => (await operation(last.operationId)).attempts, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
      expect(await process.kill('SIGTERM')).toBe(0);
      // Begun work was finished or let go of, not left to its lease: what was handed over to the probes waits there.
      const { state, lane, leasedUntil } = await operation(last.operationId);
      expect(['succeeded work', 'succeeded probes', 'waiting probes']).toContain(`${state} ${lane}`);
      expect(leasedUntil).toBeNull();
    } finally {
      await process.kill('SIGKILL');
    }
  });
});
