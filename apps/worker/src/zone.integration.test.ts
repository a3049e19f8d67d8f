// A zone that is kept elsewhere from now on: what a worker reads is where it is, with the key that was given for that.
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { zoneChangeOf } from '@hostmaster/core/contract/zone';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { runOperation } from '@hostmaster/usecases/operation/run';
import { getZone } from '@hostmaster/usecases/zone/get';
import { rereadZone } from '@hostmaster/usecases/zone/reread';
import { updateZone } from '@hostmaster/usecases/zone/update';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

const zone = async () => getZone(await world.as('platform'), await world.db.zone.findFirstOrThrow({ select: { id: true } }));

async function keepAt({ port = world.server.port, secret = world.tsig.secret }: { port?: number; secret?: string } = {}) {
  const { id, version, ownerTeam, servers, ttlMin, allowedRanges } = await zone();
  const settings = { primary: { address: world.server.address, port }, tsig: { name: world.tsig.name } };
  const wanted = { id, version, ownerTeam, servers, ttlMin, allowedRanges, connection: { kind: 'rfc2136', settings, secret } };
  const ctx = { ...(await world.as('platform')), sealer: world.keyStore };
  return updateZone(ctx, zoneChangeOf([...dnsProviderKinds.values()]).parse(wanted));
}

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
        readZone: async (signal) => {
          const found = await provider.readZone(signal);
          asleep.open();
          await woken.passed;
          return found;
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
});
