// The newer wish of a team for a name counts, whatever the older one waits for: what that wrote is known to be ours and is
// taken along, and nobody has to cancel first.

import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { zoneApex } from '../testing/demo.ts';
import { address } from '../testing/outside.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { cancelRequest } from './cancel.ts';
import { checkRequest } from './check.ts';
import { createRequest } from './create.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
beforeEach(() => world.secondAnswers());
afterAll(() => world.close());

type Kind = 'create' | 'change' | 'retire';
const wish = (kind: Kind, hostname: string, address: string, tls = {}) => ({
  kind,
  contract: endpointContract.parse({ hostname, team: 'order-platform', target: { addresses: [address] }, tls }),
});
const send = async (...asked: Parameters<typeof wish>) => createRequest(await world.as('app'), wish(...asked));
const stateOf = async (hostname: string) => (await world.db.endpoint.findFirst({ where: { hostname } }))?.state;
const valuesAt = async (hostname: string) => (await world.heldAt(hostname)).flatMap(({ values }) => values);
const live = async (hostname: string) => {
  await world.ask(hostname);
  await world.runDue();
  expect(await stateOf(hostname)).toBe('live');
};

test('a new name that leads to the wrong address is changed while it waits still, and the plan says whose place it takes', async () => {
  const hostname = `new.dev.${zoneApex}`;
  world.secondStands();
  const older = await send('create', hostname, '127.0.0.2');
  await world.runDue();
  expect(await valuesAt(hostname)).toEqual(['127.0.0.2']);

  const right = wish('change', hostname, '127.0.0.1');
  const checked = await checkRequest(await world.as('app'), right);
  expect(checked.plan?.notes).toContain(`Takes the place of request #${older.number}.`);
  const newer = await createRequest(await world.as('app'), right);
  expect(newer.supersedes).toEqual({ id: older.id, number: older.number });
  expect(await world.seen(older)).toMatchObject({
    state: 'superseded',
    supersededBy: { id: newer.id, number: newer.number },
    operation: { state: 'superseded' },
    cancellable: false,
  });
  expect((await world.seen(newer)).stage).toBe('approved');
  world.secondAnswers();
  await world.runDue();
  expect(await valuesAt(hostname)).toEqual(['127.0.0.1']);
  expect([await stateOf(hostname), (await world.seen(newer)).stage]).toEqual(['live', 'live']);
  const told = await world.db.auditEvent.findMany({ where: { subjectId: older.id }, orderBy: { seq: 'asc' } });
  expect(told.map(({ action }) => action)).toEqual(['request.create', 'request.supersede']);
});

test('a change that waits gives way to the retirement of its name, and that to a change again', async () => {
  const hostname = `back.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  const change = await send('change', hostname, '127.0.0.2');
  await world.runDue();
  const retirement = await send('retire', hostname, '127.0.0.2');
  await world.runDue();
  expect(await valuesAt(hostname)).toEqual([]);
  expect([await stateOf(hostname), (await world.seen(change)).state, (await world.seen(retirement)).state]).toEqual([
    'retiring',
    'superseded',
    'approved',
  ]);

  const again = await send('change', hostname, '127.0.0.1');
  world.secondAnswers();
  await world.runDue();
  expect(await valuesAt(hostname)).toEqual(['127.0.0.1']);
  expect([await stateOf(hostname), (await world.seen(retirement)).state, (await world.seen(again)).state]).toEqual([
    'live',
    'superseded',
    'applied',
  ]);

  const last = await send('retire', hostname, '127.0.0.1');
  await world.runDue();
  expect([await stateOf(hostname), (await world.seen(last)).stage, (await world.seen(again)).stage]).toEqual([
    'retired',
    'retired',
    'past',
  ]);
});

test('what waits for people gives way too, with what was approved of it', async () => {
  const hostname = `login.dev.${zoneApex}`;
  const older = await send('create', hostname, '127.0.0.2');
  const newer = await send('create', hostname, '127.0.0.1');
  expect([(await world.seen(older)).state, newer.state]).toEqual(['superseded', 'in-review']);
  await expect(world.decide('security', older)).rejects.toMatchObject({ code: 'conflict' });
  await world.decide('security', newer);
  await world.runDue();
  expect([await stateOf(hostname), await valuesAt(hostname)]).toEqual(['live', ['127.0.0.1']]);
});

test('what waits for a server is given back while the newer wish waits for people', async () => {
  const hostname = `kept.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  const older = await send('change', hostname, '127.0.0.2');
  await world.runDue();
  const newer = await send('change', hostname, '127.0.0.3', { extraNames: [`login.kept.dev.${zoneApex}`] });
  expect([(await world.seen(older)).state, newer.state]).toEqual(['superseded', 'in-review']);
  world.secondAnswers();
  await world.runDue();
  expect([await stateOf(hostname), await valuesAt(hostname)]).toEqual(['live', ['127.0.0.1']]);
  const { currentPlan, plan } = await world.seen(newer, 'security');
  await world.decide('security', newer, 'approve', (currentPlan ?? plan).hash);
  await world.runDue();
  expect(await valuesAt(hostname)).toEqual(['127.0.0.3']);
});

test('what an older run had written without noting it is known to be ours', async () => {
  const hostname = `unnoted.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  await send('change', hostname, '127.0.0.2');
  await world.runDue();
  await behindTheBack(world.db).zoneRecordSet.updateMany({ where: { name: hostname }, data: { values: ['127.0.0.1'] } });
  const newer = await send('change', hostname, '127.0.0.3');
  expect(newer.plan.changes).toMatchObject([{ before: { values: ['127.0.0.1'] }, after: { values: ['127.0.0.3'] } }]);
  world.secondAnswers();
  await world.runDue();
  expect([(await world.seen(newer)).state, await valuesAt(hostname)]).toEqual(['applied', ['127.0.0.3']]);
});

test('what somebody else put there meanwhile is not taken along', async () => {
  const hostname = `foreign.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  await send('change', hostname, '127.0.0.2');
  await world.runDue();
  const newer = await send('change', hostname, '127.0.0.3');
  await world.writeByHand(hostname, [address('192.0.2.66')]);
  world.secondAnswers();
  await world.runDue();
  expect((await world.seen(newer)).state).toBe('stale');
  expect(await valuesAt(hostname)).toEqual(['192.0.2.66']);
});

test('a review of what somebody put there does not cover what they put there after it', async () => {
  const hostname = `after.dev.${zoneApex}`;
  await live(hostname);
  world.secondStands();
  await send('change', hostname, '127.0.0.2');
  await world.runDue();
  await world.writeByHand(hostname, [address('192.0.2.66')]);
  await behindTheBack(world.db).zoneRecordSet.updateMany({ where: { name: hostname, type: 'A' }, data: { values: ['192.0.2.66'] } });
  const newer = await send('change', hostname, '127.0.0.3');
  expect(newer).toMatchObject({ state: 'in-review', waitsFor: ['platform-admin'] });
  await world.decide('platform', newer);
  await world.writeByHand(hostname, [address('192.0.2.77')]);
  world.secondAnswers();
  await world.runDue();
  expect((await world.seen(newer)).state).toBe('stale');
  expect(await valuesAt(hostname)).toEqual(['192.0.2.77']);
});

test.each([
  ['before a worker looked', false],
  ['while that waits for a server', true],
])('a new name that was cancelled is asked for anew %s, and what was begun is taken along', async (_, looked) => {
  const hostname = `anew-${looked}.dev.${zoneApex}`;
  world.secondStands();
  const older = await send('create', hostname, '127.0.0.2');
  await world.runDue();
  await cancelRequest(await world.as('app'), { id: older.id });
  if (looked) await world.runDue();
  const newer = await send('create', hostname, '127.0.0.1');
  world.secondAnswers();
  await world.runDue();
  expect([(await world.seen(newer)).state, await stateOf(hostname), await valuesAt(hostname)]).toEqual(['applied', 'live', ['127.0.0.1']]);
});

describe('a name that is asked for more than once', () => {
  test('the same name twice in one request is refused by name', async () => {
    const hostname = `twice.dev.${zoneApex}`;
    await expect(world.ask(hostname, { tls: { extraNames: [hostname.toUpperCase()] } })).rejects.toMatchObject({
      code: 'policy-denied',
      violations: [expect.objectContaining({ path: expect.stringContaining('extraNames') })],
    });
  });

  test('a name that is live or asked for is refused with who has it and what to do', async () => {
    const hostname = `taken.dev.${zoneApex}`;
    const { number } = await world.ask(hostname);
    const same = { code: 'already-exists', message: `Request #${number} asks for exactly this already.` };
    await expect(world.ask(hostname)).rejects.toMatchObject(same);
    await world.runDue();
    await expect(world.ask(`${hostname.toUpperCase()}.`)).rejects.toMatchObject({
      code: 'policy-denied',
      violations: [expect.objectContaining({ rule: 'name-taken', remedy: expect.stringContaining('change') })],
    });
  });

  test('of many who ask at the same moment exactly one gets it, the others are told so', async () => {
    const hostname = `at-once.dev.${zoneApex}`;
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => world.ask(hostname)));
    const lost = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(lost).toHaveLength(5);
    for (const error of lost) expect(['conflict', 'already-exists']).toContain(error.code);
    expect(await world.db.request.count({ where: { hostname } })).toBe(1);
    await world.runDue();
    expect(await world.db.endpoint.count({ where: { hostname } })).toBe(1);
    expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ state: 'live', revision: 1 });
  });
});
