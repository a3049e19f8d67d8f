// What is asked for is decided once more when a worker takes it up: what allowed it may be gone, and the name somebody else's.
import { randomUUID } from 'node:crypto';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import type { HostmasterError } from '@hostmaster/core/errors';
import { transact } from '@hostmaster/db/transaction';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGrant } from '../grant/create.ts';
import { revokeGrant } from '../grant/revoke.ts';
import { checkRequest } from '../request/check.ts';
import { createRequest } from '../request/create.ts';
import { getRequest } from '../request/get.ts';
import { reviewRequest } from '../request/review.ts';
import { startApproved } from '../request/start-approved.ts';
import { createReservation } from '../reservation/create.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
  const grant = { team: 'payments', suffix: 'dev.example.test', environments: ['dev'], views: ['public' as const] };
  await createGrant(await world.as('platform'), { ...grant, wildcard: false, apex: false, reason: 'Takes names over' });
});
afterAll(() => world.close());

let n = 0;
/** A name nobody used before. */
const fresh = (label = 'n'): string => {
  n += 1;
  return `${label}.n${n}.dev.${zoneApex}`;
};
const grantFor = (suffix: string) => ({
  team: 'order-platform',
  suffix,
  environments: ['dev'],
  views: ['public' as const],
  wildcard: true,
  apex: false,
  reason: 'Experiments',
});

const transfer = (hostname: string) => ({
  kind: 'transfer' as const,
  contract: endpointContract.parse({ hostname, team: 'payments', target: { addresses: ['127.0.0.1'] } }),
});

test('a name is given by the team that holds it and becomes the other team’s when that team accepts', async () => {
  const hostname = 'given.dev.example.test';
  await world.ask(hostname);
  await world.runDue();

  const receiver = await world.memberOf('payments');
  await expect(createRequest(receiver, transfer(hostname))).rejects.toMatchObject({ code: 'forbidden' });
  await expect(checkRequest(receiver, transfer(hostname))).rejects.toMatchObject({ code: 'forbidden' });

  const giver = await world.memberOf('order-platform');
  expect((await checkRequest(giver, transfer(hostname))).decision).toMatchObject({ outcome: 'review', violations: [] });
  const asked = await createRequest(giver, transfer(hostname));
  expect(asked).toMatchObject({ state: 'in-review', waitsFor: ['team:payments'], team: 'payments' });
  await expect(
    reviewRequest(giver, { id: asked.id, decision: 'approve', reason: 'Mine to give.', planHash: asked.plan.hash }),
  ).rejects.toMatchObject({ code: 'self-review' });
  await reviewRequest(receiver, { id: asked.id, decision: 'approve', reason: 'We take it.', planHash: asked.plan.hash });
  await world.runDue();

  expect(await getRequest(receiver, { id: asked.id })).toMatchObject({ state: 'applied' });
  const endpoint = await world.db.endpoint.findFirstOrThrow({ where: { hostname }, include: { team: true } });
  expect(endpoint).toMatchObject({ state: 'live', team: { slug: 'payments' }, revision: 2 });
});

test('a name that nobody holds is nobody’s to give', async () => {
  const giver = await world.memberOf('order-platform');
  await expect(createRequest(giver, transfer('nobody.dev.example.test'))).rejects.toMatchObject({ code: 'forbidden' });
});

test('a name that somebody else got between decision and commit is found out by the worker, and not taken over', async () => {
  const hostname = fresh();
  const model = await world.db.endpoint.findFirstOrThrow({ where: { state: 'live' } });
  const payments = await world.db.team.findUniqueOrThrow({ where: { slug: 'payments' } });
  const { id: _, ...others } = model;
  let asked: Promise<unknown> = Promise.resolve();
  await transact(world.db, async (tx) => {
    await tx.$executeRaw`LOCK TABLE request IN SHARE ROW EXCLUSIVE MODE`;
    asked = world.ask(hostname).then(
      () => 'asked',
      (error: HostmasterError) => error.code,
    );
    await expect
      .poll(() => world.db.$queryRaw`SELECT 1 FROM pg_locks WHERE relation = 'request'::regclass AND NOT granted`, { timeout: 10_000 })
      .toHaveLength(1);
    const { id: endpointId } = await tx.endpoint.create({ data: { ...others, hostname, teamId: payments.id } });
    await tx.heldName.create({ data: { hostname, endpointId, teamId: payments.id, skeleton: hostname } });
  });
  expect(await asked).toBe('asked');
  await world.runDue();
  expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ teamId: payments.id, revision: model.revision });
  const [request] = await world.db.request.findMany({ where: { hostname } });
  expect(request).toMatchObject({ state: 'stale', outcome: expect.stringContaining('payments') });
});

describe('the policy changes between approval and apply', () => {
  test('an approval that no review stands behind is none, whatever the row of the request says', async () => {
    const request = await world.ask(fresh('login'));
    expect(request).toMatchObject({ state: 'in-review', waitsFor: ['security-reviewer'] });
    await transact(world.db, async (tx) => {
      await tx.$executeRaw`UPDATE request SET state = 'approved' WHERE id = ${request.id}::uuid`;
      await startApproved(tx, await tx.request.findUniqueOrThrow({ where: { id: request.id } }), new Date());
    });
    await world.runDue();
    expect(await world.seen(request)).toMatchObject({ state: 'stale', summary: expect.stringContaining('that nobody gave') });
  });

  test('an approval of another plan than the one that was approved is none', async () => {
    const hostname = fresh('login');
    const request = await world.ask(hostname);
    await world.decide('security', request);
    await world.db.review.updateMany({ where: { requestId: request.id }, data: { planHash: 'of another plan' } });
    await world.runDue();
    expect(await world.seen(request)).toMatchObject({ state: 'stale', summary: expect.stringContaining('that nobody gave') });
    expect(await world.heldAt(hostname)).toEqual([]);
  });

  test('a reservation: the request is stale and says who must look; the name is free to be asked for', async () => {
    const label = `ledger${n}`;
    const hostname = fresh(label);
    const request = await world.ask(hostname);
    await createReservation(await world.as('platform'), { kind: 'label', value: label, group: 'security-reviewer', reason: 'Money.' });
    await world.runDue();
    expect(await world.seen(request)).toMatchObject({
      state: 'stale',
      summary: expect.stringContaining('a review by security'),
      operation: { state: 'failed', step: 'admitted', error: { code: 'plan-stale' } },
    });
    expect(await world.heldAt(hostname)).toEqual([]);
    const again = await world.ask(hostname);
    expect(again).toMatchObject({ state: 'in-review', waitsFor: ['security-reviewer'] });
    await world.decide('security', again);
    await world.runDue();
    expect(await world.seen(again)).toMatchObject({ state: 'applied' });
  });

  test('a grant revoked: nothing is written, and every reason is said', async () => {
    const suffix = `gone${randomUUID().slice(0, 8)}.${zoneApex}`;
    const platform = await world.as('platform');
    const grant = await createGrant(platform, grantFor(suffix));
    const request = await world.ask(`a.${suffix}`);
    await revokeGrant(platform, { id: grant.id });
    await world.runDue();
    expect(await world.seen(request)).toMatchObject({
      state: 'stale',
      operation: { error: { code: 'policy-denied', remedy: expect.not.stringContaining('violation') } },
    });
    expect(await world.heldAt(`a.${suffix}`)).toEqual([]);
    expect(await world.db.endpoint.findFirst({ where: { hostname: `a.${suffix}` } })).toBeNull();
  });
});
