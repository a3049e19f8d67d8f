import { randomUUID } from 'node:crypto';
import { home, me, searchResult } from '@hostmaster/core/contract/account';
import { dnsObservationDetail, endpointObservationDetail } from '@hostmaster/core/endpoint/observation';
import {
  hostmaster,
  issuerOperator,
  nameServerOperator,
  nameServers,
  operator,
  platformAdmin,
  serviceOperator,
  theIssuer,
  theTeam,
  tlsServer,
  whoeverAsked,
  zoneChanger,
  zoneOwner,
} from '@hostmaster/core/operation/moves-next';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { Scope } from '@hostmaster/core/policy/roles';
import { asSentence } from '@hostmaster/core/sentence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getEndpoint } from '../endpoint/get.ts';
import { asker } from '../request/asker.ts';
import { purgeExpired } from '../sweep/purge-expired.ts';
import { createHarness, type Harness, harnessStart } from '../testing/harness.ts';
import { dismissRequest, rememberedDays } from './dismiss.ts';
import { readHome } from './home.ts';
import { readMe } from './me.ts';
import { search } from './search.ts';

const day = 86_400_000;
let harness: Harness;
let team: { id: string; slug: string };
let zone: { id: string; apex: string };
let member: Actor;
beforeAll(async () => {
  harness = await createHarness();
  team = await harness.build.team('orders');
  zone = await harness.build.zone({ apex: 'example.test', team });
  member = await harness.build.member(team);
  await harness.build.environments('dev', 'prod');
});
afterAll(() => harness.close());

const find = async (text: string, actor = member) => (await search(harness.ctxFor(actor), { text })).hits;

async function ask(requester: Actor, hostname: string, more: object = {}) {
  return harness.db.request.create({
    data: {
      kind: 'create',
      state: 'in-review',
      hostname,
      view: 'public',
      teamId: team.id,
      zoneId: zone.id,
      contract: {},
      decision: {},
      plan: {},
      planHash: 'plan',
      reviewGroups: ['security-reviewer'],
      ...asker(requester),
      createdAt: harness.clock.now(),
      ...more,
    },
  });
}

describe('me', () => {
  it('is told who they are and what there is to choose from', async () => {
    const answer = await readMe(harness.ctxFor(member));
    expect(me.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({ kind: 'person', teams: [{ slug: 'orders', role: 'member' }], scopes: null });
    expect(answer.environments.map(({ slug }) => slug)).toEqual(['dev', 'prod']);
    expect(answer.sources, 'what nobody connected is not offered').toEqual(['internal-ca', 'imported']);
    const token = await harness.build.tokenOf(member, 'zones:read');
    expect(await readMe(harness.ctxFor(token))).toMatchObject({ kind: 'service', email: null, scopes: ['zones:read'] });
  });
});

describe('home', () => {
  it('shows nothing to somebody for whom nothing waits', async () => {
    const answer = await readHome(harness.ctxFor(await harness.build.member(await harness.build.team())));
    expect(home.parse(answer)).toEqual(answer);
    expect(answer.needsMe).toEqual([]);
  });

  it('shows each role what waits for them, and nobody their own request to review', async () => {
    const reviewer = await harness.build.reviewer();
    await ask(member, 'login.example.test');
    await ask(reviewer, 'own.example.test');
    await ask(member, 'stale.example.test', { state: 'stale', decidedAt: harness.clock.now(), outcome: 'The zone changed.' });
    const [broken] = await harness.build.endpoints([
      { hostname: 'broken.example.test', team, zone, state: 'degraded' },
      { hostname: 'fine.example.test', team, zone },
    ]);
    if (broken)
      await harness.build.certificates([
        { endpoint: broken, notBefore: new Date(harnessStart.getTime() - 80 * day), notAfter: new Date(harnessStart.getTime() + 5 * day) },
      ]);
    await harness.db.zone.update({ where: { id: zone.id }, data: { syncError: 'The name server refused.' } });

    const unsigned = { apex: 'unsigned.test', signingErrorCode: 'key-unreadable', signingError: 'The root could not sign a CA.' };
    await harness.db.zone.update({ where: { id: (await harness.build.zone()).id }, data: unsigned });

    const kinds = async (actor: Actor) => {
      const answer = await readHome(harness.ctxFor(actor));
      expect(home.parse(answer)).toEqual(answer);
      return answer.needsMe.map(({ kind, title }) => `${kind} ${title}`);
    };
    expect(await kinds(member)).toEqual(['endpoint broken.example.test', 'certificate broken.example.test', 'request stale.example.test']);
    expect(await kinds(reviewer)).toEqual(['review login.example.test']);
    expect(await kinds(await harness.build.platform())).toEqual([
      'zone example.test',
      'zone unsigned.test',
      'certificate broken.example.test',
    ]);
    const { counts, needsMe } = await readHome(harness.ctxFor(member));
    expect(needsMe[0]?.text, 'as its page says').toBe('The certificate expires in 5 days and was not renewed.');
    expect(counts).toEqual({
      ...{ endpoints: 2, attention: 1, underWay: 0, unseen: 0 },
      ...{ reviews: 0, openRequests: 2, endingCertificates: 1, failingZones: 2 },
    });
    for (const [actor, reviews] of [
      [reviewer, 1],
      [await harness.build.platform(), 0],
      [await harness.build.auditor(), 0],
    ] as const)
      expect((await readHome(harness.ctxFor(actor))).counts, 'of the whole organisation').toEqual({ ...counts, reviews });
    expect((await readHome(harness.ctxFor(await harness.build.member(await harness.build.team())))).counts.attention).toBe(0);
    expect(await harness.countQueries(() => readHome(harness.ctxFor(member)))).toBeLessThanOrEqual(10);
  });
});

describe('a request that came to nothing', () => {
  it('needs whoever asked until the name is asked for again, and for two weeks at most', async () => {
    const own = await harness.build.team();
    const asking = await harness.build.member(own);
    const shown = async () => (await readHome(harness.ctxFor(asking))).needsMe.map(({ title }) => title);
    const rejected = (hostname: string, decidedAt: Date) =>
      ask(asking, hostname, { state: 'rejected', teamId: own.id, decidedAt, outcome: 'Not this name.' });
    const now = harness.clock.now();
    await rejected('again.example.test', now);
    await rejected('once.example.test', now);
    await rejected('old.example.test', new Date(now.getTime() - 15 * day));
    expect(await shown()).toEqual(['again.example.test', 'once.example.test']);
    await ask(asking, 'again.example.test', { state: 'approved', teamId: own.id, reviewGroups: [] });
    await ask(member, 'once.example.test', { view: 'internal' });
    expect(await shown()).toEqual(['once.example.test']);
  });

  it('and was asked for again pushes nothing out that still waits, and what is not told whole says so', async () => {
    const own = await harness.build.team();
    const asking = await harness.build.member(own);
    const home = () => readHome(harness.ctxFor(asking));
    const over = { state: 'rejected', teamId: own.id, decidedAt: harness.clock.now(), outcome: 'Not this name.' };
    for (let at = 0; at < 25; at += 1) {
      await ask(asking, `again-${at}.example.test`, over);
      await ask(asking, `again-${at}.example.test`, { state: 'applied', teamId: own.id, reviewGroups: [] });
    }
    await ask(asking, 'left.example.test', over);
    expect([(await home()).needsMe.map(({ title }) => title), (await home()).moreNeeds]).toEqual([['left.example.test'], false]);
    for (let at = 0; at < 12; at += 1) await ask(asking, `more-${at}.example.test`, over);
    expect([(await home()).needsMe.length, (await home()).moreNeeds]).toEqual([10, true]);
  });

  it('is dismissed by whoever answers for it, for themselves alone, and nobody dismisses what is not theirs or not over', async () => {
    const own = await harness.build.team();
    const [asking, other] = [await harness.build.member(own), await harness.build.member(own)];
    const shown = async (actor: Actor) => (await readHome(harness.ctxFor(actor))).needsMe.map(({ title }) => title);
    const dismiss = (actor: Actor, id: string) => dismissRequest(harness.ctxFor(actor), { id });
    const over = { state: 'rejected', teamId: own.id, decidedAt: harness.clock.now(), outcome: 'Not this name.' };
    const ofTeam = { answeringPersonId: null, answeringTeamId: own.id };
    const rejected = await ask(asking, 'dismissed.example.test', over);
    const teams = await ask(asking, 'teams.example.test', { ...over, ...ofTeam });
    const open = await ask(asking, 'open.example.test', { teamId: own.id });
    for (const id of [open.id, randomUUID()]) await expect(dismiss(asking, id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(dismiss(other, rejected.id)).rejects.toMatchObject({ code: 'not-found' });
    await dismiss(asking, rejected.id);
    await dismiss(asking, rejected.id);
    expect(await shown(asking)).toEqual(['teams.example.test']);
    await dismiss(asking, teams.id);
    expect(await shown(asking)).toEqual([]);
    expect(await shown(other), 'each has a list of their own').toEqual(['teams.example.test']);
    harness.clock.advance(rememberedDays * day + 1000);
    await purgeExpired(harness.worker);
    expect(await harness.db.dismissal.count()).toBe(0);
    harness.clock.set(harnessStart);
  });
});

describe('what the first name needs', () => {
  it('is there as soon as a zone is connected, and a grant counts', async () => {
    const empty = await createHarness();
    try {
      const { build, db, clock } = empty;
      const first = await build.team();
      const there = async () => (await readHome(empty.ctxFor(await build.member(first)))).there;
      expect(await there()).toEqual({ zones: false, grants: false });
      const { id } = await build.zone({ team: first });
      expect(await there()).toEqual({ zones: true, grants: false });
      const grant = await build.grant({ team: first, suffix: 'example.test' });
      expect(await there()).toEqual({ zones: true, grants: true });
      await db.grant.update({ where: { id: grant.id }, data: { expiresAt: clock.now() } });
      await db.zone.update({ where: { id }, data: { givenUpAt: clock.now() } });
      expect(await there(), 'what has ended does not count').toEqual({ zones: false, grants: false });
    } finally {
      await empty.close();
    }
  });
});

describe('a token', () => {
  const all = ['requests:read', 'endpoints:read', 'certificates:read', 'zones:read', 'operations:read'] as const;
  const seenBy = async (owner: Actor, ...scopes: Scope[]) => {
    const token = await harness.build.tokenOf(owner, ...scopes);
    const answer = await readHome(harness.ctxFor(token));
    expect(home.parse(answer)).toEqual(answer);
    return {
      kinds: new Set(answer.needsMe.map(({ kind }) => kind)),
      counts: answer.counts,
      checkedAt: answer.checkedAt,
      there: answer.there,
    };
  };

  it('without a scope to read anything is told nothing of what there is', async () => {
    expect(await seenBy(await harness.build.platform(), 'tokens:write')).toEqual({
      kinds: new Set(),
      counts: {
        endpoints: null,
        attention: null,
        underWay: null,
        unseen: null,
        reviews: null,
        openRequests: null,
        endingCertificates: null,
        failingZones: null,
      },
      checkedAt: null,
      there: { zones: null, grants: null },
    });
    const me = await readMe(harness.ctxFor(await harness.build.tokenOf(member, 'tokens:write')));
    expect([me.environments, me.clusters, me.sources]).toEqual([[], [], []]);
  });

  it.each([
    ['zones:read', ['zone'], ['failingZones']],
    ['endpoints:read', ['endpoint'], ['endpoints', 'attention', 'underWay', 'unseen']],
    ['certificates:read', ['certificate'], ['endingCertificates']],
    ['requests:read', [], ['reviews', 'openRequests']],
    ['operations:read', ['worker'], []],
  ] as const)('with %s is told that part alone', async (scope, kinds, counted) => {
    const owner = await harness.build.platform();
    const whole = await seenBy(owner, ...all);
    const part = await seenBy(owner, scope);
    expect([...part.kinds]).toEqual(kinds.filter((kind) => whole.kinds.has(kind)));
    expect(Object.keys(part.counts).filter((name) => Reflect.get(part.counts, name) !== null)).toEqual(counted);
    for (const name of counted) expect(part.counts[name]).toBe(whole.counts[name]);
  });
});

describe('work that waits', () => {
  it.each<[string, string[]]>([
    [theTeam, ['asker']],
    [whoeverAsked, ['asker']],
    ['asking-team', ['asker']],
    [serviceOperator, ['asker']],
    [tlsServer, ['asker', 'platform']],
    [zoneOwner, ['owner']],
    [zoneChanger, ['owner']],
    [nameServers, ['owner']],
    [nameServerOperator, ['owner']],
    [hostmaster, ['platform']],
    [operator, ['platform']],
    [platformAdmin, ['platform']],
    [theIssuer, ['platform']],
    [issuerOperator('Some CA'), ['platform']],
    ['the desk that vets organisations', ['platform']],
  ])('for %s needs exactly those whose move it is', async (movesNext, needed) => {
    const { build, db } = harness;
    const [owner, asking] = [
      await build.team(),
      (await db.team.findUnique({ where: { slug: 'asking-team' } })) ?? (await build.team('asking-team')),
    ];
    const place = await build.zone({ team: owner });
    const { id } = await build.endpoint({ hostname: `waits.${place.apex}`, team: asking, zone: place, state: 'pending' });
    await stuck(id, movesNext);
    const readers = { owner: await build.member(owner), asker: await build.member(asking), platform: await build.platform() };
    const told: string[] = [];
    for (const [who, actor] of Object.entries(readers)) {
      const need = (await readHome(harness.ctxFor(actor))).needsMe.find((each) => each.kind === 'endpoint' && each.id === id);
      if (need === undefined) continue;
      told.push(who);
      // Whom they have to ask is said to those who are of no team of it.
      expect(need.text).toBe(`ns1 refused.${who === 'platform' ? ` Moves next: ${movesNext}.` : ''}`);
    }
    expect(told).toEqual(needed);
  });

  it('for a team in which nobody is left needs a platform admin', async () => {
    const { build, db } = harness;
    const left = await build.team();
    const { id: gone } = await build.member(left);
    await db.person.update({ where: { id: gone }, data: { disabledAt: harness.clock.now() } });
    const place = await build.zone({ team: left });
    const ids: string[] = [];
    for (const movesNext of [serviceOperator, zoneOwner]) {
      const { id } = await build.endpoint({ hostname: `left-${ids.length}.${place.apex}`, team: left, zone: place, state: 'pending' });
      await stuck(id, movesNext);
      // Told before what other tests left.
      await db.endpoint.update({ where: { id }, data: { changedAt: new Date(harnessStart.getTime() - day) } });
      ids.push(id);
    }
    const { needsMe } = await readHome(harness.ctxFor(await build.platform()));
    expect(needsMe.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  });
});

async function stuck(endpointId: string, movesNext: string): Promise<void> {
  const of = { kind: 'endpoint', purpose: 'revision', generation: 1, step: 'records-applied', state: 'waiting', attempts: 2 } as const;
  const error = { code: 'dns-refused', message: 'ns1 refused.', remedy: 'Look.' };
  await harness.db.operation.create({ data: { ...of, subject: `endpoint:${endpointId}`, endpointId, reason: 'Waits.', movesNext, error } });
}

describe('what was seen to break since', () => {
  const broken = {
    dns: (stored: unknown) => {
      const { address, answers } = dnsObservationDetail.parse(stored);
      return { address, answers: answers.map((answer) => ({ ...answer, rcode: 'REFUSED', values: [] })) };
    },
    'at the primary itself': (stored: unknown) => {
      const { address, answers } = dnsObservationDetail.parse(stored);
      return { address, answers: answers.map((answer) => ({ ...answer, values: ['192.0.2.99'], serial: 7, primarySerial: 7 })) };
    },
    endpoint: (stored: unknown) => {
      const failed = { failedLayer: 'tcp', error: 'refused the connection', tls: null, httpStatus: null } as const;
      return { ...endpointObservationDetail.parse(stored), ...failed, tlsMilliseconds: null, httpMilliseconds: null };
    },
  };

  it.each([
    ['dns', 'owner', 'dns', /REFUSED/],
    ['endpoint', 'asker', 'endpoint', /refused the connection/],
    ['at the primary itself', 'asker', 'dns', /192\.0\.2\.99.* and so does the primary/],
  ] as const)('in an answer of kind %s needs the %s', async (what, needed, kind, words) => {
    const { build, db, clock } = harness;
    const [owner, asking] = [await build.team(), await build.team()];
    const place = await build.zone({ team: owner });
    const endpoint = await build.endpoint({ hostname: `seen.${place.apex}`, team: asking, zone: place, state: 'degraded' });
    await build.observations([{ id: endpoint.id, serial: null }]);
    const seen = await db.observation.findFirstOrThrow({ where: { endpointId: endpoint.id, kind } });
    const data = { ok: false, since: clock.now(), detail: broken[what](seen.detail) };
    await db.observation.updateMany({ where: { endpointId: endpoint.id, kind }, data });
    const needOf = async (actor: Actor) => (await readHome(harness.ctxFor(actor))).needsMe.find(({ id }) => id === endpoint.id);
    const told = { owner: await needOf(await build.member(owner)), asker: await needOf(await build.member(asking)) };
    expect(Object.entries(told).flatMap(([who, need]) => (need ? [who] : []))).toEqual([needed]);
    expect(await needOf(await build.platform()), 'who cannot mend it').toBeUndefined();
    const { summary } = await getEndpoint(harness.ctxFor(await build.platform()), { id: endpoint.id });
    expect(told[needed]?.text, 'in the words of its page').toBe(asSentence(summary));
    expect(summary).toMatch(words);
  });
});

describe('the command box', () => {
  it('finds names, requests by number, serials, addresses, zones and teams', async () => {
    const endpoint = await harness.build.endpoint({ hostname: 'cart.example.test', team, zone });
    const [serial = ''] = await harness.build.certificates([{ endpoint }]);
    const { number } = await ask(member, 'ask.example.test');
    const at = harness.clock.now();
    await harness.db.zoneRecordSet.create({
      data: { zoneId: zone.id, name: 'cart.example.test', type: 'AAAA', ttl: 60, values: ['2001:db8::1'], observedAt: at },
    });
    const kinds = async (text: string) => (await find(text)).map(({ kind, title }) => `${kind} ${title}`);
    expect(searchResult.parse({ hits: await find('cart') }).hits[0]).toMatchObject({ kind: 'endpoint', id: endpoint.id });
    expect(await kinds(`#${number}`)).toEqual([`request #${number} ask.example.test`]);
    expect(await kinds(serial.toLowerCase())).toEqual([`certificate ${serial}`]);
    expect(await kinds('2001:DB8:0::1')).toEqual(['endpoint cart.example.test']);
    expect(await kinds('ORDERS')).toEqual(['team orders']);
    expect(await kinds('example.test')).toContain('zone example.test');
    expect(await harness.countQueries(() => find('cart'))).toBeLessThanOrEqual(6);
  });

  it('takes % and _ literally, and big numbers for nothing', async () => {
    for (const text of ['%', '_', 'c_rt', '\\', '#9999999999', "'; --"]) expect(await find(text), text).toEqual([]);
  });

  it('shows a token only what its scopes let it read', async () => {
    const token = await harness.build.tokenOf(member, 'zones:read');
    expect(new Set((await find('example.test', token)).map(({ kind }) => kind))).toEqual(new Set(['zone']));
  });
});
