import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import type { RequestInput } from '@hostmaster/core/contract/request';
import { hostnameOf, skeletonOf } from '@hostmaster/core/hostname/parse-hostname';
import { askedOf } from '@hostmaster/core/policy/asked';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { groundOf } from './load-ground.ts';
import { propose } from './propose.ts';

type Named = { readonly id: string; readonly slug: string };
let harness: Harness;
let orders: Named;
let billing: Named;
let zone: { readonly id: string; readonly apex: string };

beforeAll(async () => {
  harness = await createHarness();
  const { build } = harness;
  orders = await build.team('orders');
  billing = await build.team('billing');
  zone = await build.zone({ apex: 'example.test', team: billing });
  await build.grant({ team: orders, suffix: 'dev.example.test' });
  await build.grant({ team: billing, suffix: 'pay.example.test' });
});
afterAll(() => harness.close());

const asking = ({ db, clock }: Harness) => ({ db, clock, dnsProviders: dnsProviderKinds, destinationKinds });
type Kind = RequestInput['kind'];
type Ask = Partial<EndpointContractInput> & { readonly hostname: string };
const contractOf = (ask: Ask) =>
  endpointContract.parse({ team: orders.slug, environment: 'dev', target: { addresses: ['192.0.2.11'] }, ...ask });
const decisionOn = async (ask: Ask, kind: Kind = 'create') =>
  (await propose(asking(harness), { kind, contract: contractOf(ask) })).decision;
const denials = async (ask: Ask, kind: Kind = 'create') =>
  (await decisionOn(ask, kind)).violations.map(({ rule, path }) => `${rule} ${path}`);
const reviews = async (ask: Ask, kind: Kind = 'create') =>
  (await decisionOn(ask, kind)).reviews.map(({ rule, group }) => `${rule} by ${group}`);
const withExtra = (hostname: string, extra: string): Ask => ({ hostname, tls: { extraNames: [extra] } });

const observe = (name: string, type: string, values: string[]) =>
  harness.db.zoneRecordSet.create({ data: { zoneId: zone.id, name, type, ttl: 60, values, observedAt: harness.clock.now() } });

describe('the ground of a decision', () => {
  const asked = (kind: Kind) =>
    askedOf({ kind, contract: contractOf({ hostname: 'shop.dev.example.test' }), actorTeam: orders.slug, now: harness.clock.now() });

  it.each<Kind>(['create', 'change', 'transfer', 'retire'])('of a %s is loaded in one statement', async (kind) => {
    expect(await harness.countQueries(() => groundOf(harness.db, asked(kind), null))).toBe(1);
  });

  it('of a retirement holds what its four rules and its plan need, and nothing else', async () => {
    await harness.build.endpoint({ hostname: 'shop.dev.example.test', team: orders, zone });
    await observe('shop.dev.example.test', 'A', ['192.0.2.10']);
    const ground = await groundOf(harness.db, asked('retire'), null);
    const loaded = Object.entries(ground).flatMap(([part, rows]) => (Array.isArray(rows) && rows.length > 0 ? [part] : []));
    expect(loaded.sort()).toEqual(['endpoints', 'recordSets', 'zones']);
    expect((await groundOf(harness.db, asked('change'), null)).grants).toHaveLength(1);
  });
});

describe('a decision on what is stored', () => {
  it('knows grants, and who holds the more specific suffix', async () => {
    expect(await denials({ hostname: 'a.dev.example.test' })).toEqual([]);
    expect(await denials({ hostname: 'a.pay.example.test' })).toEqual(['suffix-granted contract.hostname']);
    expect(await denials(withExtra('b.dev.example.test', 'b.pay.example.test'))).toEqual(['suffix-granted contract.tls.extraNames.0']);
  });

  it('knows the environments that a zone is kept for', async () => {
    const { build } = harness;
    await build.zone({ apex: 'kept.test', team: billing, environments: ['prod'] });
    await build.grant({ team: orders, suffix: 'kept.test', environments: ['dev', 'prod'] });
    expect(await denials({ hostname: 'a.kept.test' })).toEqual(['zone-environment contract.environment']);
    expect(await denials({ hostname: 'a.kept.test', environment: 'prod' })).toEqual([]);
  });

  it('counts the certificates of the endpoints that lead to a cluster now', async () => {
    const { db, build } = harness;
    await db.cluster.create({ data: { slug: 'k8s-1', hostname: 'k8s-1.example.test', environment: 'dev', certificateLimit: 2 } });
    const target = { cluster: 'k8s-1' };
    expect(await denials({ hostname: 'c.dev.example.test', target: { cluster: 'k8s-2' } })).toEqual([
      'cluster-known contract.target.cluster',
    ]);
    await build.endpoint({ hostname: 'c1.dev.example.test', team: orders, zone, cluster: 'k8s-1' });
    await build.endpoint({ hostname: 'gone.dev.example.test', team: orders, zone, cluster: 'k8s-1', state: 'retired' });
    expect(await denials({ hostname: 'c.dev.example.test', target })).toEqual([]);
    const second = await build.endpoint({ hostname: 'c2.dev.example.test', team: orders, zone, cluster: 'k8s-1' });
    expect(await denials({ hostname: 'c.dev.example.test', target })).toEqual(['cluster-certificates contract.target.cluster']);
    expect(await denials({ hostname: 'c.dev.example.test', target, tls: { termination: 'none' } })).toEqual([]);
    await db.cluster.update({ where: { slug: 'k8s-1' }, data: { certificateLimit: 1 } });
    expect(await denials({ hostname: 'c2.dev.example.test', target, ttl: 120 }, 'change')).toEqual([]);
    await build.revise(second.id, { target: { addresses: ['192.0.2.10'] } });
    expect(await denials({ hostname: 'c2.dev.example.test', target }, 'change')).toEqual(['cluster-certificates contract.target.cluster']);
  });

  describe('knows where a target given by name leads in the end', () => {
    const to = (cname: string) => ({ target: { cname } });
    const of = (hostname: string, cname: string, kind: Kind = 'create') => denials({ hostname, ...to(cname) }, kind);
    const circle = ['target-loop contract.target.cname'];

    it('by what stands in the zones of the view', async () => {
      await harness.build.zone({ apex: 'loop.example.test', team: billing });
      await observe('one.dev.example.test', 'CNAME', ['two.dev.example.test']);
      await observe('two.dev.example.test', 'CNAME', ['Back.dev.example.test']);
      await observe('out.dev.example.test', 'CNAME', ['lb.example.net']);
      await observe('round.dev.example.test', 'CNAME', ['square.dev.example.test']);
      await observe('square.dev.example.test', 'CNAME', ['round.dev.example.test']);
      // Below the apex of another zone, which is the one that is asked.
      await observe('x.loop.example.test', 'CNAME', ['back.dev.example.test']);
      expect(await of('back.dev.example.test', 'one.dev.example.test')).toEqual(circle);
      expect(await of('other.dev.example.test', 'one.dev.example.test')).toEqual([]);
      expect(await of('back.dev.example.test', 'out.dev.example.test')).toEqual([]);
      expect(await of('back.dev.example.test', 'round.dev.example.test')).toEqual(circle);
      expect(await of('back.dev.example.test', 'x.loop.example.test')).toEqual([]);
      await harness.build.grant({ team: orders, suffix: 'dev.example.test', views: ['internal'] });
      await harness.build.zone({ apex: 'example.test', team: billing, view: 'internal' });
      expect(await denials({ hostname: 'back.dev.example.test', view: 'internal', ...to('one.dev.example.test') })).toEqual([]);
    });

    it('by what approved endpoints want, whatever stands there still', async () => {
      const { build } = harness;
      const first = await build.endpoint({ hostname: 'first.dev.example.test', team: orders, zone });
      const second = await build.endpoint({ hostname: 'second.dev.example.test', team: orders, zone });
      await observe('second.dev.example.test', 'CNAME', ['first.dev.example.test']);
      expect(await of('first.dev.example.test', 'second.dev.example.test', 'change')).toEqual([]);
      const cname = (name: string, value: string) => [{ name, type: 'CNAME' as const, ttl: 60, values: [value] }];
      await build.revise(second.id, to('first.dev.example.test'), cname('second.dev.example.test', 'first.dev.example.test'));
      expect(await of('first.dev.example.test', 'second.dev.example.test', 'change')).toEqual(circle);
      expect(await of('second.dev.example.test', 'first.dev.example.test', 'change')).not.toEqual(circle);
      await build.revise(first.id, to('out.dev.example.test'), cname('first.dev.example.test', 'out.dev.example.test'));
      expect(await of('third.dev.example.test', 'second.dev.example.test')).toEqual([]);
    });

    it('by a cluster, and by a wildcard', async () => {
      const { db, build } = harness;
      await db.cluster.create({ data: { slug: 'round', hostname: 'lb.round.dev.example.test', environment: 'dev' } });
      await observe('*.round.dev.example.test', 'CNAME', ['home.dev.example.test']);
      expect(await denials({ hostname: 'home.dev.example.test', target: { cluster: 'round' } })).toEqual([
        'target-loop contract.target.cluster',
      ]);
      await observe('lb.round.dev.example.test', 'A', ['192.0.2.7']);
      expect(await denials({ hostname: 'home.dev.example.test', target: { cluster: 'round' } })).toEqual([]);
      const { id } = await build.grant({ team: orders, suffix: 'wild.dev.example.test' });
      await behindTheBack(db).grant.update({ where: { id }, data: { wildcard: true } });
      expect(await of('*.wild.dev.example.test', 'lb.wild.dev.example.test')).toEqual(circle);
      await observe('deep.lb.wild.dev.example.test', 'A', ['192.0.2.7']);
      expect(await of('*.wild.dev.example.test', 'lb.wild.dev.example.test')).toEqual([]);
    });
  });

  it('knows what stands at every name, and which of it an endpoint put there', async () => {
    await observe('byhand.dev.example.test', 'A', ['192.0.2.99']);
    expect(await denials({ hostname: 'byhand.dev.example.test' })).toEqual(['name-taken contract.hostname']);
    expect(await denials(withExtra('d.dev.example.test', 'byhand.dev.example.test'))).toEqual(['name-taken contract.tls.extraNames.0']);
    await observe('odd.dev.example.test', 'HTTPS', ['1 .']);
    expect(await denials({ hostname: 'odd.dev.example.test', target: { cname: 'x.example.net' } })).toEqual([
      'name-taken contract.hostname',
      'cname-exclusive contract.target',
    ]);
    await harness.build.endpoint({ hostname: 'own.dev.example.test', team: orders, zone });
    await observe('own.dev.example.test', 'A', ['192.0.2.10']);
    expect(await denials(withExtra('d.dev.example.test', 'own.dev.example.test'))).toEqual([]);
    await observe('cut.dev.example.test', 'NS', ['ns.example.net']);
    expect(await denials(withExtra('d.dev.example.test', 'e.cut.dev.example.test'))).toEqual(['not-delegated contract.tls.extraNames.0']);
  });

  it('knows what stands at the names in other views, since a certificate has none', async () => {
    const { build, db, clock } = harness;
    const apex = 'views.dev.example.test';
    await build.zone({ apex, team: billing });
    const inner = await build.zone({ apex, team: billing, view: 'internal' });
    for (const name of [`host.${apex}`, `own.${apex}`])
      await db.zoneRecordSet.create({
        data: { zoneId: inner.id, name, type: 'A', ttl: 60, values: ['192.0.2.10'], observedAt: clock.now() },
      });
    expect(await denials({ hostname: `host.${apex}` })).toEqual(['kept-in-another-view contract.hostname']);
    expect(await denials(withExtra(`a.${apex}`, `host.${apex}`))).toEqual(['kept-in-another-view contract.tls.extraNames.0']);
    expect(await denials({ hostname: `host.${apex}`, tls: { termination: 'none' } })).toEqual([]);
    await build.endpoint({ hostname: `own.${apex}`, team: orders, zone: inner, view: 'internal' });
    expect(await denials(withExtra(`a.${apex}`, `own.${apex}`))).toEqual([]);
  });

  it('knows whose names stand below a wildcard, of every team a few and how many, and which hosts are kept there by hand', async () => {
    const { build } = harness;
    const below = (label: string) => `${label}.below.dev.example.test`;
    const other = await build.team('accounts');
    for (const label of ['c', 'a', 'b', 'd', 'x.y']) await build.endpoint({ hostname: below(label), team: billing, zone });
    await build.endpoint({ hostname: below('z'), team: other, zone });
    await build.endpoint({ hostname: below('mine'), team: orders, zone });
    for (const name of ['a', 'nas', 'deep.nas', '*']) await observe(below(name), 'A', ['192.0.2.99']);
    await observe(below('note'), 'TXT', ['by hand']);
    const [security, ...teams] = (await decisionOn({ hostname: below('*') })).reviews;
    expect(security?.reason).toBe(
      `*.below.dev.example.test answers for every name below below.dev.example.test that has no records; below it team accounts has ${below('z')}, team billing has ${below('a')}, ${below('b')}, ${below('c')} and 2 more. Its certificate speaks for ${below('nas')} besides, which somebody keeps without Hostmaster.`,
    );
    expect(teams.map(({ group }) => group)).toEqual(['team:accounts', 'team:billing']);
  });

  it('knows whose certificate covers a name by a wildcard that has no records', async () => {
    await harness.build.endpoint({
      hostname: 'covering.dev.example.test',
      team: billing,
      zone,
      extraNames: ['*.covered.dev.example.test'],
    });
    expect(await reviews({ hostname: 'a.covered.dev.example.test' })).toEqual(['wildcard-shadowed by team:billing']);
    expect(await reviews(withExtra('k.dev.example.test', 'a.covered.dev.example.test'))).toEqual(['wildcard-shadowed by team:billing']);
  });

  it('lets an endpoint change from addresses to a name and back: what an earlier revision wrote is its own', async () => {
    const hostname = 'turns.dev.example.test';
    const { id } = await harness.build.endpoint({ hostname, team: orders, zone });
    await observe(hostname, 'A', ['192.0.2.10']);
    const target = { cname: 'lb.example.net' };
    expect(await denials({ hostname, target }, 'change')).toEqual([]);
    await harness.build.revise(id, { target }, [{ name: hostname, type: 'CNAME', ttl: 60, values: ['lb.example.net'] }]);
    expect(await denials({ hostname, target }, 'change')).toEqual([]);
    expect(await denials({ hostname }, 'change')).toEqual([]);
  });

  it('knows which values an endpoint put at its name, and which somebody else did', async () => {
    const hostname = 'mixed.dev.example.test';
    await harness.build.endpoint({ hostname, team: orders, zone });
    await observe(hostname, 'A', ['192.0.2.10', '192.0.2.99']);
    expect(await denials({ hostname }, 'change')).toEqual([]);
    expect(await reviews({ hostname }, 'change')).toEqual(['changed-by-hand by platform-admin']);
    await harness.db.zoneRecordSet.updateMany({ where: { name: hostname }, data: { values: ['192.0.2.10'] } });
    expect(await reviews({ hostname }, 'change')).toEqual([]);
  });

  it('lets nobody have a name below a DNAME', async () => {
    await observe('alias.dev.example.test', 'DNAME', ['\\# 1 00']);
    expect(await denials({ hostname: 'a.alias.dev.example.test' })).toEqual(['not-delegated contract.hostname']);
  });

  it('knows who holds a name, who asked for it, and from whom it is held back', async () => {
    const { build, db, clock } = harness;
    await build.endpoint({ hostname: 'theirs.dev.example.test', team: billing, zone });
    expect(await denials(withExtra('f.dev.example.test', 'theirs.dev.example.test'))).toEqual(['name-taken contract.tls.extraNames.0']);
    const { id } = await build.endpoint({ hostname: 'left.dev.example.test', team: billing, zone, state: 'retired' });
    expect(await denials({ hostname: 'left.dev.example.test' })).toEqual([]);
    const left = { hostname: 'left.dev.example.test', endpointId: id, teamId: billing.id, skeleton: 'left' };
    await db.heldName.create({ data: { ...left, heldBackUntil: new Date(clock.now().getTime() + 1) } });
    expect(await denials({ hostname: 'left.dev.example.test' })).toEqual(['quarantine contract.hostname']);
    expect(await denials(withExtra('f.dev.example.test', 'left.dev.example.test'))).toEqual(['quarantine contract.tls.extraNames.0']);
  });

  it('knows that an extra name is held and asked for as a hostname is, and that its own endpoint may keep it', async () => {
    const { build, db } = harness;
    const holds = { hostname: 'store.dev.example.test', zone, extraNames: ['www.store.dev.example.test'] };
    await build.endpoint({ ...holds, team: billing });
    for (const contract of [{ hostname: 'www.store.dev.example.test' }, withExtra('h.dev.example.test', 'www.store.dev.example.test')])
      expect(await denials(contract)).toEqual([expect.stringMatching(/^name-taken /)]);
    await build.endpoint({ hostname: 'held.dev.example.test', team: orders, zone, extraNames: ['www.held.dev.example.test'] });
    expect(await denials(withExtra('held.dev.example.test', 'www.held.dev.example.test'), 'change')).toEqual([]);
    expect(await denials({ hostname: 'www.held.dev.example.test' }), 'of the same team').toEqual([]);
    const stored = await db.request.findFirstOrThrow({ where: { hostname: 'store.dev.example.test' } });
    const { id: _, number: __, supersededById: ___, ...waiting } = stored;
    const contract = {
      ...(stored.contract as object),
      hostname: 'asked.dev.example.test',
      tls: { extraNames: ['www.asked.dev.example.test'] },
    };
    await db.request.create({
      data: { ...waiting, state: 'in-review', hostname: 'asked.dev.example.test', endpointId: null, contract, decision: {}, plan: {} },
    });
    expect(await denials({ hostname: 'www.asked.dev.example.test' })).toEqual(['name-taken contract.hostname']);
  });

  it('knows certificates of other teams for a name that these let go, until they are revoked, refused or have expired', async () => {
    const { build, db, clock } = harness;
    const endpoint = await build.endpoint({ hostname: 'vacated.dev.example.test', team: billing, zone });
    await build.endpoint({ hostname: '*.wide.dev.example.test', team: billing, zone });
    const wide = await db.endpoint.findFirstOrThrow({ where: { hostname: '*.wide.dev.example.test' } });
    await build.certificates([
      { endpoint: { ...endpoint, hostname: 'vacated.dev.example.test' } },
      { endpoint: { id: wide.id, hostname: wide.hostname } },
    ]);
    const standing = ['certificate-stands contract.hostname'];
    expect(await denials({ hostname: 'a.wide.dev.example.test' }), 'while they have it, it is a matter of review').toEqual([]);
    await behindTheBack(db).heldName.deleteMany({ where: { hostname: { in: ['vacated.dev.example.test', wide.hostname] } } });
    await behindTheBack(db).endpoint.updateMany({ where: { id: { in: [endpoint.id, wide.id] } }, data: { state: 'retired' } });
    expect(await denials({ hostname: 'vacated.dev.example.test' })).toEqual(standing);
    expect(await denials({ hostname: 'a.wide.dev.example.test' })).toEqual(standing);
    expect(await denials(withExtra('k.dev.example.test', 'vacated.dev.example.test'))).toEqual([
      'certificate-stands contract.tls.extraNames.0',
    ]);
    await db.certificate.updateMany({ where: { endpointId: endpoint.id }, data: { revocationRefusal: 'No.' } });
    expect(await reviews({ hostname: 'vacated.dev.example.test' })).toEqual(['certificate-stands by security-reviewer']);
    await db.certificate.updateMany({ where: { endpointId: endpoint.id }, data: { revocationRefusal: null, notAfter: clock.now() } });
    expect(await decisionOn({ hostname: 'vacated.dev.example.test' })).toMatchObject({ outcome: 'allow' });
    await behindTheBack(db).certificate.updateMany({ where: { endpointId: wide.id }, data: { state: 'revoked' } });
    expect(await denials({ hostname: 'a.wide.dev.example.test' })).toEqual([]);
  });

  it('finds what reads like a name of another team, or like a reserved one', async () => {
    const { build, db } = harness;
    await build.endpoint({ hostname: 'portal.dev.example.test', team: billing, zone });
    expect(await reviews({ hostname: 'porta1.dev.example.test' })).toEqual(['lookalike-name by security-reviewer']);
    expect(await reviews(withExtra('g.dev.example.test', 'porta1.dev.example.test'))).toEqual(['lookalike-name by security-reviewer']);
    await db.reservation.create({ data: { kind: 'label', value: 'login', skeleton: 'logln', group: 'team:billing', reason: 'ours.' } });
    const suffix = 'corp.dev.example.test';
    const skeleton = skeletonOf(hostnameOf(suffix));
    await db.reservation.create({ data: { kind: 'suffix', value: suffix, skeleton, group: 'platform-admin', reason: 'inside.' } });
    for (const label of ['login', '1ogin', 'logín'])
      expect(await reviews({ hostname: `${label}.dev.example.test` })).toEqual(['reserved-name by team:billing']);
    expect(await reviews({ hostname: 'a.c0rp.dev.example.test' })).toEqual(['reserved-name by platform-admin']);
  });

  it('knows in which zones a team has public names', async () => {
    const { build, db } = harness;
    const watched = await build.zone({ apex: 'watched.test', team: billing });
    await db.zone.update({ where: { id: watched.id }, data: { reviewFirstExposure: true } });
    await build.grant({ team: orders, suffix: 'watched.test' });
    expect(await reviews({ hostname: 'a.watched.test' })).toEqual(['first-public-exposure by security-reviewer']);
    await build.endpoint({ hostname: 'b.watched.test', team: orders, zone: watched });
    expect(await reviews({ hostname: 'a.watched.test' })).toEqual([]);
  });

  it('knows the sources whose issuers are connected: the internal CA, and each kind that has one for leaves which is not stopped', async () => {
    const { db } = harness;
    const ask: Ask = { hostname: 'h.dev.example.test', tls: { source: 'vault' } };
    const reasons = async () => (await decisionOn(ask)).violations.map(({ rule, remedy }) => [rule, remedy]);
    expect(await reasons()).toEqual([['tls-issuer-connected', 'Choose internal-ca or imported.']]);
    const issuer = { name: 'Vault', chainPem: '', permittedSuffixes: ['example.test'] };
    await db.issuer.create({ data: { ...issuer, slug: 'vault-root', kind: 'vault', profile: null } });
    await db.issuer.create({ data: { ...issuer, slug: 'unknown', kind: 'of-another-version', profile: 'server' } });
    expect(await reasons()).toEqual([['tls-issuer-connected', 'Choose internal-ca or imported.']]);
    const { id } = await db.issuer.create({ data: { ...issuer, slug: 'vault', kind: 'vault', profile: 'server' } });
    expect(await reasons()).toEqual([]);
    await db.issuer.update({ where: { id }, data: { stoppedAt: new Date() } });
    expect(await reasons()).toEqual([['tls-issuer-connected', 'Choose internal-ca or imported.']]);
  });

  it('knows whose issuer signs for all names together, below whole labels', async () => {
    const { db } = harness;
    const of = { name: 'A CA', chainPem: '', kind: 'acme', profile: 'server' };
    await db.issuer.create({ data: { ...of, slug: 'one', permittedSuffixes: ['one.dev.example.test', 'two.dev.example.test'] } });
    const other = await db.issuer.create({ data: { ...of, slug: 'other', permittedSuffixes: ['other.dev.example.test'] } });
    const refused = async (hostname: string, ...extraNames: string[]) =>
      (await decisionOn({ hostname, tls: { source: 'acme', challenge: 'dns-01', extraNames } })).violations.map(({ rule }) => rule);
    for (const names of [['a.one.dev.example.test'], ['one.dev.example.test', 'b.two.dev.example.test'], ['*.one.dev.example.test']])
      expect(await refused(...(names as [string]))).not.toContain('tls-issuer-permits');
    for (const names of [['h.dev.example.test'], ['xone.dev.example.test'], ['a.one.dev.example.test', 'a.other.dev.example.test']])
      expect(await refused(...(names as [string]))).toContain('tls-issuer-permits');
    await db.issuer.update({ where: { id: other.id }, data: { permittedSuffixes: ['dev.example.test'] } });
    expect(await refused('a.one.dev.example.test', 'a.other.dev.example.test')).not.toContain('tls-issuer-permits');
    await db.issuer.update({ where: { id: other.id }, data: { stoppedAt: new Date() } });
    expect(await refused('a.one.dev.example.test', 'a.other.dev.example.test')).toContain('tls-issuer-permits');
  });

  it('knows recorded exceptions, until they end', async () => {
    const { db, clock } = harness;
    const hostname = 'x.kept.test';
    const until = new Date(clock.now().getTime() + 1000);
    await db.policyException.create({ data: { rule: 'zone-environment', hostname, reason: 'Moving.', until, by: 'Pat' } });
    const decision = await decisionOn({ hostname });
    expect(decision.violations).toEqual([]);
    expect(decision.results.find(({ rule }) => rule === 'zone-environment')).toMatchObject({
      outcome: 'pass',
      exception: { reason: 'Moving.', until, by: 'Pat' },
    });
    clock.advance(1000);
    expect(await denials({ hostname })).toEqual(['zone-environment contract.environment']);
  });
});

it('a request that is decided again is not held against itself', async () => {
  const { db } = harness;
  const hostname = 'again.dev.example.test';
  await harness.build.endpoint({ hostname, team: orders, zone, state: 'pending' });
  const { id: endpointId } = await db.endpoint.findFirstOrThrow({ where: { hostname } });
  const { id: requestId } = await db.request.findFirstOrThrow({ where: { endpointId } });
  // An open transfer gives way to nothing.
  await behindTheBack(db).request.update({ where: { id: requestId }, data: { state: 'approved', kind: 'transfer' } });
  const input = { kind: 'create' as const, contract: contractOf({ hostname }) };
  const rules = async (again: { requestId: string; endpointId?: string } | null) =>
    (await propose(asking(harness), input, again)).decision.violations.map(({ rule }) => rule);
  expect(await rules(null)).toEqual(['name-taken', 'name-taken']);
  expect(await rules({ requestId })).toEqual(['name-taken']);
  expect(await rules({ requestId, endpointId })).toEqual([]);
});
