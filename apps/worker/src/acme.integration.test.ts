// A contract that asks for a certificate of a CA that speaks ACME: Pebble, which asks BIND, where the worker proves control.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { getTrusted, type Pebble, startPebble } from '@hostmaster/embedded/testing/pebble';
import { getRequest } from '@hostmaster/usecases/request/get';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, zoneApex } from './testing/world.ts';

const run = promisify(execFile);
let world: World;
let pebble: Pebble;
beforeAll(async () => {
  world = await createWorld();
  pebble = await startPebble({ nameServer: `${world.server.address}:${world.server.port}` });
  await world.db.issuer.create({
    data: {
      slug: 'pebble',
      kind: 'acme',
      name: 'Pebble',
      chainPem: await getTrusted(`${pebble.managementUrl}/roots/0`, pebble.trust),
      permittedSuffixes: [zoneApex],
      profile: 'server',
      settings: { directory: pebble.directoryUrl, trust: pebble.trust, addresses: '127.0.0.0/8' },
    },
  });
}, 120_000);
afterAll(async () => {
  await pebble.stop();
  await world.close();
});

const texts = async (name: string): Promise<string> =>
  (await run('dig', ['+short', '+norecurse', `@${world.server.address}`, '-p', String(world.server.port), name, 'TXT'])).stdout.trim();

test('a name whose contract asks for ACME is live with a certificate of that CA, and no proof is left in DNS', async () => {
  const hostname = `shop.dev.${zoneApex}`;
  const asked = await world.ask(hostname, { tls: { source: 'acme', challenge: 'dns-01' } });
  expect(asked.state).toBe('approved');
  await world.runDue();
  const request = await getRequest(await world.as('app'), { id: asked.id });
  expect(request.operation).toMatchObject({ reason: 'Everything is as approved.' });
  expect(request.state).toBe('applied');
  const [certificate] = await world.db.certificate.findMany({ where: { endpoint: { hostname } }, include: { issuer: true } });
  expect(certificate).toMatchObject({ state: 'served', issuer: { slug: 'pebble' } });
  expect(await texts(`_acme-challenge.${hostname}`)).toBe('');
  expect(await world.db.dnsProof.count()).toBe(0);
});
