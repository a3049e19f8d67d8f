import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { requestsQuery } from '@hostmaster/core/contract/request';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { requestStates } from '@hostmaster/core/request/state';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readHome } from '../account/home.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { asker } from './asker.ts';
import { listRequests } from './list.ts';

let harness: Harness;
let requester: Actor;
beforeAll(async () => {
  harness = await createHarness();
  const { db, build } = harness;
  const team = await build.team('orders');
  const zone = await build.zone({ apex: 'example.test', team });
  requester = await build.member(team);
  const security = await build.reviewer();
  const hostname = 'login.www.example.test';
  const plan = { hash: 'plan', zone: zone.apex, servers: [], changes: [], certificate: null, notes: [] };
  const { id } = await db.request.create({
    data: {
      kind: 'create',
      state: 'in-review',
      hostname,
      view: 'public',
      teamId: team.id,
      zoneId: zone.id,
      contract: endpointContract.parse({ hostname, team: team.slug, target: { addresses: ['192.0.2.1'] } }),
      decision: { outcome: 'review', policyVersion: '1', results: [], violations: [], reviews: [] },
      plan,
      planHash: plan.hash,
      reviewGroups: ['security-reviewer', 'platform-admin'],
      ...asker(requester),
    },
  });
  const group = 'security-reviewer';
  await db.review.create({
    data: { requestId: id, reviewerId: security.id, name: security.name, group, decision: 'approve', reason: 'Fine.', planHash: plan.hash },
  });
});
afterAll(() => harness.close());

const queueOf = async (actor: Actor) => {
  const ctx = harness.ctxFor(actor);
  const { rows } = await listRequests(ctx, requestsQuery.parse({ queue: true }));
  const { needsMe, counts } = await readHome(ctx);
  return [rows.length, needsMe.filter(({ kind }) => kind === 'review').length, counts.reviews];
};

it('a request waits for everybody of a group that has not decided, also where they are of one that has; list and home agree', async () => {
  const { build } = harness;
  expect(await queueOf(await build.platform())).toEqual([1, 1, 1]);
  expect(await queueOf(await build.person([], ['security-reviewer', 'platform-admin']))).toEqual([1, 1, 1]);
  expect(await queueOf(await build.reviewer())).toEqual([0, 0, 0]);
  expect(await queueOf(await build.auditor())).toEqual([0, 0, 0]);
  expect(await queueOf(await build.person())).toEqual([0, 0, 0]);
  expect(await queueOf({ ...requester, roles: ['platform-admin'] })).toEqual([0, 0, 0]);
});

it('the queue of anybody holds exactly what four eyes let them decide on', async () => {
  const { db, build } = harness;
  const { id: _, number: __, ...row } = await db.request.findFirstOrThrow({ include: { team: false } });
  const edge = await build.team('edge');
  const sam = await build.person([{ team: edge }], ['security-reviewer']);
  const answerers = [asker(requester), asker(sam), { ...asker(sam), answeringPersonId: null, answeringTeamId: edge.id }];
  const groups = [['team:edge'], ['security-reviewer', 'team:edge'], ['platform-admin'], []];
  for (const state of requestStates)
    for (const [at, answering] of answerers.entries())
      for (const [nth, reviewGroups] of groups.entries()) {
        const hostname = `${state}-${at}-${nth}.example.test`;
        const { contract, decision, plan } = row;
        const made = await db.request.create({
          data: {
            ...row,
            ...answering,
            contract: contract ?? {},
            decision: decision ?? {},
            plan: plan ?? {},
            hostname,
            state,
            reviewGroups,
          },
        });
        if (nth === 1)
          await db.review.create({
            data: {
              requestId: made.id,
              reviewerId: sam.id,
              name: sam.name,
              group: 'team:edge',
              decision: 'approve',
              reason: '',
              planHash: '',
            },
          });
      }
  for (const actor of [sam, requester, await build.platform(), await build.auditor(), await build.member(edge), await build.person()]) {
    const listed = async (query: object) => (await listRequests(harness.ctxFor(actor), requestsQuery.parse({ limit: 200, ...query }))).rows;
    const judged = (await listed({ order: 'asc' })).filter(({ reviewable }) => reviewable);
    expect((await listed({ queue: true })).map(({ hostname }) => hostname).toSorted()).toEqual(
      judged.map(({ hostname }) => hostname).toSorted(),
    );
  }
});
