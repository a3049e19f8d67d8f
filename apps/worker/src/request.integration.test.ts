// A request on bad days: asked for twice, reviewed by two at once, approved on a plan that has changed, undone meanwhile.

import { randomUUID } from 'node:crypto';
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import type { Request } from '@hostmaster/core/contract/request';
import type { HostmasterError } from '@hostmaster/core/errors';
import { transact } from '@hostmaster/db/transaction';
import type { Ctx } from '@hostmaster/usecases/context';
import { createGrant } from '@hostmaster/usecases/grant/create';
import { revokeGrant } from '@hostmaster/usecases/grant/revoke';
import type { DemoAccount } from '@hostmaster/usecases/installation/seed-demo';
import { cancelRequest } from '@hostmaster/usecases/request/cancel';
import { createRequest } from '@hostmaster/usecases/request/create';
import { getRequest } from '@hostmaster/usecases/request/get';
import { reviewRequest } from '@hostmaster/usecases/request/review';
import { startApproved } from '@hostmaster/usecases/request/start-approved';
import { createReservation } from '@hostmaster/usecases/reservation/create';
import { startDueZoneSyncs } from '@hostmaster/usecases/sweep/due-zones';
import { authenticateToken } from '@hostmaster/usecases/token/authenticate';
import { createToken } from '@hostmaster/usecases/token/create';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { address, heldAt, writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

let world: World;
let n = 0;
beforeAll(async () => {
  world = await createWorld();
  // Pat reviews for the platform and for security; Sam for security alone.
  await createGrant({ ...(await world.as('platform')) }, grantFor(`lab.${zoneApex}`));
}, 60_000);
afterAll(() => world.close());

const grantFor = (suffix: string) => ({
  team: 'order-platform',
  suffix,
  environments: ['dev'],
  views: ['public' as const],
  wildcard: true,
  apex: false,
  reason: 'Experiments',
});

/** A name nobody used before; one with the label login is reserved for security, one with www for the platform. */
const fresh = (labels = 'n', below = 'dev'): string => {
  n += 1;
  return `${labels}.n${n}.${below}.${zoneApex}`;
};
const decide = async (account: DemoAccount, request: Request, decision: 'approve' | 'reject' = 'approve', planHash = request.plan.hash) =>
  reviewRequest(await world.as(account), { id: request.id, decision, reason: 'Looked at it.', planHash });
const seen = async (request: Request, account: DemoAccount = 'app') => getRequest(await world.as(account), { id: request.id });
const send = async (kind: 'create' | 'change' | 'retire', hostname: string, more: Partial<EndpointContractInput> = {}, ctx?: Ctx) =>
  createRequest(ctx ?? (await world.as('app')), {
    kind,
    contract: endpointContract.parse({ hostname, team: 'order-platform', target: { addresses: ['127.0.0.1'] }, ...more }),
  });
const outcomes = (settled: readonly PromiseSettledResult<unknown>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? 'ok' : one.reason.code)).sort();
const resync = async (): Promise<void> => {
  await world.db.operation.deleteMany({ where: { purpose: 'read', state: { in: ['succeeded', 'failed'] } } });
  await world.db.zone.updateMany({ data: { syncedAt: null } });
  await startDueZoneSyncs(world.worker, 10);
  await world.runDue();
};

describe('one name, asked for more than once', () => {
  test('the same name twice in one request is refused by name', async () => {
    const hostname = fresh();
    await expect(world.ask(hostname, { tls: { extraNames: [hostname.toUpperCase()] } })).rejects.toMatchObject({
      code: 'policy-denied',
      violations: [expect.objectContaining({ path: expect.stringContaining('extraNames') })],
    });
  });

  test('a name that is live or asked for is refused with who has it and what to do', async () => {
    const hostname = fresh();
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
    const hostname = fresh();
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => world.ask(hostname)));
    const lost = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(lost).toHaveLength(5);
    for (const error of lost) expect(['conflict', 'already-exists']).toContain(error.code);
    expect(await world.db.request.count({ where: { hostname } })).toBe(1);
    await world.runDue();
    expect(await world.db.endpoint.count({ where: { hostname } })).toBe(1);
    expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ state: 'live', revision: 1 });
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
      await tx.endpoint.create({ data: { ...others, hostname, teamId: payments.id } });
    });
    expect(await asked).toBe('asked');
    await world.runDue();
    expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ teamId: payments.id, revision: model.revision });
    const [request] = await world.db.request.findMany({ where: { hostname } });
    expect(request).toMatchObject({ state: 'stale', outcome: expect.stringContaining('payments') });
  });
});

describe('review', () => {
  test('two reviewers of one group at once: one decision, one revision, one operation', async () => {
    const request = await world.ask(fresh('login'));
    expect(request).toMatchObject({ state: 'in-review', waitsFor: ['security-reviewer'] });
    const results = await Promise.allSettled([
      decide('security', request),
      decide('security', request),
      decide('security', request, 'reject'),
    ]);
    expect(outcomes(results)).toEqual(['conflict', 'conflict', 'ok']);
    // Whichever of them was first.
    const approved = (await seen(request)).state === 'approved' ? 1 : 0;
    expect(await world.db.operation.count({ where: { requestId: request.id } })).toBe(approved);
    expect(await world.db.review.count({ where: { requestId: request.id } })).toBe(1);
    await world.runDue();
    expect(await world.db.endpointRevision.count({ where: { requestId: request.id } })).toBe(approved);
  });

  test('reviewers of two groups at once see each other: the second approval applies', async () => {
    const hostname = fresh('login.www');
    const request = await world.ask(hostname);
    expect([...request.waitsFor].sort()).toEqual(['platform-admin', 'security-reviewer']);
    await Promise.all([decide('security', request), decide('platform', request)]);
    expect(await seen(request)).toMatchObject({ state: 'approved', waitsFor: [] });
    await world.runDue();
    expect(await seen(request)).toMatchObject({ state: 'applied' });
  });

  test('nobody reviews their own request, nor does their token', async () => {
    const request = await world.ask(fresh('login', 'lab'));
    const app = await world.as('app');
    const reviewing = { ...app, actor: { ...app.actor, roles: ['security-reviewer' as const] } };
    const input = { id: request.id, decision: 'approve' as const, reason: 'Mine.', planHash: request.plan.hash };
    await expect(reviewRequest(reviewing, input)).rejects.toMatchObject({ code: 'self-review' });
    await world.db.person.update({ where: { id: app.actor.id }, data: { roles: ['security-reviewer'] } });
    const { token } = await createToken(reviewing, { name: 'robot', scopes: ['reviews:write'], teams: ['order-platform'], days: 1 });
    const robot = await authenticateToken(await world.as('app'), token);
    expect(robot).toMatchObject({ kind: 'service', roles: ['security-reviewer'] });
    await expect(reviewRequest({ ...app, actor: robot }, input)).rejects.toMatchObject({ code: 'self-review' });
    await world.db.person.update({ where: { id: app.actor.id }, data: { roles: [] } });
    await expect(decide('auditor', request)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('security') });
    expect(await seen(request)).toMatchObject({ state: 'in-review', reviews: [] });
  });

  test('a rejection shows who and why, and the name can be asked for again', async () => {
    const hostname = fresh('login');
    const request = await world.ask(hostname);
    await decide('security', request, 'reject');
    expect(await seen(request)).toMatchObject({ state: 'rejected', summary: 'Rejected by Sam Ito: Looked at it.', endpointId: null });
    expect(await world.ask(hostname)).toMatchObject({ state: 'in-review' });
  });

  test('a cancelled request is over: it cannot be approved, and not be cancelled again', async () => {
    const hostname = fresh('login');
    const request = await world.ask(hostname);
    await cancelRequest(await world.as('app'), { id: request.id, reason: 'Wrong name.' });
    expect(await seen(request)).toMatchObject({ state: 'cancelled', summary: 'Cancelled by Ada Park: Wrong name.' });
    await expect(decide('security', request)).rejects.toMatchObject({ code: 'conflict' });
    await expect(cancelRequest(await world.as('app'), { id: request.id })).rejects.toMatchObject({ code: 'conflict' });
    const both = await world.ask(hostname);
    const results = await Promise.allSettled([decide('security', both), cancelRequest(await world.as('app'), { id: both.id })]);
    // Approved first, it is cancelled on its way; cancelled first, it cannot be approved.
    expect(results[1]).toMatchObject({ status: 'fulfilled' });
    expect(await seen(both)).toMatchObject({ state: 'cancelled' });
    await world.runDue();
    expect(await heldAt(world, hostname)).toEqual([]);
  });
});

describe('an approval is bound to the plan that was seen', () => {
  /** A live name with a change in review: its cname target makes the plan depend on what stands at the name. */
  async function changeInReview(): Promise<{ hostname: string; request: Request }> {
    const hostname = fresh('login.www');
    const created = await world.ask(hostname);
    await decide('security', created);
    await decide('platform', created);
    await world.runDue();
    const request = await send('change', hostname, { ttl: 'cutover' });
    expect(request.state).toBe('in-review');
    return { hostname, request };
  }

  test('a changed plan is refused, shown, and can then be approved; the older approval no longer counts', async () => {
    const { hostname, request } = await changeInReview();
    await decide('platform', request);
    await writeByHand(world, hostname, [address('127.0.0.9')]);
    await resync();
    await expect(decide('security', request)).rejects.toMatchObject({ code: 'plan-changed' });
    const now = await seen(request, 'security');
    expect(now.currentPlan?.changes[0]?.before?.values).toEqual(['127.0.0.9']);
    const hash = now.currentPlan?.hash ?? '';
    await decide('security', request, 'approve', hash);
    expect(await seen(request)).toMatchObject({
      state: 'in-review',
      waitsFor: ['platform-admin'],
      plan: { hash },
      currentPlan: null,
      reviews: [{ group: 'security-reviewer', planHash: hash }],
    });
    await decide('platform', request, 'approve', hash);
    await world.runDue();
    expect(await seen(request)).toMatchObject({ state: 'applied' });
    expect(await heldAt(world, hostname)).toEqual([{ name: hostname, type: 'A', ttl: 30, values: ['127.0.0.1'] }]);
  });

  test('what does not touch the effective diff leaves the approval as it is', async () => {
    const { request } = await changeInReview();
    await decide('platform', request);
    await writeByHand(world, fresh('other'), [address('192.0.2.1')]);
    await resync();
    expect(await seen(request)).toMatchObject({ currentPlan: null, waitsFor: ['security-reviewer'] });
    await decide('security', request);
    await world.runDue();
    expect(await seen(request)).toMatchObject({ state: 'applied' });
  });

  test('a grant revoked since: it cannot be approved any more, only rejected', async () => {
    const suffix = `brief${randomUUID().slice(0, 8)}.${zoneApex}`;
    const platform = await world.as('platform');
    const grant = await createGrant(platform, grantFor(suffix));
    const request = await world.ask(`login.${suffix}`);
    await revokeGrant(platform, { id: grant.id });
    await expect(decide('security', request)).rejects.toMatchObject({
      code: 'policy-denied',
      violations: [expect.objectContaining({ reason: expect.any(String), remedy: expect.any(String) })],
    });
    await decide('security', request, 'reject');
    expect(await seen(request)).toMatchObject({ state: 'rejected' });
  });

  test('a group that the policy asks for since is asked, before anything is applied', async () => {
    const label = `vault${n}`;
    const request = await world.ask(fresh(`${label}.www`));
    expect(request.waitsFor).toEqual(['platform-admin']);
    await createReservation(await world.as('platform'), { kind: 'label', value: label, group: 'security-reviewer', reason: 'Secrets.' });
    await decide('platform', request);
    expect(await seen(request)).toMatchObject({ state: 'in-review', waitsFor: ['security-reviewer'], reviews: [{ decision: 'approve' }] });
    await decide('security', request);
    await world.runDue();
    expect(await seen(request)).toMatchObject({ state: 'applied' });
  });
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
    expect(await seen(request)).toMatchObject({ state: 'stale', summary: expect.stringContaining('that nobody gave') });
  });

  test('a reservation: the request is stale and says who must look; the name is free to be asked for', async () => {
    const label = `ledger${n}`;
    const hostname = fresh(label);
    const request = await world.ask(hostname);
    await createReservation(await world.as('platform'), { kind: 'label', value: label, group: 'security-reviewer', reason: 'Money.' });
    await world.runDue();
    expect(await seen(request)).toMatchObject({
      state: 'stale',
      summary: expect.stringContaining('a review by security'),
      operation: { state: 'failed', step: 'admitted', error: { code: 'plan-stale' } },
    });
    expect(await heldAt(world, hostname)).toEqual([]);
    const again = await world.ask(hostname);
    expect(again).toMatchObject({ state: 'in-review', waitsFor: ['security-reviewer'] });
    await decide('security', again);
    await world.runDue();
    expect(await seen(again)).toMatchObject({ state: 'applied' });
  });

  test('a grant revoked: nothing is written, and every reason is said', async () => {
    const suffix = `gone${randomUUID().slice(0, 8)}.${zoneApex}`;
    const platform = await world.as('platform');
    const grant = await createGrant(platform, grantFor(suffix));
    const request = await world.ask(`a.${suffix}`);
    await revokeGrant(platform, { id: grant.id });
    await world.runDue();
    expect(await seen(request)).toMatchObject({ state: 'stale', operation: { error: { code: 'policy-denied' } } });
    expect(await heldAt(world, `a.${suffix}`)).toEqual([]);
    expect(await world.db.endpoint.findFirst({ where: { hostname: `a.${suffix}` } })).toBeNull();
  });
});
