// A controller of team orders asks for names: nobody clicked, and yet somebody answers for each of its requests.
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { request as requestAnswer, requestsQuery } from '@hostmaster/core/contract/request';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHome } from '../account/home.ts';
import { systemActor } from '../actor.ts';
import { createReservation } from '../reservation/create.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { authenticateToken } from '../token/authenticate.ts';
import { createToken } from '../token/create.ts';
import { cancelRequest } from './cancel.ts';
import { createRequest } from './create.ts';
import { listRequests } from './list.ts';
import { reviewRequest } from './review.ts';

let harness: Harness;
let controller: Actor;
/** Both review for security; one of them is of the team that answers for the controller. */
let colleague: Actor;
let stranger: Actor;
let member: Actor;
beforeAll(async () => {
  harness = await createHarness();
  const { build } = harness;
  const [orders, payments] = [await build.team('orders'), await build.team('payments')];
  await build.environments('dev');
  await build.zone({ apex: 'example.test', team: orders });
  await build.grant({ team: orders, suffix: 'dev.example.test' });
  const held = { kind: 'suffix', value: 'login.dev.example.test', group: 'security-reviewer', reason: 'Phished.' } as const;
  await createReservation(harness.ctxFor(await build.platform()), held);
  controller = build.serviceOf(orders, 'requests:write', 'requests:read', 'reviews:write');
  colleague = await build.person([{ team: orders }, { team: payments }], ['security-reviewer']);
  stranger = await build.person([{ team: payments }], ['security-reviewer']);
  member = await build.member(orders);
});
afterAll(() => harness.close());

let names = 0;
const ask = (actor: Actor = controller, below = 'dev.example.test') => {
  const contract = endpointContract.parse({ hostname: `n${++names}.${below}`, team: 'orders', target: { addresses: ['192.0.2.1'] } });
  return createRequest(harness.ctxFor(actor), { kind: 'create', contract });
};
const reviewed = () => ask(controller, 'login.dev.example.test');
const queueOf = async (actor: Actor) => {
  const ctx = harness.ctxFor(actor);
  const { rows } = await listRequests(ctx, requestsQuery.parse({ queue: true }));
  const { needsMe, counts } = await readHome(ctx);
  expect([needsMe.filter(({ kind }) => kind === 'review').length, counts.reviews]).toEqual([rows.length, rows.length]);
  return rows.map(({ id }) => id);
};

describe('a request of a service', () => {
  it('says what asked, and which team answers for it', async () => {
    const made = await ask();
    expect(requestAnswer.parse(made)).toMatchObject({
      state: 'approved',
      requester: controller.name,
      answerer: { kind: 'team', name: 'orders' },
    });
    expect(await harness.db.request.findUnique({ where: { id: made.id } })).toMatchObject({
      askerKind: 'service',
      askerId: controller.id,
      answeringPersonId: null,
    });
  });

  it('is a person’s to answer for where the service is a token of theirs', async () => {
    const made = await ask(await harness.build.tokenOf(member, 'requests:write'));
    expect(made.answerer).toEqual({ kind: 'person', name: member.name });
  });

  it('is not made by what nobody answers for', async () => {
    await expect(ask(systemActor)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('answers for it') });
  });

  it('waits for those of the reviewing group who do not answer for it, and for no service', async () => {
    const { id } = await reviewed();
    expect(await queueOf(stranger)).toContain(id);
    expect(await queueOf(colleague)).not.toContain(id);
    expect(await queueOf({ ...controller, roles: ['security-reviewer'] })).toEqual([]);
  });

  it('is reviewed by nobody of the team that answers for it, whichever token they use', async () => {
    const { id, plan } = await reviewed();
    const decide = (actor: Actor) =>
      reviewRequest(harness.ctxFor(actor), { id, decision: 'approve', reason: 'Fine.', planHash: plan.hash });
    const made = await createToken(harness.ctxFor(colleague), {
      name: 'narrow',
      scopes: ['reviews:write'],
      teams: ['payments'],
      days: 1,
    });
    const narrow = await authenticateToken(harness, made.token);
    expect(narrow.teams.map(({ slug }) => slug)).toEqual(['payments']);
    await expect(decide(colleague)).rejects.toMatchObject({ code: 'self-review' });
    await expect(decide(narrow)).rejects.toMatchObject({ code: 'self-review' });
    await expect(decide({ ...controller, roles: ['security-reviewer'] })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(decide(stranger)).resolves.toMatchObject({ state: 'approved' });
  });

  it('is shown to the team when it does not come through, and can be taken back by it', async () => {
    const { id, plan, number } = await reviewed();
    await reviewRequest(harness.ctxFor(stranger), { id, decision: 'reject', reason: 'No.', planHash: plan.hash });
    const needs = (await readHome(harness.ctxFor(member))).needsMe;
    expect(needs.map(({ text }) => text).join('\n')).toContain(`The request ${number} of ${controller.name} was rejected`);
    const other = await reviewed();
    await expect(cancelRequest(harness.ctxFor(member), { id: other.id })).resolves.toMatchObject({ state: 'cancelled' });
  });
});
