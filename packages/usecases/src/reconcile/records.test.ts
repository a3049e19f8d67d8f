import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zoneApex } from '../testing/demo.ts';
import { address } from '../testing/outside.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

const live = async (hostname: string): Promise<void> => {
  await world.ask(hostname);
  await world.runDue();
  expect(await stateOf(hostname)).toBe('live');
};
const stateOf = async (hostname: string) => (await world.db.endpoint.findFirstOrThrow({ where: { hostname } })).state;
const send = (kind: 'change' | 'retire', hostname: string, addresses = ['127.0.0.1']) =>
  world.send(kind, hostname, { target: { addresses } });

test('a value put there by hand is overwritten only after a platform admin looked, however often it is asked', async () => {
  const hostname = `hand.dev.${zoneApex}`;
  await live(hostname);
  await world.writeByHand(hostname, [address('192.0.2.66')]);
  const first = await send('change', hostname, ['127.0.0.2']);
  await world.runDue();
  expect(await world.seen(first)).toMatchObject({ state: 'stale' });

  const again = await send('change', hostname, ['127.0.0.2']);
  expect(again).toMatchObject({ state: 'in-review', waitsFor: ['platform-admin'] });
  expect(again.decision.reviews).toMatchObject([{ rule: 'changed-by-hand', reason: expect.stringContaining('A 192.0.2.66') }]);
  await world.runDue();
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['192.0.2.66'] }]);

  await world.decide('platform', again);
  await world.runDue();
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.2'] }]);
});

test('a retirement takes away what its endpoint put there, leaves the rest, and ends', async () => {
  const hostname = `leaves.dev.${zoneApex}`;
  await live(hostname);
  const mixed = { type: 'A' as const, ttl: 60, values: ['127.0.0.1', '192.0.2.66'] };
  await world.writeByHand(hostname, [mixed, { type: 'AAAA', ttl: 60, values: ['2001:db8::66'] }]);
  const first = await send('retire', hostname);
  await world.runDue();
  expect(await world.seen(first)).toMatchObject({ state: 'stale' });
  await send('retire', hostname);
  await world.runDue();
  expect(await world.heldAt(hostname)).toMatchObject([
    { type: 'A', values: ['192.0.2.66'] },
    { type: 'AAAA', values: ['2001:db8::66'] },
  ]);
  expect(await stateOf(hostname)).toBe('retired');
});

test('a change that has nothing to write is stale where somebody changed the records by hand meanwhile', async () => {
  const hostname = `nothing.dev.${zoneApex}`;
  await live(hostname);
  await world.writeByHand(hostname, [{ type: 'A', ttl: 60, values: ['127.0.0.1', '192.0.2.66'] }]);
  const request = await world.send('change', hostname, { routing: { port: 8443 } });
  expect(request.plan.changes).toEqual([]);
  await world.runDue();
  expect(await world.seen(request)).toMatchObject({ state: 'stale', summary: expect.stringContaining('192.0.2.66') });
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.1', '192.0.2.66'] }]);
});

test('what somebody else took away is not told as taken away by Hostmaster', async () => {
  const hostname = `taken.dev.${zoneApex}`;
  await live(hostname);
  await world.writeByHand(hostname, []);
  await send('retire', hostname);
  await world.runDue();
  expect(await stateOf(hostname)).toBe('retired');
  expect(await world.db.auditEvent.count({ where: { action: 'records.apply', subject: hostname } })).toBe(1);
});

test('a retirement that finds nothing to remove waits for a server that still answers', async () => {
  const hostname = `stays.dev.${zoneApex}`;
  await live(hostname);
  await world.writeByHand(hostname, []);
  await behindTheBack(world.db).zoneRecordSet.deleteMany({ where: { name: hostname } });
  world.secondStands();
  const { id } = await send('retire', hostname);
  await world.runDue();
  const waiting = { operation: { state: 'waiting', step: 'records-verified' } };
  expect(await world.seen({ id })).toMatchObject(waiting);
  // As a server does that is behind.
  await world.writeByHand(hostname, [{ type: 'A', ttl: 60, values: ['127.0.0.1'] }]);
  world.secondAnswers();
  await world.runLater();
  expect(await world.seen({ id })).toMatchObject(waiting);
  await world.writeByHand(hostname, []);
  await world.runLater();
  expect(await stateOf(hostname)).toBe('retired');
});
