// A primary that was put back to an older version of the zone, and a secondary that has the newer one: it takes nothing from the primary any
// more. On BIND; the secondary is a server that has its version and asks nobody for another.
import { type DnsServer, smallZone, startDnsServer } from '@hostmaster/embedded/testing/dns-servers';
import { checkEndpoint } from '@hostmaster/usecases/endpoint/check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

let world: World;
let second: DnsServer | undefined;
beforeAll(async () => {
  world = await createWorld();
  const zone = smallZone(zoneApex).replace('( 1 ', '( 1001 ');
  const server = await startDnsServer('bind', { zones: { [zoneApex]: `${zone}stays.dev 60 IN A 127.0.0.1\n` }, tsig: world.tsig });
  second = server;
  const { address, port } = world.server;
  const servers = [
    { name: 'ns1', address, port },
    { name: 'ns2', address: server.address, port: server.port },
  ];
  await world.db.zone.updateMany({ where: { apex: zoneApex }, data: { servers } });
}, 240_000);
afterAll(async () => {
  await second?.stop();
  await world.close();
});

const ahead = /ns2 is ahead of the primary, serial 100\d against \d+, and takes nothing from it/;

test('a request that waits for a server ahead of its primary says so, with both serials and the way out, and is for the owner of the zone', async () => {
  const request = await world.ask(`new.dev.${zoneApex}`);
  await world.runDue();
  const { operation, summary } = await world.seen(request);
  expect(operation).toMatchObject({ state: 'waiting', step: 'records-verified', movesNext: 'the owner of the zone' });
  expect(summary).toMatch(ahead);
  expect(summary).toContain('Raise the serial of the zone at the primary');
  const { answers, conditions } = await world.view(`new.dev.${zoneApex}`);
  expect(answers.map(({ server, fault }) => [server, fault])).toEqual([
    ['ns1', null],
    ['ns2', 'ServerAhead'],
  ]);
  expect(conditions.find(({ type }) => type === 'RecordsVerified')).toMatchObject({ status: 'false', reason: 'ServerAhead' });
});

test('a name whose server goes back to such a version is found broken by a look, with the fault of its own', async () => {
  const hostname = `stays.dev.${zoneApex}`;
  await world.ask(hostname);
  await world.runDue();
  const { id, state } = await world.view(hostname);
  expect(state).toBe('live');
  if (second === undefined) throw new TypeError('unreachable: it was started');
  await writeByHand({ ...world, server: second }, hostname, [{ type: 'A', ttl: 60, values: ['127.0.0.2'] }]);
  await checkEndpoint(world.worker, { endpointId: id });
  expect(await world.view(hostname)).toMatchObject({
    state: 'degraded',
    findings: [{ code: 'ServerAhead', cause: expect.stringMatching(ahead), movesNext: 'the owner of the zone' }],
  });
});
