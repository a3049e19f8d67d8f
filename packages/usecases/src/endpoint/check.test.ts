// A live name is looked at again and again: what breaks shows, what mends shows, and nothing is changed by looking.
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { HostmasterError } from '@hostmaster/core/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runOperation } from '../operation/run.ts';
import { takeNext } from '../operation/take-next.ts';
import { readAtPrimary } from '../reconcile/records.ts';
import { loadSubject } from '../reconcile/subject.ts';
import { checkRequest } from '../request/check.ts';
import { createRequest } from '../request/create.ts';
import { zoneApex } from '../testing/demo.ts';
import { address } from '../testing/outside.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { checkEndpoint } from './check.ts';
import { recheckEndpoint } from './recheck.ts';

let world: Reconciling;
let n = 0;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

const endpointOf = async (hostname: string) => {
  const row = await world.db.endpoint.findFirstOrThrow({ where: { hostname }, include: { observations: true } });
  return { ...row, summary: (await world.view(hostname)).summary };
};
async function live(): Promise<string> {
  n += 1;
  const hostname = `o${n}.dev.${zoneApex}`;
  await world.ask(hostname);
  await world.runDue();
  expect(await endpointOf(hostname)).toMatchObject({ state: 'live', summary: 'Live' });
  return hostname;
}
const look = async (hostname: string) => {
  await checkEndpoint(world.worker, { endpointId: (await endpointOf(hostname)).id });
  return endpointOf(hostname);
};

test('an edge that stops serving makes it degraded, and serving again makes it live', async () => {
  const hostname = await live();
  await world.destination.withdraw(hostname);
  const broken = await look(hostname);
  expect(broken).toMatchObject({ state: 'degraded', summary: expect.stringMatching(/^127\.0\.0\.1/) });
  expect(broken.observations.find(({ kind }) => kind === 'endpoint')).toMatchObject({ ok: false, detail: { failedLayer: 'tls' } });
  await recheckEndpoint(await world.as('app'), { id: broken.id });
  await world.runDue();
  expect(await endpointOf(hostname)).toMatchObject({ state: 'live', summary: 'Live' });
  expect(await look(hostname)).toMatchObject({ state: 'live', checkedAt: expect.any(Date) });
  const actions = await world.db.auditEvent.findMany({ where: { subject: hostname }, orderBy: { seq: 'asc' }, select: { action: true } });
  expect(actions.map(({ action }) => action).slice(-4)).toEqual([
    'endpoint.live',
    'endpoint.degraded',
    'endpoint.recheck',
    'endpoint.live',
  ]);
});

test('a foreign certificate on the wire is seen, by its serial', async () => {
  const hostname = await live();
  const good = world.servedSerial(hostname);
  const other = await live();
  const foreign = await world.db.certificate.findFirstOrThrow({ where: { names: { has: other } }, include: { order: true } });
  const key = { keyId: foreign.order.keyId ?? '', ciphertext: foreign.order.keyCiphertext ?? new Uint8Array() };
  const privateKeyPem = await world.worker.keys.exportPem(key, `leaf-key:${foreign.orderId}`);
  await world.destination.deliver({ hostname, fullchainPem: foreign.chainPem, privateKeyPem });
  expect(await look(hostname)).toMatchObject({ state: 'degraded', summary: expect.stringContaining(foreign.serial.slice(0, 8)) });
  await recheckEndpoint(await world.as('app'), { id: (await endpointOf(hostname)).id });
  await world.runDue();
  expect(world.servedSerial(hostname)).toBe(good);
  expect(await look(hostname)).toMatchObject({ state: 'live' });
});

test('a change of the zone by hand is seen on every server, and left alone by looking and by "Check now", which waits for whoever did it', async () => {
  const hostname = await live();
  await world.writeByHand(hostname, [address('127.0.0.7')]);
  const broken = await look(hostname);
  expect(broken).toMatchObject({ state: 'degraded', summary: expect.stringMatching(/ns1.*127\.0\.0\.7, expected 127\.0\.0\.1/) });
  expect(broken.observations.find(({ kind }) => kind === 'dns')).toMatchObject({ ok: false });
  expect((await world.heldAt(hostname))[0]?.values).toEqual(['127.0.0.7']);
  expect(await look(hostname)).toMatchObject({ state: 'degraded', changedAt: broken.changedAt });
  await recheckEndpoint(await world.as('app'), { id: broken.id });
  await world.runDue();
  expect((await world.heldAt(hostname))[0]?.values).toEqual(['127.0.0.7']);
  const [waiting] = await world.db.operation.findMany({ where: { endpointId: broken.id }, orderBy: { createdAt: 'desc' }, take: 1 });
  expect(waiting).toMatchObject({
    state: 'waiting',
    step: 'records-verified',
    reason: expect.stringContaining('127.0.0.7, expected 127.0.0.1'),
  });
  expect(await world.db.auditEvent.count({ where: { subject: hostname, action: 'records.apply' } })).toBe(1);
  await world.writeByHand(hostname, [address('127.0.0.1')]);
  await recheckEndpoint(await world.as('app'), { id: broken.id });
  await world.runDue();
  expect(await look(hostname)).toMatchObject({ state: 'live', summary: 'Live' });
});

test('what a look sees changed by hand is what the next plan is made from, and what was mended no longer', async () => {
  const hostname = await live();
  const contract = endpointContract.parse({ hostname, team: 'order-platform', target: { addresses: ['127.0.0.1'] }, ttl: 'cutover' });
  const planned = async () => (await checkRequest(await world.as('app'), { kind: 'change', contract })).plan?.changes[0]?.before?.values;
  await world.writeByHand(hostname, [address('127.0.0.9')]);
  expect(await planned()).toEqual(['127.0.0.1']);
  await look(hostname);
  expect(await planned()).toEqual(['127.0.0.9']);
  await world.writeByHand(hostname, [address('127.0.0.1')]);
  await look(hostname);
  expect(await planned()).toEqual(['127.0.0.1']);
});

test('a record taken out by hand is seen, and mended by whoever mends it', async () => {
  const hostname = await live();
  await world.writeByHand(hostname, []);
  expect(await look(hostname)).toMatchObject({ state: 'degraded', summary: expect.stringContaining('NXDOMAIN') });
  await world.writeByHand(hostname, [address('127.0.0.1')]);
  expect(await look(hostname)).toMatchObject({ state: 'live', summary: 'Live' });
});

const unreachable = () => {
  throw new HostmasterError('dns-unreachable', 'The name server is away.');
};

test('a look at a revision that was replaced meanwhile says nothing', async () => {
  const hostname = await live();
  const { id } = await endpointOf(hostname);
  const before = await endpointOf(hostname);
  await world.destination.withdraw(hostname);
  const meanwhile = {
    ...world.worker,
    prober: {
      ...world.worker.prober,
      probeEndpoint: async (...input: Parameters<typeof world.worker.prober.probeEndpoint>) => {
        const seen = await world.worker.prober.probeEndpoint(...input);
        const contract = endpointContract.parse({ hostname, team: 'order-platform', target: { addresses: ['127.0.0.1'] }, ttl: 'cutover' });
        const { operation } = await createRequest(await world.as('app'), { kind: 'change', contract });
        // It is admitted, and nothing more of it is done.
        await runOperation({ ...world.worker, dnsProvider: unreachable }, { operationId: operation?.id ?? '' });
        return seen;
      },
    },
  };
  await checkEndpoint(meanwhile, { endpointId: id });
  const after = await endpointOf(hostname);
  expect(after).toMatchObject({ state: 'pending', revision: 2, summary: 'The name server is away.' });
  expect(after.observations).toEqual(before.observations);
  await recheckEndpoint(await world.as('app'), { id });
  await world.runDue();
  expect(await endpointOf(hostname)).toMatchObject({ state: 'live' });
});

test('due looks are taken once, by whoever comes first, and are due again a minute later', async () => {
  const live = { state: 'live' as const };
  await world.db.endpoint.updateMany({ where: live, data: { nextCheckAt: new Date(Date.now() - 1000) } });
  const due = await world.db.endpoint.count({ where: live });
  const room = { held: new Map(), share: due, onlyFirst: false };
  const taken = await Promise.all(Array.from({ length: due + 3 }, () => takeNext(world.worker, 'probes', room)));
  expect(taken.filter((one) => one !== null)).toHaveLength(due);
  expect(await world.db.endpoint.count({ where: { ...live, nextCheckAt: { gt: new Date() } } })).toBe(due);
  expect(await takeNext(world.worker, 'probes', room)).toBeNull();
});

const seenOf = (row: Awaited<ReturnType<typeof look>>) =>
  row.observations.filter(({ kind }) => kind === 'endpoint').map(({ source, ok, detail }) => ({ source, ok, detail }));

test('what is probed is where DNS leads, whatever the contract says; only while no server of the zone answers it is the contract', async () => {
  const hostname = await live();
  expect(seenOf(await look(hostname))).toMatchObject([{ ok: true, detail: { address: '127.0.0.1', resolvedBy: 'servers' } }]);
  await world.writeByHand(hostname, [address('127.0.0.7')]);
  expect(seenOf(await look(hostname))).toMatchObject([{ detail: { address: '127.0.0.7', resolvedBy: 'servers' } }]);
  await world.writeByHand(hostname, []);
  const silent = await look(hostname);
  expect(seenOf(silent)).toMatchObject([{ ok: false, detail: { address: hostname, failedLayer: 'dns' } }]);
  for (const server of ['ns1', 'ns2']) world.serverSays(server, 'REFUSED');
  try {
    expect(seenOf(await look(hostname))).toMatchObject([{ ok: true, detail: { address: '127.0.0.1', resolvedBy: 'contract' } }]);
  } finally {
    for (const server of ['ns1', 'ns2']) world.serverSays(server, null);
  }
});

test('an address of another network that an alias leads to is told like an alias that leads to none', async () => {
  const hostname = await live();
  const alias = (addresses: readonly string[]) => ({
    ...world.worker,
    prober: {
      ...world.worker.prober,
      askAddresses: async () => ({ addresses: [], onward: ['elsewhere.example.net'], empty: [] }),
      resolve: async () => addresses,
    },
  });
  const lookBy = async (worker: typeof world.worker) => {
    await checkEndpoint(worker, { endpointId: (await endpointOf(hostname)).id });
    return seenOf(await endpointOf(hostname));
  };
  const astray = await lookBy(alias(['10.9.8.7']));
  expect(astray).toMatchObject([{ ok: false, detail: { address: hostname, failedLayer: 'guard' } }]);
  expect(astray).toEqual(await lookBy(alias([])));
  expect(JSON.stringify(astray)).not.toContain('10.9.8.7');
});

test('where name servers differ from what was approved, that is what is found, and nothing that follows from it', async () => {
  const hostname = await live();
  for (const wrong of [[], [address('10.9.8.7')], [address('127.0.0.99')]]) {
    await world.writeByHand(hostname, wrong);
    await world.destination.withdraw(hostname);
    await look(hostname);
    const { findings, summary } = await world.view(hostname);
    expect(findings).toMatchObject([{ code: 'ServerDisagrees', layer: 'dns' }]);
    expect(summary).toContain('expected 127.0.0.1');
  }
});

test('a primary that cannot be read, or not in time, takes nothing from what a look saw', async () => {
  const hostname = await live();
  const subject = await loadSubject(world.worker, world.db, (await endpointOf(hostname)).id);
  const now = new AbortController();
  const late = async () => {
    now.abort(new Error('the time of the look is over'));
    now.signal.throwIfAborted();
    return unreachable();
  };
  const past = async () => Promise.reject(new TypeError('a fault of ours'));
  expect(await readAtPrimary({ ...subject, provider: late }, now.signal)).toBeNull();
  expect(await readAtPrimary({ ...subject, provider: async () => unreachable() }, AbortSignal.timeout(10_000))).toBeNull();
  await expect(readAtPrimary({ ...subject, provider: past }, AbortSignal.timeout(10_000))).rejects.toThrow('a fault of ours');
});
