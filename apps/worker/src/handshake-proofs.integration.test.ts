// A contract that has its control shown in TLS handshakes (RFC 8737): Pebble asks an edge that reads the directory which the worker writes in.
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { issuerInputOf } from '@hostmaster/core/contract/issuer';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { type Edge, startEdge } from '@hostmaster/embedded/edge';
import { getTrusted, type Pebble, startPebble } from '@hostmaster/embedded/testing/pebble';
import { connectIssuer } from '@hostmaster/usecases/issuer/connect';
import { startDueRenewals } from '@hostmaster/usecases/sweep/due-renewals';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('a name whose contract asks for tls-alpn-01 is proved by the edge that it leads to, and so is its renewal', async () => {
  const hostname = `at-the-edge.dev.${zoneApex}`;
  const asked = await world.ask(hostname, inHandshake);
  expect(asked.state).toBe('approved');
  await world.runDue();
  expect(await stateOf(hostname)).toBe('live');
  await behindTheBack(world.db).certificate.updateMany({ where: { endpoint: { hostname } }, data: { renewAfter: new Date(0) } });
  expect(await startDueRenewals(world.worker, 10)).toBe(1);
  await world.runDue();
  expect((await certificatesOf(hostname)).map(({ state, issuer }) => [state, issuer.slug])).toEqual([
    ['superseded', 'pebble'],
    ['served', 'pebble'],
  ]);
  expect(await world.db.tlsProof.count()).toBe(0);
});
