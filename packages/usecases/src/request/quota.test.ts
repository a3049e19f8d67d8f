import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { openRequestsPerTeam } from '@hostmaster/core/operation/limits';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Ctx } from '../context.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { cancelRequest } from './cancel.ts';
import { createRequest } from './create.ts';

let harness: Harness;
let [ctx, others]: [Ctx, Ctx] = [null as never, null as never];
let team: { id: string; slug: string };
let other: { id: string; slug: string };
let zone: { id: string; apex: string };
let n = 0;
beforeAll(async () => {
  harness = await createHarness();
  const { build } = harness;
  other = await build.team('other');
  team = await build.team('orders');
  zone = await build.zone({ apex: 'example.test', team });
  await build.environments('dev', 'staging');
  await build.grant({ team, suffix: 'dev.example.test', environments: ['dev'] });
  await build.grant({ team: other, suffix: 'staging.example.test', environments: ['staging'] });
  [ctx, others] = [harness.ctxFor(await build.member(team)), harness.ctxFor(await build.member(other))];
});
afterAll(() => harness.close());

const ask = async (who: Ctx, slug: string, below: string) => {
  n += 1;
  const hostname = `name-${n}.${below}.example.test`;
  return createRequest(who, {
    kind: 'create',
    contract: endpointContract.parse({ hostname, team: slug, target: { addresses: ['192.0.2.9'] } }),
  });
};
const open = () => harness.db.request.count({ where: { teamId: team.id, state: { in: ['in-review', 'approved'] } } });
/** The team has this many open, all like the first. */
const fill = async (count: number) => {
  await harness.db.$executeRaw`
    INSERT INTO request (id, kind, state, hostname, view, team_id, zone_id, contract, decision, plan, plan_hash, review_groups,
                         asker_kind, asker_id, asker_name, answering_person_id)
    SELECT gen_random_uuid(), kind, state, 'filled-' || g || '.' || hostname, view, team_id, zone_id, contract, decision, plan, plan_hash,
           review_groups, asker_kind, asker_id, asker_name, answering_person_id
      FROM (SELECT * FROM request WHERE team_id = ${team.id}::uuid AND state = 'approved' LIMIT 1) AS first, generate_series(1, ${count - (await open())}::int) AS g`;
};
const refused = {
  code: 'quota-reached',
  message: 'orders has 1000 requests open, and no team may have more: in review, or on their way.',
};

beforeEach(async () => {
  await harness.db.operation.deleteMany();
  await harness.db.request.deleteMany();
  await ask(ctx, 'orders', 'dev');
});

it('a team with as many open requests as it may have is refused another, which says the rule and the remedy; other teams are not', async () => {
  await fill(openRequestsPerTeam);
  await expect(ask(ctx, 'orders', 'dev')).rejects.toMatchObject({
    ...refused,
    kind: { remedy: 'Wait until some of it is done, or cancel what is not needed any more.' },
  });
  await expect(ask(others, 'other', 'staging')).resolves.toMatchObject({ state: 'approved' });
});

it('what is over makes room, and so does a request whose place the new one takes', async () => {
  const mine = await ask(ctx, 'orders', 'dev');
  await fill(openRequestsPerTeam);
  await expect(ask(ctx, 'orders', 'dev')).rejects.toMatchObject(refused);
  await cancelRequest(ctx, { id: mine.id });
  await expect(ask(ctx, 'orders', 'dev')).resolves.toMatchObject({ state: 'approved' });
  await expect(ask(ctx, 'orders', 'dev')).rejects.toMatchObject(refused);
});

it('many at once do not get more than there is room for', async () => {
  await fill(openRequestsPerTeam - 2);
  const asked = await Promise.allSettled(Array.from({ length: 6 }, () => ask(ctx, 'orders', 'dev')));
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(await open()).toBe(openRequestsPerTeam);
});

it('what is transferred to a team counts for the one that gives, whoever of which takes it back', async () => {
  const { build } = harness;
  const hostname = 'given.dev.example.test';
  await build.endpoint({ hostname, team, zone, state: 'live' });
  await build.grant({ team: other, suffix: 'dev.example.test', environments: ['dev'] });
  const contract = endpointContract.parse({ hostname, team: 'other', target: { addresses: ['192.0.2.1'] } });
  const { id } = await createRequest(ctx, { kind: 'transfer', contract });
  await fill(openRequestsPerTeam - 1);
  await expect(ask(ctx, 'orders', 'dev'), 'with the transfer they are as many as there may be').rejects.toMatchObject(refused);
  await build.endpoint({ hostname: 'more.dev.example.test', team, zone, state: 'live' });
  const more = { ...contract, hostname: 'more.dev.example.test' };
  await expect(createRequest(ctx, { kind: 'transfer', contract: more }), 'whoever it is given to').rejects.toMatchObject(refused);
  await harness.db.$executeRaw`
    INSERT INTO request (id, kind, state, hostname, view, team_id, zone_id, endpoint_id, contract, decision, plan, plan_hash, review_groups,
                         asker_kind, asker_id, asker_name, answering_person_id)
    SELECT gen_random_uuid(), kind, state, 'given-' || g || '.' || hostname, view, team_id, zone_id, endpoint_id, contract, decision, plan,
           plan_hash, review_groups, asker_kind, asker_id, asker_name, answering_person_id
      FROM (SELECT * FROM request WHERE id = ${id}::uuid) AS first, generate_series(1, ${openRequestsPerTeam}::int) AS g`;
  await expect(ask(others, 'other', 'staging')).resolves.toMatchObject({ state: 'approved' });
  const colleague = harness.ctxFor(await build.member(team));
  await expect(cancelRequest(colleague, { id })).resolves.toMatchObject({ state: 'cancelled' });
  const stranger = harness.ctxFor(await build.member(await build.team('strangers')));
  const given = await harness.db.request.findFirstOrThrow({ where: { kind: 'transfer', state: 'in-review' } });
  await expect(cancelRequest(stranger, { id: given.id })).rejects.toMatchObject({ code: 'forbidden' });
});
