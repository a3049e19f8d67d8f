// A zone that is split while names stand in it: the server that has it gets a zone of its own below it, and answers from that. On BIND.
import { createRfc2136Provider } from '@hostmaster/adapters/dns/rfc2136';
import { systemClock } from '@hostmaster/core/clock';
import { wholeZone } from '@hostmaster/core/dns/zone-parts';
import { smallZone } from '@hostmaster/embedded/testing/dns-servers';
import { checkEndpoint } from '@hostmaster/usecases/endpoint/check';
import { cancelRequest } from '@hostmaster/usecases/request/cancel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { servedSerial, writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

const delegate = (child: string) => writeByHand(world, child, [{ type: 'NS', ttl: 60, values: [`ns1.${child}`] }]);
/** Splits the zone at a name. */
async function split(child: string, lines = ''): Promise<void> {
  await delegate(child);
  await world.server.addZone(child, `${smallZone(child)}${lines}`);
}

/** What a whole zone holds at a name. */
async function inZone(zone: string, name: string) {
  const { server, tsig } = world;
  const { recordSets } = await wholeZone(
    createRfc2136Provider({ zone, server, tsig, clock: systemClock }).readZone(AbortSignal.timeout(10_000)),
  );
  return recordSets.filter((set) => set.name === name).map(({ type, values }) => `${type} ${values.join(' ')}`);
}

async function live(hostname: string): Promise<string> {
  await world.ask(hostname);
  await world.runDue();
  const { id, state } = await world.view(hostname);
  expect(state).toBe('live');
  expect(await inZone(zoneApex, hostname)).toEqual(['A 127.0.0.1']);
  return id;
}

test.each([
  ['has nothing there', 'empty', '', [], 'A nothing'],
  ['has the same there', 'copied', 'a IN A 127.0.0.1\n', ['A 127.0.0.1'], 'A 127.0.0.1'],
  ['has an alias there', 'alias', 'a IN CNAME ns1\n', ['CNAME ns1.alias.dev.example.test'], 'CNAME ns1.alias.dev.example.test'],
])('a name is retired from the zone that it stands in where the one split off %s', async (_, label, lines, held, answers) => {
  const child = `${label}.dev.${zoneApex}`;
  const hostname = `a.${child}`;
  const endpointId = await live(hostname);
  expect(await servedSerial(world, hostname)).not.toBeNull();
  await split(child, lines);
  const request = await world.send('retire', hostname);
  await world.runDue();

  expect(await inZone(zoneApex, hostname)).toEqual([]);
  expect(await inZone(child, hostname)).toEqual(held);
  expect((await world.db.endpoint.findUniqueOrThrow({ where: { id: endpointId } })).state).toBe('retired');
  expect(await world.db.certificate.findMany({ where: { endpointId } })).toMatchObject([{ state: 'revoked' }]);
  expect(await servedSerial(world, hostname)).toBeNull();
  expect((await world.seen(request)).operation?.trail).toContainEqual(
    expect.objectContaining({
      step: 'records-verified',
      state: 'done',
      message: `Taken out of ${zoneApex}. ns1.${zoneApex} answers ${answers} from ${child}, a zone of its own.`,
    }),
  );
});

test('a request waits for the owner of the zone and says which zone answers; cancelled, it leaves nothing', async () => {
  const child = `asked.dev.${zoneApex}`;
  const hostname = `a.${child}`;
  const request = await world.ask(hostname);
  await split(child, 'a IN A 127.0.0.1\n');
  await world.runDue();
  const waiting = await world.seen(request);
  expect(waiting.operation).toMatchObject({ state: 'waiting', step: 'records-verified', movesNext: 'the owner of the zone' });
  expect(waiting.summary).toContain(`answers from ${child}, a zone of its own`);
  expect(waiting.summary).toContain('Have the delegation taken back');
  expect(await inZone(zoneApex, hostname)).toEqual(['A 127.0.0.1']);
  expect((await world.view(hostname)).findings).toMatchObject([
    { code: 'NameDelegated', evidence: expect.stringContaining(`A: NOERROR 127.0.0.1 from ${child}`) },
  ]);
  await expect(world.ask(`next.${child}`)).rejects.toMatchObject({
    violations: expect.arrayContaining([expect.objectContaining({ rule: 'not-delegated' })]),
  });

  await cancelRequest(await world.as('app'), { id: request.id });
  await world.runDue();
  expect((await world.seen(request)).state).toBe('cancelled');
  expect(await inZone(zoneApex, hostname)).toEqual([]);
  expect(await inZone(child, hostname)).toEqual(['A 127.0.0.1']);
});

test('a live name of which another zone answers the same is said to be hidden, and a change of it waits likewise', async () => {
  const child = `later.dev.${zoneApex}`;
  const hostname = `a.${child}`;
  const endpointId = await live(hostname);
  await world.server.addZone(child, `${smallZone(child)}a IN A 127.0.0.1\n`);
  await checkEndpoint(world.worker, { endpointId });
  expect(await world.view(hostname)).toMatchObject({ state: 'degraded', findings: [{ code: 'NameDelegated' }] });
  const change = await world.send('change', hostname, { target: { addresses: ['127.0.0.1', '127.0.0.2'] } });
  await world.runDue();
  const { operation, summary } = await world.seen(change);
  expect(operation).toMatchObject({ state: 'waiting', step: 'records-verified' });
  expect(summary).toContain(`answers from ${child}, a zone of its own`);
  expect(await inZone(zoneApex, hostname)).toEqual(['A 127.0.0.1 127.0.0.2']);
});
