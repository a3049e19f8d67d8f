// What everybody is told while no worker works: everything that waits for one says so, and nothing promises that one comes.
import { home } from '@hostmaster/core/contract/account';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { operation as operationAnswer } from '@hostmaster/core/contract/operation';
import { requestsQuery } from '@hostmaster/core/contract/request';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readHome } from '../account/home.ts';
import { getEndpoint } from '../endpoint/get.ts';
import { recheckEndpoint } from '../endpoint/recheck.ts';
import { readHealth } from '../installation/health.ts';
import { createRequest } from '../request/create.ts';
import { getRequest } from '../request/get.ts';
import { listRequests } from '../request/list.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { testZone } from '../zone/test-connection.ts';
import { getOperation } from './get.ts';

const since = new Date('2026-11-20T11:03:40Z');
const stalled = {
  reason: 'No worker has been seen since 2026-11-20 11:03 UTC; this goes on by itself as soon as one works.',
  movesNext: 'whoever runs Hostmaster',
  stalled: true,
};
const far = new Date('2100-01-01T00:00:00Z');

let harness: Harness;
let team: { id: string; slug: string };
let zone: Awaited<ReturnType<Harness['build']['zone']>>;
let member: Actor;
let platform: Actor;
beforeAll(async () => {
  harness = await createHarness();
  team = await harness.build.team('orders');
  zone = await harness.build.zone({ apex: 'example.test', team });
  await harness.build.environments('dev');
  await harness.build.grant({ team, suffix: 'dev.example.test' });
  member = await harness.build.member(team);
  platform = await harness.build.platform();
});
afterAll(() => harness.close());
beforeEach(() => harness.build.silence(since));

const homeOf = async (actor: Actor) => (await readHome(harness.ctxFor(actor))).needsMe;

describe('while no worker works', () => {
  it('everybody is told so first, since when; whoever runs Hostmaster also where to look', async () => {
    await harness.db.zone.update({ where: { id: zone.id }, data: { syncError: 'The name server refused.' } });
    for (const actor of [member, platform, await harness.build.reviewer(), await harness.build.auditor()]) {
      const answer = await readHome(harness.ctxFor(actor));
      expect(home.parse(answer)).toEqual(answer);
      const [first, ...others] = answer.needsMe;
      expect(first).toMatchObject({
        kind: 'worker',
        title: 'No worker works any more',
        since: since.toISOString(),
      });
      expect(others.map(({ kind }) => kind)).not.toContain('worker');
    }
    expect((await homeOf(member))[0]?.text).toMatch(/Whoever runs Hostmaster has to start one\.$/);
    expect((await homeOf(platform))[0]?.text).toMatch(/The last one was process 4711 on worker-host\.$/);
    expect((await homeOf(platform)).map(({ kind }) => kind)).toContain('zone');
  });

  it('a request that waits for one says so on its page and in the list, and who must act', async () => {
    const contract = endpointContract.parse({ hostname: 'new.dev.example.test', team: 'orders', target: { addresses: ['192.0.2.9'] } });
    const asked = await createRequest(harness.ctxFor(member), { kind: 'create', contract });
    expect(asked, 'the answer to asking').toMatchObject({ state: 'approved', operation: stalled });
    expect(await getRequest(harness.ctxFor(member), { id: asked.id })).toMatchObject({ operation: stalled, summary: stalled.reason });
    expect((await listRequests(harness.ctxFor(member), requestsQuery.parse({}))).rows).toMatchObject([{ summary: stalled.reason }]);
  });

  it('“Test connection” and “Check now” say so at once and whenever they are asked again', async () => {
    const endpoint = await harness.build.endpoint({ hostname: 'live.dev.example.test', team, zone });
    const test = await testZone(harness.ctxFor(platform), { id: zone.id });
    const check = await recheckEndpoint(harness.ctxFor(member), { id: endpoint.id });
    for (const begun of [test, check]) {
      expect(begun).toMatchObject(stalled);
      expect(operationAnswer.parse(await getOperation(harness.ctxFor(platform), { id: begun.id }))).toEqual(begun);
    }
    expect((await getEndpoint(harness.ctxFor(member), { id: endpoint.id })).operation).toMatchObject(stalled);

    await harness.build.silence(far);
    expect(await getOperation(harness.ctxFor(platform), { id: test.id })).toMatchObject({
      reason: 'A worker takes it next.',
      movesNext: 'hostmaster',
      stalled: false,
    });
  });

  it('the portal is degraded for monitoring, which is told no host', async () => {
    const health = await readHealth(harness.worker);
    expect(health).toMatchObject({ status: 'degraded', workers: [{ state: 'silent', lastSeenAt: since.toISOString() }] });
    expect(JSON.stringify(health)).not.toContain('worker-host');
  });
});

describe('where a worker works', () => {
  beforeEach(() => harness.build.silence(far));

  it('nobody is told of workers, and the portal is well', async () => {
    expect((await homeOf(member)).map(({ kind }) => kind)).not.toContain('worker');
    expect(await readHealth(harness.worker)).toMatchObject({ status: 'ok', workers: [{ state: 'working', secondsAgo: 0 }] });
  });
});

describe('while workers live and take nothing up', () => {
  const long = { name: 'work', waitingSince: since, takenAt: new Date(since.getTime() - 60_000) };
  beforeEach(async () => {
    await harness.build.silence(far);
    await harness.db.lane.createMany({ data: [long, { name: 'probes', takenAt: far, waitingSince: null }] });
  });
  afterEach(() => harness.db.lane.deleteMany());

  it('everybody is told so, of which work and since when', async () => {
    const need = { kind: 'lane', id: 'work', title: 'No worker takes up DNS and certificate work', since: since.toISOString() };
    for (const actor of [member, platform]) {
      const answer = await readHome(harness.ctxFor(actor));
      expect(home.parse(answer)).toEqual(answer);
      expect(answer.needsMe.filter(({ kind }) => kind === 'lane' || kind === 'worker')).toMatchObject([need]);
    }
    expect((await homeOf(member))[0]?.text).toMatch(/Whoever runs Hostmaster has to look why\.$/);
    expect((await homeOf(platform))[0]?.text).toMatch(/restart them\.$/);
  });

  it('what waits for one says so, and monitoring is told', async () => {
    const endpoint = await harness.build.endpoint({ hostname: 'standing.dev.example.test', team, zone });
    expect(await recheckEndpoint(harness.ctxFor(member), { id: endpoint.id })).toMatchObject({
      reason: 'No worker has taken up DNS and certificate work since 2026-11-20 11:03 UTC; this goes on by itself as soon as one works.',
      movesNext: 'whoever runs Hostmaster',
      stalled: true,
    });
    expect(await readHealth(harness.worker)).toMatchObject({
      status: 'degraded',
      workers: [{ state: 'working' }],
      lanes: [
        { lane: 'work', state: 'standing', waitingSince: since.toISOString() },
        { lane: 'probes', state: 'working', waitingSince: null },
      ],
    });
  });
});

it('an installation that never had a worker says that', async () => {
  await harness.db.workerHeartbeat.deleteMany();
  expect((await homeOf(member))[0]).toMatchObject({ kind: 'worker', id: 'none', title: 'No worker has been seen yet', since: null });
  expect(await readHealth(harness.worker)).toMatchObject({ status: 'degraded', revocation: 'fresh', workers: [], lanes: [] });
});
