// A request that waits can be taken back, whatever it waits for: what it had begun is given back, and the name is as before.

import { HostmasterError } from '@hostmaster/core/errors';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { getEndpoint } from '../endpoint/get.ts';
import { recheckEndpoint } from '../endpoint/recheck.ts';
import { runOperation } from '../operation/run.ts';
import { cancelRequest } from '../request/cancel.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
beforeEach(() => world.secondAnswers());
afterAll(() => world.close());

const change = (hostname: string, kind: 'change' | 'retire', address = '127.0.0.1') =>
  world.send(kind, hostname, { target: { addresses: [address] } });
const cancel = async (id: string) => cancelRequest(await world.as('app'), { id, reason: 'Not like this.' });
/** Cancelled and given back, since every name server answers again. */
const cancelled = async (id: string) => {
  await cancel(id);
  world.secondAnswers();
  await world.runDue();
};
const txt = { type: 'TXT' as const, ttl: 60, values: ['by hand'] };
const live = async (hostname: string) => {
  await world.ask(hostname);
  await world.runDue();
};
const endpointAt = (hostname: string) => world.db.endpoint.findFirst({ where: { hostname }, include: { names: true } });

test('a new name that one server never answers for is cancelled: its records leave, and it can be asked for again', async () => {
  const hostname = `new.dev.${zoneApex}`;
  world.secondStands();
  const { id } = await world.ask(hostname);
  await world.runDue();
  expect(await world.seen({ id })).toMatchObject({
    state: 'approved',
    cancellable: true,
    operation: { state: 'waiting', step: 'records-verified' },
  });
  expect(await world.heldAt(hostname)).toHaveLength(1);

  expect(await cancel(id)).toMatchObject({ state: 'cancelled', summary: 'Cancelled by Ada Park: Not like this.', cancellable: false });
  world.secondAnswers();
  await world.runDue();
  expect(await world.heldAt(hostname)).toEqual([]);
  expect(await endpointAt(hostname)).toMatchObject({ state: 'retired', names: [] });
  const told = await world.seen({ id });
  expect(told, 'how far it came, and what gave it back').toMatchObject({
    state: 'cancelled',
    operation: { purpose: 'revision', state: 'superseded', step: 'records-verified' },
    givingBack: { purpose: 'retirement', state: 'succeeded', steps: ['records-applied', 'records-verified', 'withdrawn'] },
  });
  expect(told.operation?.trail.filter(({ state }) => state === 'done').map(({ step }) => step)).toEqual(['admitted', 'records-applied']);
  await live(hostname);
  expect(await endpointAt(hostname)).toMatchObject({ state: 'live' });
});

test('a change that waits is cancelled: the address before it is back, and the endpoint is live', async () => {
  const hostname = `changed.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  const { id } = await change(hostname, 'change', '127.0.0.2');
  await world.runDue();
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.2'] }]);
  expect(await cancel(id)).toMatchObject({ operation: { state: 'superseded' }, givingBack: { purpose: 'cancellation', state: 'pending' } });
  world.secondAnswers();
  await world.runDue();
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.1'] }]);
  expect(await world.seen({ id })).toMatchObject({ givingBack: { purpose: 'reversal', state: 'succeeded' } });
  const endpoint = await getEndpoint(await world.as('app'), { id: (await endpointAt(hostname))?.id ?? '' });
  expect(endpoint).toMatchObject({ revision: 3, takesBack: { id } });
  expect(await endpointAt(hostname)).toMatchObject({ state: 'live' });
  await change(hostname, 'retire');
  await world.runDue();
  expect(await endpointAt(hostname)).toMatchObject({ state: 'retired' });
});

test('what takes the place of a giving back takes over what it owed: a retirement', async () => {
  const hostname = `owed.dev.${zoneApex}`;
  world.secondStands();
  const { id } = await world.ask(hostname);
  await world.runDue();
  await cancel(id);
  const { endpointId } = await world.seen({ id });
  const retirement = await change(hostname, 'retire');
  world.secondAnswers();
  await world.runDue();
  expect(await world.heldAt(hostname)).toEqual([]);
  expect(await endpointAt(hostname)).toMatchObject({ id: endpointId, state: 'retired' });
  expect(await world.seen(retirement)).toMatchObject({ state: 'applied' });
});

test.each(['change', 'retire'] as const)('a %s can be asked for while the retirement before it is given back', async (kind) => {
  const hostname = `${kind}-again.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  const first = await change(hostname, 'retire');
  await world.runDue();
  expect(await world.heldAt(hostname)).toEqual([]);
  await cancel(first.id);
  const newer = await change(hostname, kind);
  world.secondAnswers();
  await world.runDue();
  expect(await world.seen(newer)).toMatchObject({ state: 'applied' });
  expect(await world.heldAt(hostname)).toHaveLength(kind === 'change' ? 1 : 0);
  expect(await endpointAt(hostname)).toMatchObject({ state: kind === 'change' ? 'live' : 'retired' });
});

test('a wish that took the place of a giving back, and is cancelled itself, gives back both', async () => {
  const hostname = `both.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  const first = await change(hostname, 'change', '127.0.0.2');
  await world.runDue();
  await cancel(first.id);
  const newer = await change(hostname, 'change', '127.0.0.3');
  await cancelled(newer.id);
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.1'] }]);
  expect(await endpointAt(hostname)).toMatchObject({ state: 'live' });
});

test('a giving back that waits goes on after a wish that took its place was cancelled', async () => {
  const hostname = `goes-on.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  const first = await change(hostname, 'change', '127.0.0.2');
  await world.runDue();
  await cancel(first.id);
  await world.runDue();
  const newer = await change(hostname, 'change', '127.0.0.3');
  await cancelled(newer.id);
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.1'] }]);
  expect(await endpointAt(hostname)).toMatchObject({ state: 'live' });
});

test('a giving back that was not written before a wish took its place is written when that is cancelled too', async () => {
  const hostname = `unanswered.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  const first = await change(hostname, 'change', '127.0.0.2');
  await world.runDue();
  await cancel(first.id);
  const apply = async () => {
    throw new HostmasterError('dns-unreachable', 'The name server is away.');
  };
  const dnsProvider: typeof world.worker.dnsProvider = (given) => ({ ...world.worker.dnsProvider(given), apply });
  for (const purpose of ['cancellation', 'reversal'] as const) {
    const { id: operationId } = await world.db.operation.findFirstOrThrow({ where: { endpoint: { hostname }, purpose } });
    await runOperation({ ...world.worker, dnsProvider }, { operationId });
  }
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.2'] }]);
  const newer = await change(hostname, 'change', '127.0.0.3');
  await world.runDue();
  await cancelled(newer.id);
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.1'] }]);
});

test('a name that was retired once and is asked for again is let go of when that is cancelled', async () => {
  const hostname = `once.dev.${zoneApex}`;
  await live(hostname);
  await change(hostname, 'retire');
  await world.runDue();
  world.secondStands();
  const { id } = await world.ask(hostname);
  await world.runDue();
  await cancelled(id);
  expect(await world.heldAt(hostname)).toEqual([]);
  expect(await endpointAt(hostname)).toMatchObject({ state: 'retired' });
});

test('a cancelled change brings back what stood when it was asked for, whatever was given back before', async () => {
  const hostname = `since.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  const first = await change(hostname, 'change', '127.0.0.2');
  await world.runDue();
  await cancelled(first.id);
  await world.writeByHand(hostname, [{ type: 'A', ttl: 60, values: ['127.0.0.66'] }]);
  await behindTheBack(world.db).zoneRecordSet.updateMany({ where: { name: hostname, type: 'A' }, data: { values: ['127.0.0.66'] } });
  world.secondStands();
  const asked = await change(hostname, 'change', '127.0.0.3');
  await world.decide('platform', asked);
  await world.runDue();
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.3'] }]);
  await cancelled(asked.id);
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.66'] }]);
});

test('what was sent and never read back is told when it is given back', async () => {
  const hostname = `sent.dev.${zoneApex}`;
  world.secondStands();
  const { id } = await world.ask(hostname);
  await world.runDue();
  const { id: endpointId } = (await endpointAt(hostname)) ?? { id: '' };
  await behindTheBack(world.db).endpointRevision.updateMany({ where: { endpointId }, data: { appliedAt: null } });
  await cancelled(id);
  expect(await world.db.auditEvent.count({ where: { subjectId: endpointId, action: 'records.send' } })).toBe(1);
});

test('what somebody added beside the value of a cancelled name stays, and the name is let go of', async () => {
  const hostname = `beside.dev.${zoneApex}`;
  world.secondStands();
  const { id } = await world.ask(hostname);
  await world.runDue();
  await world.writeByHand(hostname, [{ type: 'A', ttl: 60, values: ['127.0.0.1', '127.0.0.88'] }, txt]);
  await cancelled(id);
  expect(await world.heldAt(hostname)).toMatchObject([{ type: 'A', values: ['127.0.0.88'] }, { type: 'TXT' }]);
  expect(await endpointAt(hostname)).toMatchObject({ state: 'retired' });
});

test('what somebody added beside the value of a cancelled change stays, and the value before it is back', async () => {
  const hostname = `mixed.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  const { id } = await change(hostname, 'change', '127.0.0.2');
  await world.runDue();
  await world.writeByHand(hostname, [{ type: 'A', ttl: 60, values: ['127.0.0.2', '127.0.0.9'] }]);
  await cancelled(id);
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.1', '127.0.0.9'] }]);
});

test('what was sent and never read back is told by whoever takes over', async () => {
  const hostname = `told.dev.${zoneApex}`;
  const { id } = await world.ask(hostname);
  await world.runDue();
  const { id: endpointId, revision } = (await endpointAt(hostname)) ?? { id: '', revision: 0 };
  // As after a run that was killed between its writing and its reading back, and was cancelled then.
  await behindTheBack(world.db).endpointRevision.updateMany({ where: { endpointId, number: revision }, data: { appliedAt: null } });
  await behindTheBack(world.db).request.updateMany({ where: { id }, data: { state: 'cancelled' } });
  await behindTheBack(world.db).endpoint.updateMany({ where: { id: endpointId }, data: { state: 'pending' } });
  await change(hostname, 'retire');
  await world.runDue();
  expect(await world.heldAt(hostname)).toEqual([]);
  const told = await world.db.auditEvent.findMany({ where: { subjectId: endpointId }, orderBy: { seq: 'asc' } });
  expect(told.map(({ action }) => action)).toContain('records.send');
});

test('an endpoint whose change was given back before it was written is looked at as before', async () => {
  const hostname = `unwritten.dev.${zoneApex}`;
  await live(hostname);
  const { id } = await change(hostname, 'change', '127.0.0.2');
  const operation = await world.db.operation.findFirstOrThrow({ where: { requestId: id } });
  const endpoint = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  const [{ contract, plan, recordSets }] = (await world.db.endpointRevision.findMany({ where: { endpointId: endpoint.id } })) as [never];
  await behindTheBack(world.db).endpointRevision.create({
    data: { endpointId: endpoint.id, number: 2, contract, plan, recordSets, requestId: id },
  });
  await behindTheBack(world.db).endpoint.updateMany({ where: { hostname }, data: { revision: 2, state: 'pending' } });
  expect(operation.state).toBe('pending');
  await cancel(id);
  await world.runDue();
  expect(await endpointAt(hostname)).toMatchObject({ state: 'degraded', revision: 1 });
  const started = await recheckEndpoint(await world.as('app'), { id: endpoint.id });
  await world.runDue();
  expect(await world.db.operation.findUnique({ where: { id: started.id } })).toMatchObject({ state: 'succeeded' });
  expect(await endpointAt(hostname)).toMatchObject({ state: 'live' });
  const { id: next } = await change(hostname, 'change', '127.0.0.3');
  await cancel(next);
  await world.runDue();
  expect(await endpointAt(hostname)).toMatchObject({ state: 'live', revision: 1 });
});

test('a request that is cancelled before a worker took it up changes nothing', async () => {
  const hostname = `early.dev.${zoneApex}`;
  const { id } = await world.ask(hostname);
  await cancel(id);
  await world.runDue();
  expect(await world.heldAt(hostname)).toEqual([]);
  expect(await endpointAt(hostname)).toBeNull();
  expect(await world.db.operation.findMany({ where: { requestId: id }, orderBy: { generation: 'asc' } })).toMatchObject([
    { purpose: 'revision', state: 'superseded' },
    { purpose: 'cancellation', state: 'succeeded' },
  ]);
  expect(await world.seen({ id })).toMatchObject({
    operation: { purpose: 'revision', state: 'superseded' },
    givingBack: { purpose: 'cancellation', state: 'succeeded' },
  });
});

test('a cancellation begins when the lease of the run under way is over, and writes nothing more of the request', async () => {
  const hostname = `running.dev.${zoneApex}`;
  const { id } = await world.ask(hostname);
  const leasedUntil = new Date(world.clock.now().getTime() + 20_000);
  await behindTheBack(world.db).operation.updateMany({ where: { requestId: id }, data: { state: 'running', fence: 1, leasedUntil } });
  await cancel(id);
  expect(await world.db.operation.findFirst({ where: { requestId: id, purpose: 'cancellation' } })).toMatchObject({
    state: 'pending',
    notBefore: leasedUntil,
  });
});

test('nothing is given back for a request that nobody cancelled', async () => {
  const hostname = `kept.dev.${zoneApex}`;
  const { id } = await world.ask(hostname);
  await world.runDue();
  const operation = await world.db.operation.findFirstOrThrow({ where: { requestId: id } });
  const { id: _, ...copied } = operation;
  await behindTheBack(world.db).operation.create({
    data: {
      ...copied,
      purpose: 'cancellation',
      step: 'given-back',
      state: 'pending',
      generation: operation.generation + 1,
      finishedAt: null,
      fence: 0,
      attempts: 0,
      trail: [],
      error: undefined,
      progress: undefined,
      result: undefined,
    },
  });
  await world.runDue();
  expect(await endpointAt(hostname)).toMatchObject({ state: 'live' });
  expect(await world.heldAt(hostname)).toHaveLength(1);
});
