// The loop of the worker against servers on real sockets: what they present is found, once, and those that stall hold nothing up.
import { createServer as createTcpServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createTestCa } from '@hostmaster/adapters/testing/test-ca';
import { startFakeLog } from '@hostmaster/adapters/testing/transparency/fake-log';
import { certificateEntry } from '@hostmaster/adapters/testing/transparency/submitted';
import { openLog } from '@hostmaster/adapters/transparency/open-log';
import { discoveredQuery, discoveryScopeInput } from '@hostmaster/core/contract/discovery';
import { transparencyLogInput } from '@hostmaster/core/contract/transparency';
import { allowScope } from '@hostmaster/usecases/discovery/allow-scope';
import { getScope } from '@hostmaster/usecases/discovery/get-scope';
import { listDiscovered } from '@hostmaster/usecases/discovery/list';
import { connectLog } from '@hostmaster/usecases/transparency/connect-log';
import { getLog } from '@hostmaster/usecases/transparency/list-logs';
import { readLogNow } from '@hostmaster/usecases/transparency/read-now';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startDiscovery } from './discovery.ts';
import { createWorld, type World } from './testing/world.ts';

let world: World;
const servers: Server[] = [];
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  await world.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

it('finds what stands behind an address that was allowed, and whose it likely is', async () => {
  const ca = await createTestCa();
  const { fullchainPem: cert, privateKeyPem: key } = await ca.leaf(['forgotten.dev.example.test']);
  const [served, stalled] = [await listen(createTlsServer({ cert, key })), await listen(createTcpServer((socket) => socket.resume()))];
  const platform = await world.as('platform');
  const scope = discoveryScopeInput.parse({ name: 'This machine', targets: ['127.0.0.1'], ports: [served, stalled] });
  const { id } = await allowScope(platform, scope);
  const discovery = startDiscovery(world.worker);
  try {
    await vi.waitFor(async () => expect((await getScope(platform, { id })).lastLook).toMatchObject({ places: 2, answered: 1 }), 30_000);
  } finally {
    await discovery.stop();
  }
  const { rows } = await listDiscovered(platform, discoveredQuery.parse({ verdict: 'unknown' }));
  expect(rows).toMatchObject([{ names: ['forgotten.dev.example.test'], served: 1, owner: { because: 'grant' } }]);
}, 60_000);

it('finds what stands in a log, from its end of when it was connected on', async () => {
  const ca = await createTestCa();
  const fake = await startFakeLog('static-ct-api');
  const platform = await world.as('platform');
  const publicKey = Buffer.from(fake.publicKey).toString('base64');
  const input = transparencyLogInput.parse({ address: fake.address, kind: 'static-ct-api', publicKey });
  const { id } = await connectLog(platform, input);
  const position = async () => (await getLog(platform, { id })).position;
  const discovery = startDiscovery({ ...world.worker, transparencyLog: (log) => openLog(log, { exchange: fake.exchange }) });
  try {
    await vi.waitFor(async () => expect(await position()).toBe(0), 30_000);
    fake.entries.push(certificateEntry((await ca.leaf(['logged.dev.example.test'])).der));
    await readLogNow(platform, { id });
    await vi.waitFor(async () => expect(await position()).toBe(1), 30_000);
  } finally {
    await discovery.stop();
    await fake.close();
  }
  const { rows } = await listDiscovered(platform, discoveredQuery.parse({ scope: id }));
  expect(rows).toMatchObject([{ names: ['logged.dev.example.test'], served: 0, logs: 1, owner: { because: 'grant' } }]);
}, 60_000);
