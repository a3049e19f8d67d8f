// A contract that has its control shown in TLS handshakes (RFC 8737): Pebble asks an edge that reads the directory which the worker writes in.
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { directoryProofs, handshakeProofsFolder } from '@hostmaster/adapters/destinations/handshake-proofs';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { createTestCa } from '@hostmaster/adapters/testing/test-ca';
import { systemClock } from '@hostmaster/core/clock';
import { issuerInputOf } from '@hostmaster/core/contract/issuer';
import { tlsServer } from '@hostmaster/core/operation/moves-next';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { type Edge, startEdge } from '@hostmaster/embedded/edge';
import { getTrusted, type Pebble, startPebble } from '@hostmaster/embedded/testing/pebble';
import { readMe } from '@hostmaster/usecases/account/me';
import { lastOrderOf } from '@hostmaster/usecases/certificate/last-order';
import { createProofs } from '@hostmaster/usecases/certificate/proofs';
import { connectIssuer } from '@hostmaster/usecases/issuer/connect';
import { getRequest } from '@hostmaster/usecases/request/get';
import { startDueRenewals } from '@hostmaster/usecases/sweep/due-renewals';
import { startDueZoneSyncs } from '@hostmaster/usecases/sweep/due-zones';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createHeartbeat } from './heartbeat.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

let world: World;
let pebble: Pebble;
let edge: Edge;
const startEdgeThere = () =>
  startEdge({ directory: world.env.HOSTMASTER_EDGE_DIRECTORY ?? '', address: '127.0.0.1', port: pebble.tlsPort });
beforeAll(async () => {
  world = await createWorld();
  pebble = await startPebble({ nameServer: `${world.server.address}:${world.server.port}`, provesAnew: true });
  const { directoryUrl, trust, tlsPort, managementUrl } = pebble;
  const settings = { directory: directoryUrl, trust, addresses: '127.0.0.0/8', tlsPort };
  const said = { name: 'Pebble', suffixes: [zoneApex], rootPem: await getTrusted(`${managementUrl}/roots/0`, trust) };
  const input = issuerInputOf([...issuerKinds.values()]).parse({
    ...{ slug: 'pebble', connection: { kind: 'acme', settings }, untested: true, ...said },
  });
  await connectIssuer({ ...(await world.as('platform')), sealer: world.keyStore }, input);
  edge = await startEdgeThere();
}, 120_000);
afterAll(async () => {
  await edge.close();
  await pebble.stop();
  await world.close();
});

const inHandshake = { tls: { source: 'acme', challenge: 'tls-alpn-01' } } as const;
const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, include: { issuer: true }, orderBy: { notBefore: 'asc' } });
const stateOf = async (hostname: string) => (await world.db.endpoint.findFirstOrThrow({ where: { hostname } })).state;
/** What stands in the directory for an edge to show. */
const shown = async () => (await readdir(handshakeProofsFolder(world.env.HOSTMASTER_EDGE_DIRECTORY ?? ''))).sort();
/** What waits for its next try is tried now. */
const again = async (hostname: string) => {
  await behindTheBack(world.db).operation.updateMany({
    where: { endpoint: { hostname }, state: 'waiting' },
    data: { nextAttemptAt: null },
  });
  await world.runDue();
};
const operationOf = async (id: string) => (await getRequest(await world.as('app'), { id })).operation;

test('a name whose contract asks for tls-alpn-01 is proved by the edge that it leads to, and so is its renewal', async () => {
  const hostname = `at-the-edge.dev.${zoneApex}`;
  const asked = await world.ask(hostname, inHandshake);
  expect(asked.state).toBe('approved');
  await world.runDue();
  expect(await stateOf(hostname)).toBe('live');
  await behindTheBack(world.db).certificate.updateMany({ where: { endpoint: { hostname } }, data: { renewAfter: new Date(0) } });
  const asksAgain = vi.spyOn(world.worker.prober, 'askInHandshake');
  expect(await startDueRenewals(world.worker, 10)).toBe(1);
  await world.runDue();
  expect(asksAgain).toHaveBeenCalled();
  asksAgain.mockRestore();
  expect((await certificatesOf(hostname)).map(({ state, issuer }) => [state, issuer.slug])).toEqual([
    ['superseded', 'pebble'],
    ['served', 'pebble'],
  ]);
  expect([await world.db.tlsProof.count(), await shown(), await world.db.dnsProof.count()]).toEqual([0, [], 0]);
});

test('several names of one certificate are proved side by side, each by its own', async () => {
  const hostname = `first.dev.${zoneApex}`;
  const extra = `second.dev.${zoneApex}`;
  await world.ask(extra, { tls: { termination: 'none' } });
  await world.runDue();
  await world.ask(hostname, { tls: { ...inHandshake.tls, extraNames: [extra] } });
  await world.runDue();
  expect((await certificatesOf(hostname)).map(({ names }) => names)).toEqual([[hostname, extra]]);
  expect(await shown()).toEqual([]);
});

test('a name that leads to another server is waited for, with what is seen there, and is proved once it leads to the edge', async () => {
  const hostname = `elsewhere.dev.${zoneApex}`;
  await edge.close();
  const leaf = await (await createTestCa([zoneApex])).leaf([hostname]);
  const ordinary = createServer({ cert: leaf.fullchainPem, key: leaf.privateKeyPem, ALPNProtocols: ['http/1.1'] });
  ordinary.on('tlsClientError', (_, socket) => socket.destroy());
  ordinary.listen(pebble.tlsPort, '127.0.0.1');
  await once(ordinary, 'listening');
  const { id } = await world.ask(hostname, inHandshake);
  await world.runDue();
  expect(await operationOf(id)).toMatchObject({ state: 'waiting', step: 'certificate-issued', movesNext: tlsServer });
  expect((await operationOf(id))?.reason).toBe(
    `The proof that a CA will ask ${hostname} for (tls-alpn-01) is not seen there: port ${pebble.tlsPort} of 127.0.0.1: it ended the handshake: it does not speak acme-tls/1 (TLS alert no_application_protocol). Have ${hostname} lead to the edge of Hostmaster on port ${pebble.tlsPort} and nowhere else, or choose dns-01.`,
  );
  const endpoint = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  expect((await lastOrderOf(await world.as('app'), endpoint)).order).toMatchObject({
    proofs: [{ method: 'tls-alpn-01', where: hostname, zone: null }],
    said: {
      authorizations: [{ name: hostname, status: 'pending', challenges: [{ type: 'tls-alpn-01', status: 'pending', problem: null }] }],
    },
  });
  expect(await shown()).toEqual([hostname]);
  ordinary.close();
  await once(ordinary, 'close');
  edge = await startEdgeThere();
  await again(hostname);
  expect([await stateOf(hostname), await shown()]).toEqual(['live', []]);
});

test('a worker that dies while its proof is shown is followed by one that goes on, and a name that ends on its way leaves none', async () => {
  const [hostname, ends] = [`killed.dev.${zoneApex}`, `ends.dev.${zoneApex}`];
  const proofs = world.worker.handshakeProofs;
  if (proofs === null) throw new TypeError('unreachable: the world has a directory');
  const { show } = proofs;
  const dies = vi.spyOn(proofs, 'show').mockImplementation(async (proof) => {
    await show(proof);
    throw new Error('the worker is gone');
  });
  await world.ask(hostname, inHandshake);
  await world.ask(ends, inHandshake);
  await world.runDue();
  dies.mockRestore();
  expect([await shown(), await world.db.tlsProof.count()]).toEqual([[ends, hostname].sort(), 2]);
  await again(hostname);
  expect([await stateOf(hostname), await shown()]).toEqual(['live', [ends]]);
  await world.send('retire', ends);
  await world.runDue();
  expect([await stateOf(ends), await shown(), await world.db.tlsProof.count()]).toEqual(['retired', [], 0]);
});

test('what an order left behind that is over is taken back when its zone is read', async () => {
  const hostname = `left.dev.${zoneApex}`;
  await world.ask(hostname, inHandshake);
  await world.runDue();
  const { id } = await world.db.certificateOrder.findFirstOrThrow({ where: { endpoint: { hostname } } });
  const proof = { hostname, token: 'left', keyAuthorization: 'left.by-a-worker' };
  await createProofs(world.worker).put(
    id,
    { method: 'tls-alpn-01', httpPort: 1, tlsPort: pebble.tlsPort },
    [proof],
    AbortSignal.timeout(10_000),
  );
  expect(await shown()).toEqual([hostname]);
  await world.db.zone.updateMany({ data: { syncedAt: new Date(0) } });
  await behindTheBack(world.db).operation.updateMany({ where: { kind: 'zone' }, data: { createdAt: new Date(0) } });
  expect(await startDueZoneSyncs(world.worker, 1)).toBe(1);
  await world.runDue();
  expect([await shown(), await world.db.tlsProof.count()]).toEqual([[], 0]);
});

test('is asked for only where an edge says that it shows proofs, as the heartbeat of the worker tells', async () => {
  const refused = { violations: [{ rule: 'tls-challenge', remedy: 'Choose dns-01 or http-01.' }] };
  const hostname = `no-edge.dev.${zoneApex}`;
  await world.db.workerHeartbeat.deleteMany();
  const others = await mkdtemp(join(tmpdir(), 'no-edge-'));
  await createHeartbeat({ db: world.worker.db, handshakeProofs: directoryProofs(others, systemClock) })();
  await expect(world.ask(hostname, inHandshake)).rejects.toMatchObject(refused);
  expect(await readMe(await world.as('app'))).toMatchObject({ tlsProofs: false });
  await createHeartbeat(world.worker)();
  // One worker among those that live has no such edge, and may take the order up.
  await expect(world.ask(hostname, inHandshake)).rejects.toMatchObject(refused);
  await world.db.workerHeartbeat.deleteMany({ where: { tlsProofs: false } });
  expect(await readMe(await world.as('app'))).toMatchObject({ tlsProofs: true });
  expect(await world.ask(hostname, inHandshake)).toMatchObject({ state: 'approved' });
  await rm(others, { recursive: true });
});
