import type { EndpointRow, endpointsQuery } from '@hostmaster/core/contract/endpoint-view';
import { endpointDetail, endpointPage } from '@hostmaster/core/contract/endpoint-view';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createHarness, type Harness, harnessStart } from '../testing/harness.ts';
import { getEndpoint } from './get.ts';
import { listEndpoints } from './list.ts';
import { listRevisions } from './revisions.ts';

type Query = z.output<typeof endpointsQuery>;
type World = { team: { id: string; slug: string }; zone: { id: string; apex: string }; actor: Actor };

const day = 86_400_000;
let harness: Harness;
let world: World;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());
// Each test looks at a team of its own.
beforeEach(async () => {
  harness.clock.set(harnessStart);
  const team = await harness.build.team();
  world = { team, zone: await harness.build.zone({ team }), actor: await harness.build.member(team) };
});

const list = (query: Partial<Query> = {}) =>
  listEndpoints(harness.ctxFor(world.actor), { limit: 50, sort: 'hostname', team: world.team.slug, ...query });
const names = (rows: readonly EndpointRow[]) => rows.map(({ hostname }) => hostname);
const name = (label: string) => `${label}.${world.zone.apex}`;

async function add(labels: readonly string[], more: { state?: 'live' | 'degraded' | 'retired' } = {}) {
  return harness.build.endpoints(labels.map((label) => ({ hostname: name(label), team: world.team, zone: world.zone, ...more })));
}
const certify = (endpoints: readonly { id: string; hostname: string }[], daysLeft: (index: number) => number) =>
  harness.build.certificates(
    endpoints.map((endpoint, index) => ({
      endpoint,
      notBefore: new Date(harnessStart.getTime() - 10 * day),
      notAfter: new Date(harnessStart.getTime() + daysLeft(index) * day),
    })),
  );

/** Every page of a list, with `between` run after each. */
async function everyPage(query: Partial<Query>, between: (page: number) => Promise<unknown> = async () => undefined): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 100; page += 1) {
    const answer = await list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...names(answer.rows));
    if (answer.nextCursor === null) return seen;
    cursor = answer.nextCursor;
    await between(page);
  }
  throw new Error('the pages do not end');
}

describe('pages of endpoints', () => {
  const labels = Array.from({ length: 23 }, (_, index) => `n${String(index).padStart(3, '0')}`);

  it.each(['hostname', 'changed', 'expiry'] as const)('by %s show everything exactly once, whatever the page holds', async (sort) => {
    const made = await add(labels);
    await certify(made.slice(0, 14), (index) => 80 - index);
    for (const order of ['asc', 'desc'] as const)
      for (const limit of [1, 2, 7, 14, 22, 23, 24]) {
        const seen = await everyPage({ sort, order, limit });
        expect(seen.length).toBe(23);
        expect([...seen].sort()).toEqual(names((await list()).rows));
      }
  });

  it.each(['hostname', 'changed'] as const)('by %s run one way or exactly the other', async (sort) => {
    for (const label of labels) {
      harness.clock.advance(label.endsWith('3') ? 0 : 1000);
      await add([label]);
    }
    const descending = await everyPage({ sort, order: 'desc', limit: 5 });
    expect(descending).toEqual((await everyPage({ sort, order: 'asc', limit: 4 })).reverse());
    expect(await everyPage({ sort, limit: 50 })).toEqual(sort === 'changed' ? descending : descending.toReversed());
  });

  it('never skip or double what was there from the begin, while others come in between', async () => {
    await add(labels);
    for (const sort of ['hostname', 'changed', 'expiry'] as const) {
      const seen = await everyPage({ sort, limit: 4 }, async (page) => {
        harness.clock.advance(1000);
        await add([`a-${sort}-${page}`, `n010-${sort}-${page}`, `z-${sort}-${page}`]);
      });
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(labels.map(name)));
    }
  });

  it('by expiry put the first to end first, and those without a certificate last, whichever way the others run', async () => {
    const made = await add(['a', 'b', 'c', 'd']);
    await certify(made.slice(0, 3), (index) => [60, 20, 40][index] ?? 0);
    for (const limit of [1, 2, 3, 50]) {
      expect(await everyPage({ sort: 'expiry', limit })).toEqual(['b', 'c', 'a', 'd'].map(name));
      expect(await everyPage({ sort: 'expiry', order: 'desc', limit })).toEqual(['a', 'c', 'b', 'd'].map(name));
    }
  });

  it('refuse a cursor of another order, of nobody and of somebody hostile', async () => {
    await add(['a', 'b', 'c']);
    const { nextCursor } = await list({ limit: 1 });
    const of = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const hostile = [
      ['changed', nextCursor ?? ''],
      ['hostname', 'x'],
      ['hostname', of(['endpoints-hostname-asc', "a'; DROP TABLE endpoint; --", 'no id'])],
      ['hostname', of(['endpoints-hostname-asc', 'a'])],
      ['changed', of(['endpoints-changed-desc', 'yesterday', '018f0000-0000-7000-8000-000000000000'])],
      ['expiry', of(['endpoints-expiry-asc-none', 7, {}])],
      ['expiry', of({ length: 3 })],
    ] as const;
    for (const [sort, cursor] of hostile) await expect(list({ sort, cursor })).rejects.toMatchObject({ code: 'invalid-input' });
    const other = list({ order: 'desc', cursor: nextCursor ?? '' });
    await expect(other).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('cost at most five queries, however many rows they hold', async () => {
    const made = await add(Array.from({ length: 200 }, (_, index) => `n${index}`));
    const serials = await certify(made.slice(0, 150), () => 60);
    await harness.build.observations(made.map(({ id }, index) => ({ id, serial: serials[index] ?? null })));
    for (const sort of ['hostname', 'changed', 'expiry'] as const) {
      const queries = await harness.countQueries(async () => expect((await list({ sort, limit: 200 })).rows.length).toBe(200));
      expect(queries, sort).toBeGreaterThan(0);
      expect(queries, sort).toBeLessThanOrEqual(5);
    }
  });
});

describe('what a list finds', () => {
  it('takes % and _ and the backslash literally', async () => {
    await add(['orders', 'orders-api', 'cart']);
    for (const search of ['%', '_', 'orders_api', '\\', 'o%s', 'orders\\']) expect((await list({ search })).rows, search).toEqual([]);
    expect(names((await list({ search: 'ORDERS' })).rows)).toEqual([name('orders-api'), name('orders')].sort());
  });

  it('finds by an address what leads there, in whatever spelling', async () => {
    await add(['a', 'b', 'c']);
    const leads = (label: string, type: string, ...values: string[]) =>
      harness.db.zoneRecordSet.create({
        data: { zoneId: world.zone.id, name: name(label), type, ttl: 60, values, observedAt: harness.clock.now() },
      });
    await leads('a', 'A', '192.0.2.7', '192.0.2.8');
    await leads('b', 'AAAA', '2001:db8::7');
    await leads('c', 'A', '192.0.2.77');
    const found = async (search: string) => names((await list({ search })).rows);
    expect(await found('192.0.2.7')).toEqual([name('a')]);
    expect(await found(' 2001:DB8:0::7 ')).toEqual([name('b')]);
    expect(await found('192.0.2.9')).toEqual([]);
    expect((await list({ search: '192.0.2.7' })).total).toBe(1);
  });

  it('finds a name as people write it', async () => {
    await add(['xn--bcher-kva']);
    expect((await list({ search: name('bücher') })).rows.map(({ unicode }) => unicode)).toEqual([name('bücher')]);
  });

  it('leaves retired names out unless asked for, and the names of other teams out of mine', async () => {
    const [live] = await add(['a']);
    await add(['b'], { state: 'retired' });
    const other = await harness.build.team();
    await harness.build.endpoint({ hostname: name('c'), team: other, zone: world.zone });
    expect(names((await list()).rows)).toEqual([live?.hostname]);
    expect(names((await list({ state: 'retired' })).rows)).toEqual([name('b')]);
    const { rows } = await listEndpoints(harness.ctxFor(world.actor), { limit: 50, sort: 'hostname', mine: true });
    expect(names(rows)).toEqual([live?.hostname]);
    expect((await list()).total).toBe(1);
  });

  it('counts what needs attention, which waiting without an error does only after many attempts', async () => {
    await add(['a']);
    await add(['b'], { state: 'degraded' });
    const pending = await harness.build.endpoints(
      ['c', 'd', 'e'].map((label) => ({ hostname: name(label), team: world.team, zone: world.zone, state: 'pending' as const })),
    );
    const work = {
      kind: 'endpoint',
      purpose: 'revision',
      generation: 1,
      step: 'records-applied',
      reason: 'Waits.',
      movesNext: 'hostmaster',
    } as const;
    const error = { code: 'dns-refused', message: 'ns1 refused.', remedy: 'Look.' };
    for (const [index, { id }] of pending.entries())
      await harness.db.operation.create({
        data: {
          ...work,
          subject: `endpoint:${id}`,
          endpointId: id,
          state: 'waiting',
          ...(index === 0 ? { error } : {}),
          attempts: index === 2 ? 6 : 5,
        },
      });
    const answer = await list();
    // While the next try is under way it counts as it did before that began.
    await behindTheBack(harness.db).operation.updateMany({ data: { state: 'running', attempts: { increment: 1 } } });
    expect(await list()).toMatchObject({ attention: 3, underWay: 1 });
    expect(answer).toMatchObject({ attention: 3, underWay: 1, unseen: 0 });
    expect(answer.rows.map(({ attention }) => attention)).toEqual([false, true, true, false, true]);
    expect(answer.rows.map(({ summary }) => summary)).toEqual([expect.any(String), expect.any(String), 'ns1 refused.', 'Waits.', 'Waits.']);
  });
});

describe('what is known of all of them', () => {
  it('counts what is called live while work on it is not over, and what nobody looked at lately', async () => {
    const [renewed] = await add(['a', 'b']);
    const known = async () => {
      const { attention, underWay, unseen } = await list();
      return { attention, underWay, unseen };
    };
    expect(await known()).toEqual({ attention: 0, underWay: 0, unseen: 0 });
    const work = { kind: 'endpoint', purpose: 'renewal', generation: 1, step: 'certificate-served', reason: 'Waits.' } as const;
    await harness.db.operation.create({
      data: { ...work, movesNext: 'hostmaster', subject: `endpoint:${renewed?.id}`, endpointId: renewed?.id ?? '', state: 'waiting' },
    });
    expect(await known()).toEqual({ attention: 0, underWay: 1, unseen: 0 });
    harness.clock.advance(21 * 60_000);
    expect(await known()).toEqual({ attention: 0, underWay: 1, unseen: 2 });
  });

  it('was looked at when the newest answer came that stands beside it, whoever asked for it', async () => {
    const [endpoint] = await add(['a']);
    if (endpoint === undefined) throw new Error('no endpoint');
    expect((await list()).checkedAt).toBe(harness.clock.now().toISOString());
    harness.clock.advance(60_000);
    await harness.build.observations([{ id: endpoint.id, serial: null }]);
    const seen = harness.clock.now().toISOString();
    expect(await list()).toMatchObject({ checkedAt: seen, rows: [{ checkedAt: seen }] });
    const { checkedAt, answers } = await getEndpoint(harness.ctxFor(world.actor), endpoint);
    expect([checkedAt, answers[0]?.observedAt]).toEqual([seen, seen]);
  });
});

describe('an endpoint', () => {
  it('is live only where every server and the wire were seen, and its answers keep to the contract', async () => {
    const [endpoint] = await add(['orders']);
    if (endpoint === undefined) throw new Error('no endpoint');
    const [serial] = await certify([endpoint], () => 60);
    expect((await list()).rows[0]?.chain.map(({ state }) => state)).toEqual(['ok', 'wait', 'wait', 'wait', 'wait']);
    await harness.build.observations([{ id: endpoint.id, serial: serial ?? null }]);
    const page = await list();
    expect(endpointPage.parse(page)).toEqual(page);
    expect(page.rows[0]).toMatchObject({ summary: 'Live', certificate: { daysLeft: 60, urgency: 'none' } });
    expect(page.rows[0]?.chain.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  });

  it('answers its whole page, to a member with permissions and to others without', async () => {
    const [endpoint] = await add(['orders']);
    if (endpoint === undefined) throw new Error('no endpoint');
    await harness.build.observations([{ id: endpoint.id, serial: null }]);
    const detail = await getEndpoint(harness.ctxFor(world.actor), endpoint);
    expect(endpointDetail.parse(detail)).toEqual(detail);
    expect(detail.permissions).toEqual({ change: true, retire: true, restore: false, recheck: true, import: false });
    expect(detail.conditions.map(({ type }) => type)).toContain('Reachable');
    expect(detail.answers).toHaveLength(1);
    const stranger = await harness.build.auditor();
    const none = { change: false, retire: false, restore: false, recheck: false, import: false };
    expect((await getEndpoint(harness.ctxFor(stranger), endpoint)).permissions).toEqual(none);
    expect((await listRevisions(harness.ctxFor(stranger), endpoint)).rows.map(({ number }) => number)).toEqual([1]);
  });

  it('is not read by a token without the scope, and one that is not there is not found', async () => {
    const token = await harness.build.tokenOf(world.actor, 'zones:read');
    const query = { limit: 1, sort: 'hostname' } as const;
    await expect(listEndpoints(harness.ctxFor(token), query)).rejects.toMatchObject({ code: 'forbidden' });
    const nowhere = { id: '018f0000-0000-7000-8000-000000000000' };
    await expect(getEndpoint(harness.ctxFor(world.actor), nowhere)).rejects.toMatchObject({ code: 'not-found' });
    await expect(listRevisions(harness.ctxFor(world.actor), nowhere)).rejects.toMatchObject({ code: 'not-found' });
  });
});
