// A request that waits can be taken back, whatever it waits for: what it had begun is given back, and the name is as before.

import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { rcodes } from '@hostmaster/core/dns/wire/codes';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { getEndpoint } from '@hostmaster/usecases/endpoint/get';
import { cancelRequest } from '@hostmaster/usecases/request/cancel';
import { createRequest } from '@hostmaster/usecases/request/create';
import { getRequest } from '@hostmaster/usecases/request/get';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type DnsFront, forward, startDnsFront } from './testing/dns-front.ts';
import { heldAt } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

let world: World;
/** What the zone lists as its second server. */
let second: DnsFront;
beforeAll(async () => {
  world = await createWorld();
  second = await startDnsFront(world.server, world.tsig);
  const { address, port } = world.server;
  await world.db.zone.updateMany({
    data: {
      servers: [
        { name: 'ns1', address, port },
        { name: 'ns2', address: second.address, port: second.port },
      ],
    },
  });
}, 60_000);
beforeEach(() => second.behave(forward));
afterAll(async () => {
  await second.stop();
  await world.close();
});

const stands = () => second.behave(() => rcodes.REFUSED);
const change = async (hostname: string, kind: 'change' | 'retire', address = '127.0.0.1') =>
  createRequest(await world.as('app'), {
    kind,
    contract: endpointContract.parse({ hostname, team: 'order-platform', target: { addresses: [address] } }),
  });
const cancel = async (id: string) => cancelRequest(await world.as('app'), { id, reason: 'Not like this.' });
const endpointAt = (hostname: string) => world.db.endpoint.findFirst({ where: { hostname } });

test('a new name that one server never answers for is cancelled: its records leave, and it can be asked for again', async () => {
  const hostname = `new.dev.${zoneApex}`;
  stands();
  const { id } = await world.ask(hostname);
  await world.runDue();
  expect(await getRequest(await world.as('app'), { id })).toMatchObject({
    state: 'approved',
    cancellable: true,
    operation: { state: 'waiting', step: 'records-verified' },
  });
  expect(await heldAt(world, hostname)).toHaveLength(1);

  expect(await cancel(id)).toMatchObject({ state: 'cancelled', summary: 'Cancelled by Ada Park: Not like this.', cancellable: false });
  second.behave(forward);
  await world.runDue();
  expect(await heldAt(world, hostname)).toEqual([]);
  expect(await endpointAt(hostname)).toMatchObject({ state: 'retired', quarantineEnds: null });
  const told = await getRequest(await world.as('app'), { id });
  expect(told, 'how far it came, and what gave it back').toMatchObject({
    state: 'cancelled',
    operation: { purpose: 'revision', state: 'superseded', step: 'records-verified' },
    givingBack: { purpose: 'retirement', state: 'succeeded', steps: ['records-applied', 'records-verified', 'withdrawn'] },
  });
  expect(told.operation?.trail.filter(({ state }) => state === 'done').map(({ step }) => step)).toEqual(['admitted', 'records-applied']);
  await world.ask(hostname);
  await world.runDue();
  expect(await endpointAt(hostname)).toMatchObject({ state: 'live' });
});

test('a change that waits is cancelled: the address before it is back, and the endpoint is live', async () => {
  const hostname = `changed.dev.${zoneApex}`;
  await world.ask(hostname);
  await world.runDue();
  stands();
  const { id } = await change(hostname, 'change', '127.0.0.2');
  await world.runDue();
  expect(await heldAt(world, hostname)).toMatchObject([{ values: ['127.0.0.2'] }]);
  expect(await cancel(id)).toMatchObject({ operation: { state: 'superseded' }, givingBack: { purpose: 'cancellation', state: 'pending' } });
  second.behave(forward);
  await world.runDue();
  expect(await heldAt(world, hostname)).toMatchObject([{ values: ['127.0.0.1'] }]);
  expect(await getRequest(await world.as('app'), { id })).toMatchObject({ givingBack: { purpose: 'reversal', state: 'succeeded' } });
  const endpoint = await getEndpoint(await world.as('app'), { id: (await endpointAt(hostname))?.id ?? '' });
  expect(endpoint).toMatchObject({ revision: 3, takesBack: { id } });
  expect(await endpointAt(hostname)).toMatchObject({ state: 'live' });
  await change(hostname, 'retire');
  await world.runDue();
  expect(await endpointAt(hostname)).toMatchObject({ state: 'retired' });
});

test('a request that is cancelled before a worker took it up changes nothing', async () => {
  const hostname = `early.dev.${zoneApex}`;
  const { id } = await world.ask(hostname);
  await cancel(id);
  await world.runDue();
  expect(await heldAt(world, hostname)).toEqual([]);
  expect(await endpointAt(hostname)).toBeNull();
  expect(await world.db.operation.findMany({ where: { requestId: id }, orderBy: { generation: 'asc' } })).toMatchObject([
    { purpose: 'revision', state: 'superseded' },
    { purpose: 'cancellation', state: 'succeeded' },
  ]);
  expect(await getRequest(await world.as('app'), { id })).toMatchObject({
    operation: { purpose: 'revision', state: 'superseded' },
    givingBack: { purpose: 'cancellation', state: 'succeeded' },
  });
});

test('a cancellation begins when the lease of the run under way is over, and writes nothing more of the request', async () => {
  const hostname = `running.dev.${zoneApex}`;
  const { id } = await world.ask(hostname);
  const leasedUntil = new Date(Date.now() + 20_000);
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
  expect(await heldAt(world, hostname)).toHaveLength(1);
});
