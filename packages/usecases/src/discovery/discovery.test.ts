// From what somebody allows to be looked at, over what a worker meets there, to what is said of it.
import { createTestCa } from '@hostmaster/adapters/testing/test-ca';
import { type DiscoveryScopeInput, discoveredQuery, discoveryScopeInput } from '@hostmaster/core/contract/discovery';
import { day, hour } from '@hostmaster/core/duration';
import { mostScopes } from '@hostmaster/core/operation/limits';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { ChainAnswer, ChainAsk, Prober } from '@hostmaster/core/probe/prober';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readHome } from '../account/home.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { allowScope } from './allow-scope.ts';
import { changeScope } from './change-scope.ts';
import { forgetGone, goneKeptDays } from './forget.ts';
import { getDiscovered } from './get.ts';
import { getScope } from './get-scope.ts';
import { listDiscovered } from './list.ts';
import { listScopes } from './list-scopes.ts';
import { lookNow } from './look-now.ts';
import { markKnown, withdrawKnown } from './mark-known.ts';
import { removeScope } from './remove-scope.ts';
import { scanNext } from './scan.ts';

let harness: Harness;
let platform: Actor;
let security: Actor;
let team: { readonly id: string; readonly slug: string };
const ca = await createTestCa();
const pay = await ca.leaf(['pay.dev.example.test', 'pay2.dev.example.test']);
const old = await ca.leaf(['legacy.other.test']);
const soon = await ca.leaf(['soon.dev.example.test']);

beforeAll(async () => {
  harness = await createHarness();
  platform = await harness.build.platform();
  security = await harness.build.reviewer();
  team = await harness.build.team('orders');
  await harness.build.environments('dev');
  await harness.build.zone({ apex: 'example.test', team });
  await harness.build.grant({ team, suffix: 'dev.example.test' });
});
afterAll(() => harness.close());

/** What is presented where, by address and port, and by the name that is asked with. */
const there = new Map<string, ChainAnswer>();
const asked: ChainAsk[] = [];
const resolved = new Map<string, string[]>();
const at = (address: string, port: number, name: string | null = null): string => `${address} ${port} ${name}`;
const prober = {
  async readChain(ask: ChainAsk): Promise<ChainAnswer> {
    asked.push(ask);
    return there.get(at(ask.address, ask.port, ask.serverName)) ?? { error: 'connection refused', answered: true };
  },
  resolve: async (name: string) => resolved.get(name) ?? [],
} as unknown as Prober;
const scanCtx = () => ({ ...harness.worker, prober, random: () => 0.5 });
const never = new AbortController().signal;
async function lookThrough(): Promise<number> {
  let looked = 0;
  for (let more = await scanNext(scanCtx(), never); more > 0; more = await scanNext(scanCtx(), never)) looked += more;
  return looked;
}

beforeEach(async () => {
  there.clear();
  asked.length = 0;
  await harness.db.discoveryScope.deleteMany();
  await harness.db.discoveredCertificate.deleteMany();
});

const ctx = () => harness.ctxFor(platform);
const input = (more: Partial<DiscoveryScopeInput> = {}) =>
  discoveryScopeInput.parse({ name: 'Office', targets: ['192.0.2.0/30'], ports: [443], ...more });
const query = (more: object = {}) => discoveredQuery.parse(more);
const list = async (more: object = {}) => (await listDiscovered(ctx(), query(more))).rows;
const first = async () => {
  const [row] = await list({ served: false });
  if (row === undefined) throw new Error('nothing was found');
  return row;
};

describe('a look', () => {
  it('is at every place that was allowed and at no other, and keeps what it finds once', async () => {
    there.set(at('192.0.2.1', 443), { chain: [pay.der, ca.intermediate] });
    there.set(at('192.0.2.2', 8443), { chain: [pay.der] });
    const { id } = await allowScope(ctx(), input({ ports: [443, 8443] }));
    expect(await lookThrough()).toBe(8);
    expect(new Set(asked.map(({ address, port }) => at(address, port))).size).toBe(8);
    expect(asked.every(({ address, allowedRanges }) => address.startsWith('192.0.2.') && allowedRanges.join() === '192.0.2.0/30')).toBe(
      true,
    );
    expect(await list()).toMatchObject([{ verdict: 'unknown', names: ['pay.dev.example.test', 'pay2.dev.example.test'], served: 2 }]);
    const scope = await getScope(ctx(), { id });
    expect(scope).toMatchObject({ places: 8, looked: null, lastLook: { places: 8, answered: 2 } });
    // Nothing is due any more.
    expect(await lookThrough()).toBe(0);
    harness.clock.advance(26 * hour);
    expect(await lookThrough()).toBe(8);
    expect(await list()).toHaveLength(1);
  });

  it('asks a hostname at its addresses, with the name and without, and reaches no private one that no range holds', async () => {
    resolved.set('legacy.other.test', ['192.0.2.9']);
    there.set(at('192.0.2.9', 443, 'legacy.other.test'), { chain: [old.der] });
    there.set(at('192.0.2.9', 443), { chain: [pay.der] });
    await allowScope(ctx(), input({ targets: ['Legacy.Other.Test.'] }));
    expect(await lookThrough()).toBe(1);
    expect(asked.map(({ serverName, allowedRanges }) => [serverName, allowedRanges])).toEqual([
      ['legacy.other.test', []],
      [null, []],
    ]);
    expect((await list()).map(({ names }) => names[0]).toSorted()).toEqual(['legacy.other.test', 'pay.dev.example.test']);
  });

  it('says of places without a certificate where nobody answered and which names led nowhere, through all of its turns', async () => {
    // Two turns and a half, of which each has some of every kind.
    for (const last of [1, 40, 70]) there.set(at(`192.0.2.${last}`, 443), { chain: [pay.der] });
    for (const last of [2, 3, 41, 71]) there.set(at(`192.0.2.${last}`, 443), { error: 'no answer', answered: false });
    // One that answers at one of its addresses is not silent.
    resolved.set('half.other.test', ['198.51.100.1', '198.51.100.2']);
    there.set(at('198.51.100.1', 443, 'half.other.test'), { error: 'no answer', answered: false });
    const { id } = await allowScope(ctx(), input({ targets: ['192.0.2.0/26', '192.0.2.64/28', 'half.other.test', 'nowhere.other.test'] }));
    expect(await lookThrough()).toBe(82);
    const { lastLook } = await getScope(ctx(), { id });
    expect(lastLook).toMatchObject({ places: 82, answered: 3, silent: 4, nowhere: 1 });
    there.clear();
    harness.clock.advance(26 * hour);
    await lookThrough();
    expect((await getScope(ctx(), { id })).lastLook).toMatchObject({ places: 82, answered: 0, silent: 0, nowhere: 1 });
  });

  it('takes turns between scopes, and goes on where it was', async () => {
    await allowScope(ctx(), input({ name: 'Large', targets: ['198.51.100.0/25'] }));
    await allowScope(ctx(), input({ name: 'Small', targets: ['203.0.113.0/30'] }));
    await scanNext(scanCtx(), never);
    harness.clock.advance(1000);
    await scanNext(scanCtx(), never);
    expect(asked).toHaveLength(36);
    expect((await listScopes(ctx(), { limit: 50 })).rows.map(({ name, looked }) => [name, looked])).toEqual([
      ['Large', 32],
      ['Small', null],
    ]);
    expect(await lookThrough()).toBe(96);
  });

  it('asks a name at no more addresses than a name sensibly has', async () => {
    resolved.set(
      'many.other.test',
      Array.from({ length: 20 }, (_, last) => `198.51.100.${last}`),
    );
    await allowScope(ctx(), input({ targets: ['many.other.test'] }));
    await lookThrough();
    expect(new Set(asked.map(({ address }) => address)).size).toBe(8);
  });

  it('that is stopped leaves its turn to another worker', async () => {
    await allowScope(ctx(), input());
    expect(await scanNext(scanCtx(), AbortSignal.abort())).toBe(0);
    expect(await lookThrough()).toBe(4);
  });

  it('of a scope that was changed or removed meanwhile is kept for nobody', async () => {
    there.set(at('192.0.2.1', 443), { chain: [pay.der] });
    const { id } = await allowScope(ctx(), input());
    const removing: Prober = {
      ...prober,
      readChain: (...args) =>
        removeScope(ctx(), { id })
          .catch(() => {})
          .then(() => prober.readChain(...args)),
    };
    await scanNext({ ...scanCtx(), prober: removing }, never);
    expect(await list({ served: false })).toEqual([]);
  });

  it('begins at once where somebody asks for it, and anew where the scope is changed', async () => {
    const { id, version } = await allowScope(ctx(), input());
    await lookThrough();
    expect((await lookNow(ctx(), { id })).looked).toBe(0);
    expect(await lookThrough()).toBe(4);
    const changed = await changeScope(ctx(), { id, version, ...input({ targets: ['192.0.2.8/31'], team: 'orders' }) });
    expect(changed).toMatchObject({ version: 2, targets: ['192.0.2.8/31'], looked: 0, team: 'orders' });
    asked.length = 0;
    expect(await lookThrough()).toBe(2);
    expect(asked.map(({ address }) => address).toSorted()).toEqual(['192.0.2.8', '192.0.2.9']);
    const stale = { id, version, ...input() };
    await expect(changeScope(ctx(), stale)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('what was found', () => {
  const needs = async (actor: Actor = security) => {
    const { needsMe } = await readHome(harness.ctxFor(actor));
    return needsMe.filter(({ kind }) => kind === 'discovered').map(({ title }) => title);
  };
  async function find(...ders: Uint8Array[]): Promise<void> {
    for (const [index, der] of ders.entries()) there.set(at(`192.0.2.${index}`, 443), { chain: [der] });
    await allowScope(ctx(), input());
    await lookThrough();
  }

  it('has a likely owner by its names, and says what to do', async () => {
    await find(pay.der);
    const { id, owner } = await first();
    expect(owner).toEqual({ team: 'orders', because: 'grant', of: 'dev.example.test' });
    expect(await getDiscovered(ctx(), { id })).toMatchObject({ askFor: 'pay.dev.example.test', endpoint: null, ours: null, known: null });
  });

  it('is nobody’s by a grant that was taken back or has run out, and by a zone that was given up', async () => {
    await find(pay.der);
    const ownerOf = async () => (await first()).owner?.because;
    const now = harness.clock.now();
    const [past, future] = [new Date(now.getTime() - 1), new Date(now.getTime() + day)];
    const grants = (data: object) => harness.db.grant.updateMany({ data });
    const seen: unknown[] = [];
    for (const data of [{ revokedAt: past }, { revokedAt: null, expiresAt: past }, { expiresAt: future }]) {
      await grants(data);
      seen.push(await ownerOf());
    }
    expect(seen).toEqual(['zone', 'zone', 'grant']);
    await grants({ revokedAt: past });
    await harness.db.zone.updateMany({ data: { givenUpAt: past } });
    expect(await ownerOf()).toBeUndefined();
    await harness.db.zone.updateMany({ data: { givenUpAt: null } });
    await grants({ revokedAt: null, expiresAt: null });
  });

  it('leads to the endpoint of its name, and to none of a name that is held back', async () => {
    const zone = await harness.db.zone.findFirstOrThrow();
    const { id: endpointId } = await harness.build.endpoint({ hostname: 'soon.dev.example.test', team, zone });
    await find(soon.der);
    const { id } = await first();
    expect(await getDiscovered(ctx(), { id })).toMatchObject({
      endpoint: { id: endpointId },
      askFor: null,
      owner: { because: 'endpoint' },
    });
    await harness.db.heldName.updateMany({ where: { endpointId }, data: { heldBackUntil: new Date(harness.clock.now().getTime() + day) } });
    const heldBack = await getDiscovered(ctx(), { id });
    expect(heldBack).toMatchObject({ endpoint: null, askFor: 'soon.dev.example.test', owner: { because: 'grant' } });
    await harness.db.heldName.deleteMany({ where: { endpointId } });
  });

  it('is ours where it stands among the certificates', async () => {
    const zone = await harness.db.zone.findFirstOrThrow();
    const endpoint = await harness.build.endpoint({ hostname: 'ours.dev.example.test', team, zone });
    await harness.build.certificates([{ endpoint }]);
    await find(pay.der);
    const { id, fingerprint } = await first();
    await harness.db.certificate.updateMany({ where: { endpointId: endpoint.id }, data: { fingerprint } });
    expect(await getDiscovered(ctx(), { id })).toMatchObject({
      verdict: 'ours',
      ours: { state: 'served', endpointId: endpoint.id },
      permissions: { markKnown: false },
    });
    await expect(markKnown(ctx(), { id, reason: 'x' })).rejects.toMatchObject({ code: 'conflict' });
    await harness.db.certificate.updateMany({ where: { endpointId: endpoint.id }, data: { fingerprint: 'other' } });
  });

  it('is known from when security says so until its end', async () => {
    await find(pay.der);
    const { id, notAfter } = await first();
    const known = await markKnown(harness.ctxFor(security), { id, reason: 'The appliance renews it.' });
    expect(known).toMatchObject({ verdict: 'known', known: { by: security.name, reason: 'The appliance renews it.', until: notAfter } });
    expect(await list({ verdict: 'unknown' })).toEqual([]);
    expect(await needs()).toEqual([]);
    await withdrawKnown(ctx(), { id });
    expect(await list({ verdict: 'unknown' })).toHaveLength(1);
    expect(await needs()).toEqual(['A certificate was found that Hostmaster did not issue']);
    expect(await needs(await harness.build.maintainer(team))).toEqual([]);
    await expect(withdrawKnown(ctx(), { id })).rejects.toMatchObject({ code: 'not-found' });
    const events = await harness.db.auditEvent.findMany({ where: { subjectId: id }, orderBy: { seq: 'asc' } });
    expect(events).toMatchObject([
      {
        action: 'discovered.mark-known',
        actorId: security.id,
        subject: 'pay.dev.example.test',
        detail: { reason: 'The appliance renews it.' },
      },
      { action: 'discovered.withdraw', actorId: platform.id },
    ]);
    await markKnown(ctx(), { id, reason: 'Again.' });
    harness.clock.advance(new Date(notAfter ?? '').getTime() - harness.clock.now().getTime());
    expect((await first()).verdict).toBe('unknown');
  });

  it('that has ended already is known for a while only, since it has no end ahead', async () => {
    const { der } = await ca.leaf(['ended.other.test'], { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') });
    await find(der);
    const { known } = await markKnown(ctx(), { id: (await first()).id, reason: 'It is switched off soon.' });
    expect(known?.until).toBe(new Date(harness.clock.now().getTime() + 90 * day).toISOString());
  });

  it('that cannot be read is kept as it is, says so, and is known for a while only', async () => {
    await find(new TextEncoder().encode('no certificate'));
    const row = await first();
    expect(row).toMatchObject({ unreadable: 'Not a certificate that can be read.', names: [], notAfter: null, owner: null });
    const { known, chain } = await markKnown(ctx(), { id: row.id, reason: 'A printer.' });
    expect(chain).toEqual([]);
    expect(known?.until).toBe(new Date(harness.clock.now().getTime() + 90 * day).toISOString());
  });

  it('is listed by its end, and narrowed by verdict, scope, end and text', async () => {
    await find(pay.der, old.der, soon.der, new TextEncoder().encode('x'));
    const names = (rows: { names: string[] }[]) => rows.map((row) => row.names[0] ?? '?');
    expect(names(await list()).at(-1)).toBe('?');
    expect(names(await list({ search: 'LEGACY' }))).toEqual(['legacy.other.test']);
    expect(await list({ search: '100%' })).toEqual([]);
    const [scope] = (await listScopes(ctx(), { limit: 50 })).rows;
    expect(await list({ scope: scope?.id })).toHaveLength(4);
    expect(await list({ verdict: 'known' })).toEqual([]);
    expect(await list({ endsWithin: 3650 })).toHaveLength(3);
    const page = await listDiscovered(ctx(), query({ limit: 3 }));
    const rest = await listDiscovered(ctx(), query({ limit: 3, cursor: page.nextCursor }));
    expect(new Set([...page.rows, ...rest.rows].map(({ id }) => id)).size).toBe(4);
  });

  it('is gone where the place answers with another one or none, and stays where it is silent', async () => {
    await find(pay.der);
    const { id } = await first();
    const again = async () => {
      const [scope] = (await listScopes(ctx(), { limit: 50 })).rows;
      await lookNow(ctx(), { id: scope?.id ?? '' });
      harness.clock.advance(hour);
      await lookThrough();
    };
    there.set(at('192.0.2.0', 443), { error: 'no answer', answered: false });
    await again();
    expect((await getDiscovered(ctx(), { id })).served).toBe(1);
    there.set(at('192.0.2.0', 443), { chain: [old.der] });
    await again();
    expect((await getDiscovered(ctx(), { id })).sightings).toMatchObject([{ address: '192.0.2.0', gone: true }]);
    expect(await list()).toMatchObject([{ names: ['legacy.other.test'] }]);
    there.delete(at('192.0.2.0', 443));
    await again();
    expect(await list()).toEqual([]);
    expect(await list({ served: false })).toHaveLength(2);
  });

  it('is forgotten where nobody looks any more since its scope was changed', async () => {
    await find(pay.der, old.der);
    const [scope] = (await listScopes(ctx(), { limit: 50 })).rows;
    await changeScope(ctx(), { id: scope?.id ?? '', version: 1, ...input({ targets: ['192.0.2.1'] }) });
    await lookThrough();
    expect((await list()).map(({ names }) => names[0])).toEqual(['legacy.other.test']);
    expect((await list({ served: false })).map(({ served }) => served).toSorted()).toEqual([0, 1]);
  });

  it('is gone where nothing has answered for two looks, and forgotten long after', async () => {
    await find(pay.der);
    there.set(at('192.0.2.0', 443), { error: 'no answer', answered: false });
    harness.clock.advance(3 * day);
    await lookThrough();
    expect(await list()).toEqual([]);
    harness.clock.advance((goneKeptDays - 1) * day);
    await forgetGone(harness.worker);
    expect(await list({ served: false })).toHaveLength(1);
    harness.clock.advance(2 * day);
    await forgetGone(harness.worker);
    expect(await list({ served: false })).toEqual([]);
  });
});

describe('where is looked', () => {
  it.each([
    [{ targets: ['169.254.0.0/16'] }, 'discovery-target'],
    [{ targets: ['169.254.169.254'] }, 'discovery-target'],
    [{ targets: ['0.0.0.0/0'] }, 'discovery-target'],
    [{ targets: ['10.0.0.1/8'] }, 'discovery-target'],
    [{ targets: ['*.example.test'] }, 'discovery-target'],
    [{ targets: ['https://x.test'] }, 'discovery-target'],
    [{ targets: ['10.0.0.0/8'] }, 'discovery-size'],
    [{ targets: ['2001:db8::/64'] }, 'discovery-size'],
    [{ targets: ['10.0.0.0/20'], ports: [443, 8443, 9443, 10443, 11443] }, 'discovery-size'],
    [{ targets: [] }, undefined],
    [{ ports: [0] }, undefined],
    [{ ports: Array.from({ length: 17 }, (_, at) => at + 1) }, undefined],
    [{ everyHours: 0 }, undefined],
    [{ everyHours: 169 }, undefined],
    [{ name: 'a\u202eb' }, 'unseen-character'],
  ])('is bounded: %j', (more, rule) => {
    const { error } = discoveryScopeInput.safeParse({ name: 'x', targets: ['192.0.2.1'], ...more });
    const [issue] = error?.issues ?? [];
    expect(issue).toBeDefined();
    expect((issue as { params?: { rule?: string } }).params?.rule).toBe(rule);
  });

  it('is one of so many as workers look through, and no more', async () => {
    const { id } = await allowScope(ctx(), input());
    const row = await harness.db.discoveryScope.findUniqueOrThrow({ where: { id }, omit: { id: true } });
    const more = Array.from({ length: mostScopes - 1 }, (_, index) => ({ ...row, name: `more ${index}` }));
    await harness.db.discoveryScope.createMany({ data: more });
    await expect(allowScope(ctx(), input({ name: 'one more' }))).rejects.toMatchObject({
      code: 'quota-reached',
      remedy: expect.stringContaining('Remove one'),
    });
    await removeScope(ctx(), { id });
    await expect(allowScope(ctx(), input({ name: 'one more' }))).resolves.toBeDefined();
  });

  it('is said by platform admins alone, under a name of its own, and audited', async () => {
    for (const actor of [security, await harness.build.maintainer(team), await harness.build.auditor()]) {
      const other = harness.ctxFor(actor);
      await expect(allowScope(other, input())).rejects.toMatchObject({ code: 'forbidden' });
      await expect(listScopes(other, { limit: 1 })).resolves.toBeDefined();
    }
    const { id, version } = await allowScope(ctx(), input({ team: 'orders' }));
    await expect(allowScope(ctx(), input())).rejects.toMatchObject({ code: 'already-exists' });
    await expect(allowScope(ctx(), input({ name: 'y', team: 'nobody' }))).rejects.toMatchObject({
      violations: [{ rule: 'no-such-team', path: 'team' }],
    });
    await allowScope(ctx(), input({ name: 'Taken' }));
    const change = { id, version, ...input({ team: 'orders', ports: [8443] }) };
    await expect(changeScope(ctx(), { ...change, name: 'Taken' })).rejects.toMatchObject({ code: 'already-exists' });
    for (const act of [
      changeScope(harness.ctxFor(security), change),
      lookNow(harness.ctxFor(security), { id }),
      removeScope(harness.ctxFor(security), { id }),
    ])
      await expect(act).rejects.toMatchObject({ code: 'forbidden' });
    await changeScope(ctx(), change);
    // Nothing is changed by it, and so nothing is written of it.
    expect(await changeScope(ctx(), { ...change, version: version + 1 })).toMatchObject({ version: version + 1 });
    await lookThrough();
    await lookNow(ctx(), { id });
    await removeScope(ctx(), { id });
    await expect(removeScope(ctx(), { id })).rejects.toMatchObject({ code: 'not-found' });
    const events = await harness.db.auditEvent.findMany({ where: { subjectId: id }, orderBy: { seq: 'asc' } });
    expect(events.map(({ action }) => action)).toEqual(['discovery.allow', 'discovery.update', 'discovery.look', 'discovery.remove']);
    expect(events[1]?.detail).toMatchObject({ before: { ports: [443] }, after: { ports: [8443] } });
    for (const actor of [await harness.build.maintainer(team), await harness.build.auditor()])
      for (const act of [markKnown(harness.ctxFor(actor), { id, reason: 'x' }), withdrawKnown(harness.ctxFor(actor), { id })])
        await expect(act).rejects.toMatchObject({ code: 'forbidden' });
  });
});
