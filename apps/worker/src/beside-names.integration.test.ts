// What somebody puts beside a name by hand after its zone was read, of types that Hostmaster never writes. On BIND.
import { typeCodes } from '@hostmaster/core/dns/wire/codes';
import { parseRdata } from '@hostmaster/core/dns/wire/rdata';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addByHand, heldAt, writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

/** To the root, in alias form (RFC 9460 §2.4.2). */
const alias = Uint8Array.of(0, 0, 0);
const putHttps = (name: string) => addByHand(world, name, typeCodes.HTTPS, alias);
const putSvcb = (name: string) => addByHand(world, name, typeCodes.SVCB, alias);
const putMail = (name: string) => writeByHand(world, name, [{ type: 'MX', ttl: 60, values: ['10 mail.example.net'] }]);
const putUri = (name: string) => addByHand(world, name, typeCodes.URI, Uint8Array.of(0, 1, 0, 1, 120));
const knownAt = async (name: string) =>
  (await world.db.zoneRecordSet.findMany({ where: { name }, orderBy: { type: 'asc' } })).map(({ type }) => type);

test.each([
  ['HTTPS', putHttps, {}],
  ['SVCB', putSvcb, {}],
  ['MX', putMail, {}],
  ['URI', putUri, {}],
  ['HTTPS', putHttps, { target: { cname: `lb.dev.${zoneApex}` } }],
] as const)('beside a new name, %s makes the plan stale, in words, and nothing is written', async (type, put, more) => {
  const hostname = `${type.toLowerCase()}${Object.keys(more).length}.dev.${zoneApex}`;
  const request = await world.ask(hostname, { ...more });
  await put(hostname);
  await world.runDue();
  expect(await world.seen(request)).toMatchObject({
    state: 'stale',
    summary: expect.stringContaining(`${hostname} ${type}: planned on nothing, found 60 ${type}`),
    operation: { step: 'records-applied', error: { code: 'plan-stale' } },
  });
  expect((await heldAt(world, hostname)).filter((set) => set.type !== type)).toEqual([]);
  await expect(world.ask(hostname)).rejects.toMatchObject({
    violations: expect.arrayContaining([expect.objectContaining({ rule: 'name-taken', reason: expect.stringContaining(type) })]),
  });
});

test('what says nothing of where the name leads stays beside it', async () => {
  const hostname = `noted.dev.${zoneApex}`;
  await world.ask(hostname);
  await addByHand(world, hostname, typeCodes.CAA, parseRdata(typeCodes.CAA, '0 issue "ca.example.net"'));
  await world.runDue();
  expect((await world.view(hostname)).state).toBe('live');
  expect(await knownAt(hostname)).toEqual(['A', 'CAA']);
});

test('beside a name that the team has it is noted, a change is made, and it stays when the name goes', async () => {
  const hostname = `had.dev.${zoneApex}`;
  await world.ask(hostname);
  await world.runDue();
  await putHttps(hostname);
  await world.send('change', hostname, { target: { addresses: ['127.0.0.1', '127.0.0.2'] }, tls: { termination: 'none' } });
  await world.runDue();
  expect(await heldAt(world, hostname)).toMatchObject([{ type: 'A', values: ['127.0.0.1', '127.0.0.2'] }]);
  expect(await knownAt(hostname)).toEqual(['A', 'HTTPS']);
  await world.send('retire', hostname);
  await world.runDue();
  expect(await knownAt(hostname)).toEqual(['HTTPS']);
});

test('what came beside a name and is gone again is known no more', async () => {
  const hostname = `gone.dev.${zoneApex}`;
  await world.ask(hostname);
  await world.runDue();
  const { id: zoneId } = await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } });
  const row = { zoneId, name: hostname, type: 'HTTPS', ttl: 60, values: ['x'], observedAt: new Date() };
  await world.db.zoneRecordSet.create({ data: row });
  await world.send('change', hostname, { target: { addresses: ['127.0.0.1', '127.0.0.3'] } });
  await world.runDue();
  expect(await knownAt(hostname)).toEqual(['A']);
});
