// Records that somebody else put where a name leads: they are overwritten only after a look, never taken away with the
// name, and nothing that answers in a name's place (a wildcard, a delegation) keeps it from ending.
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import type { Request } from '@hostmaster/core/contract/request';
import { createRequest } from '@hostmaster/usecases/request/create';
import { getRequest } from '@hostmaster/usecases/request/get';
import { reviewRequest } from '@hostmaster/usecases/request/review';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { address, heldAt, writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

const live = async (hostname: string, target: EndpointContractInput['target'] = { addresses: ['127.0.0.1'] }): Promise<void> => {
  await world.ask(hostname, { target });
  await world.runDue();
  expect(await stateOf(hostname)).toBe('live');
};
const stateOf = async (hostname: string) => (await world.db.endpoint.findFirstOrThrow({ where: { hostname } })).state;
const send = async (kind: 'change' | 'retire', hostname: string, addresses = ['127.0.0.1']): Promise<Request> =>
  createRequest(await world.as('app'), {
    kind,
    contract: endpointContract.parse({ hostname, team: 'order-platform', target: { addresses } }),
  });
const seen = async ({ id }: Request) => getRequest(await world.as('app'), { id });

test('a value put there by hand is overwritten only after a platform admin looked, however often it is asked', async () => {
  const hostname = `hand.dev.${zoneApex}`;
  await live(hostname);
  await writeByHand(world, hostname, [address('192.0.2.66')]);
  const first = await send('change', hostname, ['127.0.0.2']);
  await world.runDue();
  expect(await seen(first)).toMatchObject({ state: 'stale' });

  const again = await send('change', hostname, ['127.0.0.2']);
  expect(again).toMatchObject({ state: 'in-review', waitsFor: ['platform-admin'] });
  expect(again.decision.reviews).toMatchObject([{ rule: 'changed-by-hand', reason: expect.stringContaining('A 192.0.2.66') }]);
  await world.runDue();
  expect(await heldAt(world, hostname)).toMatchObject([{ values: ['192.0.2.66'] }]);

  await reviewRequest(await world.as('platform'), {
    id: again.id,
    decision: 'approve',
    reason: 'Agreed with them.',
    planHash: again.plan.hash,
  });
  await world.runDue();
  expect(await heldAt(world, hostname)).toMatchObject([{ values: ['127.0.0.2'] }]);
});

test('a retirement takes away what its endpoint put there, leaves the rest, and ends', async () => {
  const hostname = `leaves.dev.${zoneApex}`;
  await live(hostname);
  const mixed = { type: 'A' as const, ttl: 60, values: ['127.0.0.1', '192.0.2.66'] };
  await writeByHand(world, hostname, [mixed, { type: 'AAAA', ttl: 60, values: ['2001:db8::66'] }]);
  const first = await send('retire', hostname);
  await world.runDue();
  expect(await seen(first)).toMatchObject({ state: 'stale' });
  await send('retire', hostname);
  await world.runDue();
  expect(await heldAt(world, hostname)).toMatchObject([
    { type: 'A', values: ['192.0.2.66'] },
    { type: 'AAAA', values: ['2001:db8::66'] },
  ]);
  expect(await stateOf(hostname)).toBe('retired');
});

test('a name that a wildcard covers is retired, though the wildcard answers for it with the same address', async () => {
  const hostname = `a.wild.dev.${zoneApex}`;
  await writeByHand(world, `*.wild.dev.${zoneApex}`, [address('127.0.0.1')]);
  await live(hostname);
  await send('retire', hostname);
  await world.runDue();
  expect(await heldAt(world, hostname)).toEqual([]);
  expect(await stateOf(hostname)).toBe('retired');
});

test('a name that was delegated away meanwhile is retired, and its record does not stay hidden below the delegation', async () => {
  const cut = `cut.dev.${zoneApex}`;
  const hostname = `a.${cut}`;
  await live(hostname);
  await writeByHand(world, cut, [{ type: 'NS', ttl: 60, values: ['ns.example.net'] }]);
  await send('retire', hostname);
  await world.runDue();
  expect(await heldAt(world, hostname)).toEqual([]);
  expect(await stateOf(hostname)).toBe('retired');
});

test('a change that has nothing to write is stale where somebody changed the records by hand meanwhile', async () => {
  const hostname = `nothing.dev.${zoneApex}`;
  await live(hostname);
  await writeByHand(world, hostname, [{ type: 'A', ttl: 60, values: ['127.0.0.1', '192.0.2.66'] }]);
  const request = await send('change', hostname);
  expect(request.plan.changes).toEqual([]);
  await world.runDue();
  expect(await seen(request)).toMatchObject({ state: 'stale', summary: expect.stringContaining('192.0.2.66') });
  expect(await heldAt(world, hostname)).toMatchObject([{ values: ['127.0.0.1', '192.0.2.66'] }]);
});

test('what somebody else took away is not told as taken away by Hostmaster', async () => {
  const hostname = `taken.dev.${zoneApex}`;
  await live(hostname);
  await writeByHand(world, hostname, []);
  await send('retire', hostname);
  await world.runDue();
  expect(await stateOf(hostname)).toBe('retired');
  expect(await world.db.auditEvent.count({ where: { action: 'records.apply', subject: hostname } })).toBe(1);
});
