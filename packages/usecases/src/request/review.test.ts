// A review on bad days: by two at once, of a plan that has changed, of what was undone meanwhile.

import { randomUUID } from 'node:crypto';
import type { Request } from '@hostmaster/core/contract/request';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGrant } from '../grant/create.ts';
import { revokeGrant } from '../grant/revoke.ts';
import { createReservation } from '../reservation/create.ts';
import { startDueZoneSyncs } from '../sweep/due-zones.ts';
import { zoneApex } from '../testing/demo.ts';
import { address } from '../testing/outside.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { authenticateToken } from '../token/authenticate.ts';
import { createToken } from '../token/create.ts';
import { cancelRequest } from './cancel.ts';
import { reviewRequest } from './review.ts';

let world: Reconciling;
let n = 0;
beforeAll(async () => {
  world = await createReconciling();
  // Pat reviews for the platform and for security; Sam for security alone.
  await createGrant({ ...(await world.as('platform')) }, grantFor(`lab.${zoneApex}`));
});
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
const outcomes = (settled: readonly PromiseSettledResult<unknown>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? 'ok' : one.reason.code)).sort();
const resync = async (): Promise<void> => {
  await world.db.operation.deleteMany({ where: { purpose: 'read', state: { in: ['succeeded', 'failed'] } } });
  await world.db.zone.updateMany({ data: { syncedAt: null } });
  await startDueZoneSyncs(world.worker, 10);
  await world.runDue();
};

describe('a review', () => {
  test('two reviewers of one group at once: one decision, one revision, one operation', async () => {
    const request = await world.ask(fresh('login'));
    expect(request).toMatchObject({ state: 'in-review', waitsFor: ['security-reviewer'] });
    const results = await Promise.allSettled([
      world.decide('security', request),
      world.decide('security', request),
      world.decide('security', request, 'reject'),
    ]);
    expect(outcomes(results)).toEqual(['conflict', 'conflict', 'ok']);
    // Whichever of them was first.
    const approved = (await world.seen(request)).state === 'approved' ? 1 : 0;
    expect(await world.db.operation.count({ where: { requestId: request.id } })).toBe(approved);
    expect(await world.db.review.count({ where: { requestId: request.id } })).toBe(1);
    await world.runDue();
    expect(await world.db.endpointRevision.count({ where: { requestId: request.id } })).toBe(approved);
  });

  test('reviewers of two groups at once see each other: the second approval applies', async () => {
    const hostname = fresh('login.www');
    const request = await world.ask(hostname);
    expect([...request.waitsFor].sort()).toEqual(['platform-admin', 'security-reviewer']);
    await Promise.all([world.decide('security', request), world.decide('platform', request)]);
    expect(await world.seen(request)).toMatchObject({ state: 'approved', waitsFor: [] });
    await world.runDue();
    expect(await world.seen(request)).toMatchObject({ state: 'applied' });
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
    await expect(world.decide('auditor', request)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('security'),
    });
    expect(await world.seen(request)).toMatchObject({ state: 'in-review', reviews: [] });
  });

  test('by somebody whose role was taken in that moment is refused for that, and not for what somebody else decided', async () => {
    const request = await world.ask(fresh('login'));
    const changed = { code: 'conflict', message: expect.stringContaining('What you may do changed') };
    const [security, platform] = [await world.as('security'), await world.as('platform')];
    const people = await world.db.person.findMany({ where: { id: { in: [security.actor.id, platform.actor.id] } } });
    // After they were authorized: their contexts still say so.
    await world.db.person.updateMany({ where: { id: { in: people.map(({ id }) => id) } }, data: { roles: [] } });
    const review = { id: request.id, reason: 'Looked at it.', planHash: request.plan.hash };
    for (const decision of ['approve', 'reject'] as const)
      await expect(reviewRequest(security, { ...review, decision })).rejects.toMatchObject(changed);
    await expect(cancelRequest(platform, { id: request.id })).rejects.toMatchObject(changed);
    for (const { id, roles } of people) await world.db.person.update({ where: { id }, data: { roles } });
    expect(await world.seen(request)).toMatchObject({ state: 'in-review', reviews: [] });
    await world.decide('security', request);
  });

  test('a rejection shows who and why, and the name can be asked for again', async () => {
    const hostname = fresh('login');
    const request = await world.ask(hostname);
    await world.decide('security', request, 'reject');
    expect(await world.seen(request)).toMatchObject({ state: 'rejected', summary: 'Rejected by Sam Ito: Looked at it.', endpointId: null });
    expect(await world.ask(hostname)).toMatchObject({ state: 'in-review' });
  });

  test('a cancelled request is over: it cannot be approved, and not be cancelled again', async () => {
    const hostname = fresh('login');
    const request = await world.ask(hostname);
    await cancelRequest(await world.as('app'), { id: request.id, reason: 'Wrong name.' });
    expect(await world.seen(request)).toMatchObject({ state: 'cancelled', summary: 'Cancelled by Ada Park: Wrong name.' });
    await expect(world.decide('security', request)).rejects.toMatchObject({ code: 'conflict' });
    await expect(cancelRequest(await world.as('app'), { id: request.id })).rejects.toMatchObject({ code: 'conflict' });
    const both = await world.ask(hostname);
    const results = await Promise.allSettled([world.decide('security', both), cancelRequest(await world.as('app'), { id: both.id })]);
    // Approved first, it is cancelled on its way; cancelled first, it cannot be approved.
    expect(results[1]).toMatchObject({ status: 'fulfilled' });
    expect(await world.seen(both)).toMatchObject({ state: 'cancelled' });
    await world.runDue();
    expect(await world.heldAt(hostname)).toEqual([]);
  });
});

describe('an approval is bound to the plan that was seen', () => {
  /** A live name with a change in review: its cname target makes the plan depend on what stands at the name. */
  async function changeInReview(): Promise<{ hostname: string; request: Request }> {
    const hostname = fresh('login.www');
    const created = await world.ask(hostname);
    await world.decide('security', created);
    await world.decide('platform', created);
    await world.runDue();
    const request = await world.send('change', hostname, { ttl: 'cutover' });
    expect(request.state).toBe('in-review');
    return { hostname, request };
  }

  test('a changed plan is refused, shown, and can then be approved; the older approval no longer counts', async () => {
    const { hostname, request } = await changeInReview();
    await world.decide('platform', request);
    await world.writeByHand(hostname, [address('127.0.0.9')]);
    await resync();
    await expect(world.decide('security', request)).rejects.toMatchObject({ code: 'plan-changed' });
    const now = await world.seen(request, 'security');
    expect(now.currentPlan?.changes[0]?.before?.values).toEqual(['127.0.0.9']);
    const hash = now.currentPlan?.hash ?? '';
    await world.decide('security', request, 'approve', hash);
    expect(await world.seen(request)).toMatchObject({
      state: 'in-review',
      waitsFor: ['platform-admin'],
      plan: { hash },
      currentPlan: null,
      reviews: [{ group: 'security-reviewer', planHash: hash }],
    });
    await world.decide('platform', request, 'approve', hash);
    await world.runDue();
    expect(await world.seen(request)).toMatchObject({ state: 'applied' });
    expect(await world.heldAt(hostname)).toEqual([{ name: hostname, type: 'A', ttl: 30, values: ['127.0.0.1'] }]);
  });

  test('what does not touch the effective diff leaves the approval as it is', async () => {
    const { request } = await changeInReview();
    await world.decide('platform', request);
    await world.writeByHand(fresh('other'), [address('192.0.2.1')]);
    await resync();
    expect(await world.seen(request)).toMatchObject({ currentPlan: null, waitsFor: ['security-reviewer'] });
    await world.decide('security', request);
    await world.runDue();
    expect(await world.seen(request)).toMatchObject({ state: 'applied' });
  });

  test('a grant revoked since: it cannot be approved any more, only rejected', async () => {
    const suffix = `brief${randomUUID().slice(0, 8)}.${zoneApex}`;
    const platform = await world.as('platform');
    const grant = await createGrant(platform, grantFor(suffix));
    const request = await world.ask(`login.${suffix}`);
    await revokeGrant(platform, { id: grant.id });
    await expect(world.decide('security', request)).rejects.toMatchObject({
      code: 'policy-denied',
      violations: [expect.objectContaining({ reason: expect.any(String), remedy: expect.any(String) })],
    });
    await world.decide('security', request, 'reject');
    expect(await world.seen(request)).toMatchObject({ state: 'rejected' });
  });

  test('a group that the policy asks for since is asked, before anything is applied', async () => {
    const label = `vault${n}`;
    const request = await world.ask(fresh(`${label}.www`));
    expect(request.waitsFor).toEqual(['platform-admin']);
    await createReservation(await world.as('platform'), { kind: 'label', value: label, group: 'security-reviewer', reason: 'Secrets.' });
    await world.decide('platform', request);
    expect(await world.seen(request)).toMatchObject({
      state: 'in-review',
      waitsFor: ['security-reviewer'],
      reviews: [{ decision: 'approve' }],
    });
    await world.decide('security', request);
    await world.runDue();
    expect(await world.seen(request)).toMatchObject({ state: 'applied' });
  });
});
