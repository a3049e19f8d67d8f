// A reserved name through its life: reviewed when it comes, when what was reviewed changes, and when it goes; changed without
// anybody in what the review was not about; and had again by its team while it is held back.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { getEndpoint } from '../endpoint/get.ts';
import { createReservation } from '../reservation/create.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

const port = { routing: { port: 8443 } };

async function live(hostname: string): Promise<void> {
  const request = await world.ask(hostname);
  for (const group of request.waitsFor) await world.decide(group === 'security-reviewer' ? 'security' : 'platform', request);
  await world.runDue();
}

test('what security approved is asked for again where a change touches it, and for nothing else', async () => {
  const hostname = `login.shop.prod.${zoneApex}`;
  await live(hostname);

  const change = await world.send('change', hostname, port);
  expect(change).toMatchObject({
    state: 'approved',
    plan: { changes: [], contract: { against: 1, changes: [{ field: 'routing.port', before: '443', after: '8443' }] } },
  });
  expect(change.decision.results).toContainEqual(
    expect.objectContaining({ rule: 'reserved-name', outcome: 'pass', reason: expect.stringContaining('Approved by Sam Ito') }),
  );
  await world.runDue();
  expect(await world.seen(change)).toMatchObject({ state: 'applied' });

  const second = await world.send('change', hostname, { ...port, owners: { escalation: '#shop' } });
  expect(second, 'after a change that nobody reviewed the first review counts still').toMatchObject({ state: 'approved' });
  await world.runDue();

  const elsewhere = { ...port, owners: { escalation: '#shop' }, target: { addresses: ['127.0.0.2'] } };
  expect(await world.send('change', hostname, elsewhere)).toMatchObject({ state: 'in-review', waitsFor: ['security-reviewer'] });
});

test('a name that was reserved after it came is looked at with its first change, and not with those after it', async () => {
  const hostname = `vault.prod.${zoneApex}`;
  await live(hostname);
  await createReservation(await world.as('platform'), { kind: 'label', value: 'vault', group: 'security-reviewer', reason: 'Secrets.' });
  const first = await world.send('change', hostname, port);
  expect(first).toMatchObject({ state: 'in-review', waitsFor: ['security-reviewer'] });
  await world.decide('security', first);
  await world.runDue();
  expect(await world.send('change', hostname, { routing: { port: 8080 } })).toMatchObject({ state: 'approved' });
});

test('a reserved name is retired once somebody else looked, and its team has it again while it is held back', async () => {
  const hostname = `login.gone.prod.${zoneApex}`;
  await live(hostname);
  const retirement = await world.send('retire', hostname);
  expect(retirement).toMatchObject({ state: 'in-review', waitsFor: ['security-reviewer'] });
  await world.runDue();
  expect(await world.heldAt(hostname), 'nothing goes before').toHaveLength(1);
  await expect(world.decide('app', retirement)).rejects.toMatchObject({ code: 'self-review' });
  await world.decide('security', retirement);
  await world.runDue();
  expect(await world.heldAt(hostname)).toEqual([]);

  const gone = await world.view(hostname);
  expect(gone).toMatchObject({ state: 'retired', permissions: { change: false, restore: true } });
  expect(new Date(gone.heldBackUntil ?? 0).getTime()).toBeGreaterThan(world.clock.now().getTime());
  expect(await getEndpoint(await world.memberOf('payments'), gone)).toMatchObject({ permissions: { restore: false } });

  const { contract } = gone;
  const again = await world.ask(hostname, contract);
  expect(again).toMatchObject({ state: 'in-review', plan: { contract: { against: null } } });
  expect(await world.view(hostname)).toMatchObject({ permissions: { restore: false }, openRequestId: again.id });
  await world.decide('security', again);
  await world.runDue();
  expect(await world.view(hostname)).toMatchObject({ state: 'live', heldBackUntil: null, permissions: { restore: false } });
  expect(await world.heldAt(hostname)).toHaveLength(1);
});
