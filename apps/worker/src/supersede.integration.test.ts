// The newer wish of a team for a name counts, whatever the older one waits for: what that wrote is known to be ours and is
// taken along, and nobody has to cancel first.

import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { rcodes } from '@hostmaster/core/dns/wire/codes';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { checkRequest } from '@hostmaster/usecases/request/check';
import { createRequest } from '@hostmaster/usecases/request/create';
import { getRequest } from '@hostmaster/usecases/request/get';
import { reviewRequest } from '@hostmaster/usecases/request/review';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type DnsFront, forward, startDnsFront } from './testing/dns-front.ts';
import { address, heldAt, writeByHand } from './testing/outside.ts';
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

/** One server answers no more, so that whatever is asked waits in `records-verified`. */
const stands = () => second.behave(() => rcodes.REFUSED);
type Kind = 'create' | 'change' | 'retire';
const wish = (kind: Kind, hostname: string, address: string, tls = {}) => ({
  kind,
  contract: endpointContract.parse({ hostname, team: 'order-platform', target: { addresses: [address] }, tls }),
});
const send = async (...asked: Parameters<typeof wish>) => createRequest(await world.as('app'), wish(...asked));
const seen = async ({ id }: { readonly id: string }) => getRequest(await world.as('app'), { id });
const stateOf = async (hostname: string) => (await world.db.endpoint.findFirst({ where: { hostname } }))?.state;
const valuesAt = async (hostname: string) => (await heldAt(world, hostname)).flatMap(({ values }) => values);
const live = async (hostname: string) => {
  await world.ask(hostname);
  await world.runDue();
  expect(await stateOf(hostname)).toBe('live');
};
const approve = async ({ id, plan }: { readonly id: string; readonly plan: { readonly hash: string } }) =>
  reviewRequest(await world.as('security'), { id, decision: 'approve', reason: 'Agreed.', planHash: plan.hash });

test('a new name that leads to the wrong address is changed while it waits still, and the plan says whose place it takes', async () => {
  const hostname = `new.dev.${zoneApex}`;
  stands();
  const older = await send('create', hostname, '127.0.0.2');
  await world.runDue();
  expect(await valuesAt(hostname)).toEqual(['127.0.0.2']);

  const right = wish('change', hostname, '127.0.0.1');
  const checked = await checkRequest(await world.as('app'), right);
  expect(checked.plan?.notes).toContain(`Takes the place of request #${older.number}.`);
  const newer = await createRequest(await world.as('app'), right);
  expect(newer.supersedes).toEqual({ id: older.id, number: older.number });
  expect(await seen(older)).toMatchObject({
    state: 'superseded',
    supersededBy: { id: newer.id, number: newer.number },
    operation: { state: 'superseded' },
    cancellable: false,
  });
  second.behave(forward);
  await world.runDue();
  expect(await valuesAt(hostname)).toEqual(['127.0.0.1']);
  expect([await stateOf(hostname), (await seen(newer)).state]).toEqual(['live', 'applied']);
  const told = await world.db.auditEvent.findMany({ where: { subjectId: older.id }, orderBy: { seq: 'asc' } });
  expect(told.map(({ action }) => action)).toEqual(['request.create', 'request.supersede']);
});

test('a change that waits gives way to the retirement of its name, and that to a change again', async () => {
  const hostname = `back.dev.${zoneApex}`;
  await live(hostname);
  stands();
  const change = await send('change', hostname, '127.0.0.2');
  await world.runDue();
  const retirement = await send('retire', hostname, '127.0.0.2');
  await world.runDue();
  expect(await valuesAt(hostname)).toEqual([]);
  expect([await stateOf(hostname), (await seen(change)).state, (await seen(retirement)).state]).toEqual([
    'retiring',
    'superseded',
    'approved',
  ]);

  const again = await send('change', hostname, '127.0.0.1');
  second.behave(forward);
  await world.runDue();
  expect(await valuesAt(hostname)).toEqual(['127.0.0.1']);
  expect([await stateOf(hostname), (await seen(retirement)).state, (await seen(again)).state]).toEqual(['live', 'superseded', 'applied']);

  const last = await send('retire', hostname, '127.0.0.1');
  await world.runDue();
  expect([await stateOf(hostname), (await seen(last)).state]).toEqual(['retired', 'applied']);
});

test('what waits for people gives way too, with what was approved of it', async () => {
  const hostname = `login.dev.${zoneApex}`;
  const older = await send('create', hostname, '127.0.0.2');
  const newer = await send('create', hostname, '127.0.0.1');
  expect([(await seen(older)).state, newer.state]).toEqual(['superseded', 'in-review']);
  await expect(approve(older)).rejects.toMatchObject({ code: 'conflict' });
  await approve(newer);
  await world.runDue();
  expect([await stateOf(hostname), await valuesAt(hostname)]).toEqual(['live', ['127.0.0.1']]);
});

test('what waits for a server is given back while the newer wish waits for people', async () => {
  const hostname = `kept.dev.${zoneApex}`;
  await live(hostname);
  stands();
  const older = await send('change', hostname, '127.0.0.2');
  await world.runDue();
  const newer = await send('change', hostname, '127.0.0.3', { extraNames: [`login.kept.dev.${zoneApex}`] });
  expect([(await seen(older)).state, newer.state]).toEqual(['superseded', 'in-review']);
  second.behave(forward);
  await world.runDue();
  expect([await stateOf(hostname), await valuesAt(hostname)]).toEqual(['live', ['127.0.0.1']]);
  const now = await getRequest(await world.as('security'), { id: newer.id });
  await approve({ id: newer.id, plan: now.currentPlan ?? now.plan });
  await world.runDue();
  expect(await valuesAt(hostname)).toEqual(['127.0.0.3']);
});

test('what an older run had written without noting it is known to be ours', async () => {
  const hostname = `unnoted.dev.${zoneApex}`;
  await live(hostname);
  stands();
  await send('change', hostname, '127.0.0.2');
  await world.runDue();
  await behindTheBack(world.db).zoneRecordSet.updateMany({ where: { name: hostname }, data: { values: ['127.0.0.1'] } });
  const newer = await send('change', hostname, '127.0.0.3');
  expect(newer.plan.changes).toMatchObject([{ before: { values: ['127.0.0.1'] }, after: { values: ['127.0.0.3'] } }]);
  second.behave(forward);
  await world.runDue();
  expect([(await seen(newer)).state, await valuesAt(hostname)]).toEqual(['applied', ['127.0.0.3']]);
});

test('what somebody else put there meanwhile is not taken along', async () => {
  const hostname = `foreign.dev.${zoneApex}`;
  await live(hostname);
  stands();
  await send('change', hostname, '127.0.0.2');
  await world.runDue();
  const newer = await send('change', hostname, '127.0.0.3');
  await writeByHand(world, hostname, [address('192.0.2.66')]);
  second.behave(forward);
  await world.runDue();
  expect((await seen(newer)).state).toBe('stale');
  expect(await valuesAt(hostname)).toEqual(['192.0.2.66']);
});

test('a review of what somebody put there does not cover what they put there after it', async () => {
  const hostname = `after.dev.${zoneApex}`;
  await live(hostname);
  stands();
  await send('change', hostname, '127.0.0.2');
  await world.runDue();
  await writeByHand(world, hostname, [address('192.0.2.66')]);
  await behindTheBack(world.db).zoneRecordSet.updateMany({ where: { name: hostname, type: 'A' }, data: { values: ['192.0.2.66'] } });
  const newer = await send('change', hostname, '127.0.0.3');
  expect(newer).toMatchObject({ state: 'in-review', waitsFor: ['platform-admin'] });
  const { id, plan } = newer;
  await reviewRequest(await world.as('platform'), { id, decision: 'approve', reason: 'Agreed.', planHash: plan.hash });
  await writeByHand(world, hostname, [address('192.0.2.77')]);
  second.behave(forward);
  await world.runDue();
  expect((await seen(newer)).state).toBe('stale');
  expect(await valuesAt(hostname)).toEqual(['192.0.2.77']);
});
