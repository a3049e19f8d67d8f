// A zone that is kept elsewhere from now on: what a worker reads is where it is, with the key that was given for that.
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { zoneChangeOf, zoneInputOf } from '@hostmaster/core/contract/zone';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import { HostmasterError } from '@hostmaster/core/errors';
import { claimOperation } from '@hostmaster/db/operation';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { runOperation } from '@hostmaster/usecases/operation/run';
import { createZone } from '@hostmaster/usecases/zone/create';
import { getZone } from '@hostmaster/usecases/zone/get';
import { rereadZone } from '@hostmaster/usecases/zone/reread';
import { runZoneSync } from '@hostmaster/usecases/zone/run-sync';
import { updateZone } from '@hostmaster/usecases/zone/update';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, zoneApex } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

const zone = async () =>
  getZone(await world.as('platform'), await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex }, select: { id: true } }));

async function keepAt({ port = world.server.port, secret = world.tsig.secret }: { port?: number; secret?: string } = {}) {
  const { id, version, ownerTeam, servers, ttlMin, allowedRanges } = await zone();
  const settings = { primary: { address: world.server.address, port }, tsig: { name: world.tsig.name } };
  const connection = { kind: 'rfc2136', settings, secret };
  const wanted = { id, version, ownerTeam, servers, ttlMin, allowedRanges, connection, untested: true };
  const ctx = { ...(await world.as('platform')), sealer: world.keyStore };
  return updateZone(ctx, zoneChangeOf([...dnsProviderKinds.values()]).parse(wanted));
}

/** The world's worker, on a provider whose readings end so. */
const readingEnds = (readZone: DnsProvider['readZone']): WorkerCtx => ({
  ...world.worker,
  dnsProvider: (connection) => ({ ...world.worker.dnsProvider(connection), readZone }),
});
/** A reading that brings nothing and ends so. */
const failing = (thrown: unknown): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(thrown) }),
});
const waitOf = async (id: string) => {
  const { nextAttemptAt } = await world.db.operation.findUniqueOrThrow({ where: { id } });
  return Math.round(((nextAttemptAt?.getTime() ?? 0) - Date.now()) / 1000);
};

function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

test.each([
  ['a port where nobody answers', { port: 1 }],
  ['a wrong key', { secret: Buffer.alloc(32, 7).toString('base64') }],
])('led to %s, a zone says why it is not read; led back, it is read and says nothing any more', async (_, wrong) => {
  const { syncedAt } = await zone();
  await keepAt(wrong);
  await world.runDue();
  const failing = await zone();
  expect(failing).toMatchObject({ syncError: expect.any(String), syncedAt });
  await keepAt();
  await world.runDue();
  const read = await zone();
  expect(read.syncError).toBeNull();
  expect(Date.parse(read.syncedAt ?? '')).toBeGreaterThan(Date.parse(syncedAt ?? ''));
});

test('a reading of where a zone was kept before writes nothing once it is kept elsewhere', async () => {
  const { id, syncedAt } = await zone();
  const [asleep, woken] = [gate(), gate()];
  const slow: WorkerCtx = {
    ...world.worker,
    dnsProvider: (connection) => {
      const provider = world.worker.dnsProvider(connection);
      return {
        ...provider,
        async *readZone(signal) {
          yield* provider.readZone(signal);
          asleep.open();
          await woken.passed;
        },
      };
    },
  };
  const { id: operationId } = await rereadZone(await world.as('platform'), { id });
  const reading = runOperation(slow, { operationId });
  await asleep.passed;
  await keepAt({ port: 1 });
  woken.open();
  expect(await reading).toEqual({ state: 'not-ours' });
  expect(await zone()).toMatchObject({ syncedAt, syncError: null });
  await keepAt();
  await world.runDue();
});

test.each<[string, unknown, RegExp]>([
  ['an error that nobody foresaw', new TypeError('undefined is not a function'), /^Something went wrong on our side\.$/],
  ['a transfer that does not end', new HostmasterError('dns-unreachable', 'The server did not finish.'), /^The server did not finish\.$/],
])('ended by %s, a reading says so on the page of its zone, and a good one clears it', async (_, thrown, said) => {
  const { id } = await zone();
  const { id: operationId } = await rereadZone(await world.as('platform'), { id });
  const ctx = readingEnds(() => failing(thrown));
  expect(await runOperation(ctx, { operationId })).toMatchObject({ state: 'waiting' });
  expect((await zone()).syncError).toMatch(said);
  await rereadZone(await world.as('platform'), { id });
  await world.runDue();
  expect((await zone()).syncError).toBeNull();
});

test('a reading that does not get on says so on the page of its zone, and that the next one begins anew', async () => {
  const { id } = await zone();
  const { id: operationId } = await rereadZone(await world.as('platform'), { id });
  const operation = await claimOperation(world.worker.db, operationId, 30);
  if (operation === null) throw new TypeError('it is due');
  const signal = AbortSignal.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  const claim = { id: operation.id, fence: operation.fence };
  const reading = runZoneSync({
    ctx: world.worker,
    operation,
    lane: null,
    claim,
    signal,
    renew: () => {},
    trail: [],
    step: operation.step,
  });
  await expect(reading).rejects.toBe(signal.reason);
  expect((await zone()).syncError).toMatch(/^The reading did not get on for \d+ seconds; the next try begins anew\.$/);
  await world.db.operation.update({ where: { id: operationId }, data: { leasedUntil: new Date(0) } });
  await world.runDue();
});

test('what says when to come again is not asked sooner, and later the more often it failed', async () => {
  const { id } = await zone();
  const { id: operationId } = await rereadZone(await world.as('platform'), { id });
  const ctx = readingEnds(() => failing(new HostmasterError('unavailable', 'Not now.', { retryAfter: 60 })));
  await runOperation(ctx, { operationId });
  expect(await waitOf(operationId)).toBeGreaterThan(30);
  expect(await waitOf(operationId)).toBeLessThanOrEqual(60);
  await world.db.operation.update({ where: { id: operationId }, data: { attempts: 19, nextAttemptAt: null } });
  await runOperation(ctx, { operationId });
  expect(await waitOf(operationId)).toBeGreaterThan(100);
});

test('beside a zone whose apex is no hostname another is read and signed for as ever', async () => {
  const settings = { primary: { address: world.server.address, port: world.server.port }, tsig: { name: world.tsig.name } };
  const connection = { kind: 'rfc2136', settings, secret: world.tsig.secret };
  const wanted = { apex: `_msdcs.${zoneApex}`, ownerTeam: 'platform-edge', connection, untested: true };
  await createZone({ ...(await world.as('platform')), sealer: world.keyStore }, zoneInputOf([...dnsProviderKinds.values()]).parse(wanted));
  await world.runDue();
  await rereadZone(await world.as('platform'), await zone());
  await world.ask(`beside.dev.${zoneApex}`);
  await world.runDue();
  expect(await zone()).toMatchObject({ syncError: null, signingError: null });
  expect(await world.db.certificate.count({ where: { endpoint: { hostname: `beside.dev.${zoneApex}` } } })).toBe(1);
});
