// Requests that want the same names and were made in one moment, so that none was decided in sight of another.
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGrant } from '../grant/create.ts';
import { runOperation } from '../operation/run.ts';
import { createRequest } from '../request/create.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

const teams = ['order-platform', 'payments', 'search'];
let world: Reconciling;
let n = 0;
beforeAll(async () => {
  world = await createReconciling();
  await world.db.team.createMany({ data: [{ slug: 'search', name: 'Search' }], skipDuplicates: true });
  for (const team of teams.slice(1)) {
    const grant = { team, suffix: `dev.${zoneApex}`, environments: ['dev'], views: ['public' as const] };
    await createGrant(await world.as('platform'), { ...grant, wildcard: false, apex: false, reason: 'Shares the suffix' });
  }
});
afterAll(() => world.close());

/** Each asks for a name that is an extra name of the one before it. */
async function threeInOneMoment() {
  n += 1;
  const names = teams.map((_, at) => `m${n}x${at}.dev.${zoneApex}`);
  const hands = behindTheBack(world.db).request;
  const made = [];
  for (const [at, team] of teams.entries()) {
    const extraNames = [names[(at + 1) % names.length] ?? ''];
    const contract = endpointContract.parse({
      ...{ hostname: names[at], team, environment: 'dev', target: { addresses: ['127.0.0.1'] }, tls: { extraNames } },
    });
    await hands.updateMany({ where: { id: { in: made } }, data: { state: 'rejected' } });
    made.push((await createRequest(await world.memberOf(team), { kind: 'create', contract })).id);
  }
  await hands.updateMany({ where: { id: { in: made } }, data: { state: 'approved' } });
  return { made, names };
}

test.each([
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
])('the first by number wins, and the others are told by whom, in whatever order they are worked on: %i %i %i', async (...order) => {
  const { made, names } = await threeInOneMoment();
  for (const at of order) {
    const { id } = await world.db.operation.findFirstOrThrow({ where: { requestId: made[at] ?? '' } });
    await runOperation(world.worker, { operationId: id });
  }
  const [first, ...others] = await Promise.all(made.map((id) => world.seen({ id }, 'platform')));
  expect(first).toMatchObject({ state: 'applied', stage: 'live' });
  for (const other of others) {
    expect(other.state).toBe('stale');
    expect(other.summary).toMatch(/team (order-platform|payments)/);
  }
  const held = await world.db.heldName.findMany({ where: { hostname: { in: names } }, select: { hostname: true } });
  expect(held.map(({ hostname }) => hostname).sort()).toEqual(names.slice(0, 2));
});
