import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { createGrant } from '@hostmaster/usecases/grant/create';
import { checkRequest } from '@hostmaster/usecases/request/check';
import { createRequest } from '@hostmaster/usecases/request/create';
import { getRequest } from '@hostmaster/usecases/request/get';
import { reviewRequest } from '@hostmaster/usecases/request/review';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const grant = { team: 'payments', suffix: 'dev.example.test', environments: ['dev'], views: ['public' as const] };
  await createGrant(await world.as('platform'), { ...grant, wildcard: false, apex: false, reason: 'Takes names over' });
}, 60_000);
afterAll(() => world.close());

/** Somebody of a team who has signed in. */
async function memberOf(slug: string) {
  const team = await world.db.team.findUniqueOrThrow({ where: { slug } });
  const name = `member of ${slug}`;
  const { id } = await world.db.person.upsert({
    where: { email: `${slug}@example.test` },
    create: { name, email: `${slug}@example.test`, memberships: { create: { teamId: team.id } } },
    update: {},
  });
  const { actor } = await world.as('app');
  return world.ctxFor({ ...actor, id, name, roles: [], teams: [{ id: team.id, slug, role: 'member' as const }] });
}

const transfer = (hostname: string) => ({
  kind: 'transfer' as const,
  contract: endpointContract.parse({ hostname, team: 'payments', target: { addresses: ['127.0.0.1'] } }),
});

test('a name is given by the team that holds it and becomes the other team’s when that team accepts', async () => {
  const hostname = 'given.dev.example.test';
  await world.ask(hostname);
  await world.runDue();

  const receiver = await memberOf('payments');
  await expect(createRequest(receiver, transfer(hostname))).rejects.toMatchObject({ code: 'forbidden' });
  await expect(checkRequest(receiver, transfer(hostname))).rejects.toMatchObject({ code: 'forbidden' });

  const giver = await memberOf('order-platform');
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
  const giver = await memberOf('order-platform');
  await expect(createRequest(giver, transfer('nobody.dev.example.test'))).rejects.toMatchObject({ code: 'forbidden' });
});
