import { describe, expect, it } from 'vitest';
import { hostnameOf } from '../../hostname/parse-hostname.ts';
import { type Ask, ask, denials, endpoint, grant, recordSet, reviews, type World, zone } from '../testing/world.ts';

const wide = [grant('order-platform', 'dev.example.test', ['dev'], { allowWildcard: true, views: ['public', 'internal', 'partner'] })];
const wildcard = '*.dev.example.test';

it.each<[string, Ask]>([
  ['the hostname', { hostname: wildcard }],
  ['an extra name', { tls: { extraNames: [wildcard] } }],
])('a granted wildcard as %s is reviewed by security', (_, contract) => {
  expect(reviews(contract, { grants: wide })).toEqual(['wildcard-review by security-reviewer']);
});

it.each(['http-01', 'tls-alpn-01'] as const)('a wildcard is never proven by %s', (challenge) => {
  const tls = { source: 'acme', challenge } as const;
  const world = { grants: wide, tlsProofs: true };
  expect(denials({ hostname: wildcard, tls }, world)).toEqual(['wildcard-challenge']);
  expect(denials({ tls: { ...tls, extraNames: [wildcard] } }, world)).toEqual(['wildcard-challenge']);
});

it.each<[string, Ask['tls'], string[]]>([
  ['another issuer needs no challenge', {}, []],
  ['what has no TLS needs none', { source: 'acme', termination: 'none', challenge: 'http-01' }, []],
  ['a challenge that is not named is missed once', { source: 'acme', challenge: 'none' }, ['tls-challenge']],
])('for a wildcard %s', (_, tls, expected) => {
  expect(denials({ hostname: wildcard, tls }, { grants: wide })).toEqual(expected);
});

it('a wildcard of any view is proven by dns-01', () => {
  const tls = { source: 'acme', challenge: 'dns-01' } as const;
  for (const view of ['public', 'internal', 'partner'] as const)
    expect(denials({ hostname: wildcard, view, tls }, { grants: wide, zones: [zone('example.test', { view })] })).toEqual([]);
});

describe('a wildcard below which other teams hold names', () => {
  const below = (team: string, count: number, ...names: string[]) => ({ wildcard: hostnameOf(wildcard), team, count, names });
  const world: World = {
    grants: wide,
    namesBelow: [
      below('billing', 4, 'a.dev.example.test', 'b.dev.example.test', 'c.dev.example.test'),
      below('identity', 1, 'deep.x.dev.example.test'),
      { ...below('identity', 1, 'elsewhere.prod.example.test'), wildcard: hostnameOf('*.prod.example.test') },
    ],
  };

  it('is reviewed by each of them, and security reads whose they are', () => {
    const asked = ask({ hostname: wildcard }, world);
    expect(asked.reviews.map(({ group }) => group)).toEqual(['security-reviewer', 'team:billing', 'team:identity']);
    expect(asked.reviews.map(({ reason }) => reason)).toEqual([
      `${wildcard} answers for every name below dev.example.test that has no records; below it team billing has a.dev.example.test, b.dev.example.test, c.dev.example.test and 1 more, team identity has deep.x.dev.example.test.`,
      expect.stringContaining('of team billing once these are retired'),
      expect.stringContaining('takes over the visitors of deep.x.dev.example.test of team identity'),
    ]);
  });

  it('is so as an extra name, too, and not where only a single name is asked for', () => {
    expect(reviews({ tls: { extraNames: [wildcard] } }, world)).toHaveLength(3);
    expect(reviews({}, world)).toEqual([]);
  });

  it('tells security which hosts are kept there without Hostmaster, where a certificate speaks for them', () => {
    const hostsBelow = [
      { wildcard: hostnameOf(wildcard), count: 5, names: ['ftp.dev.example.test', 'nas.dev.example.test', 'old.dev.example.test'] },
    ];
    const [asked] = ask({ hostname: wildcard }, { grants: wide, hostsBelow }).reviews;
    expect(asked).toMatchObject({
      group: 'security-reviewer',
      reason: `${wildcard} answers for every name below dev.example.test that has no records. Its certificate speaks for ftp.dev.example.test, nas.dev.example.test, old.dev.example.test and 2 more besides, which somebody keeps without Hostmaster.`,
    });
    const without = ask({ hostname: wildcard, tls: { termination: 'none' } }, { grants: wide, hostsBelow }).reviews;
    expect(without.map(({ reason }) => reason)).toEqual([`${wildcard} answers for every name below dev.example.test that has no records.`]);
  });

  it('that a certificate alone is asked for answers for nothing, and speaks for all below it', () => {
    const alone = { hostname: wildcard, target: { certificateOnly: true as const } };
    const speaks = `A certificate for ${wildcard} speaks for every name directly below dev.example.test`;
    expect(ask(alone, world).reviews.map(({ reason }) => reason)).toEqual([
      expect.stringContaining(`${speaks}; below it`),
      expect.stringMatching(new RegExp(`^${speaks.replaceAll(/[*.]/g, '.')}: for .*, too\\.$`)),
      expect.stringContaining(`${speaks}: for `),
    ]);
  });

  it('is not asked of the team that gives it away', () => {
    const held = { ...world, grants: [...wide, grant('billing', 'dev.example.test', ['dev'], { allowWildcard: true })] };
    const transfer = { kind: 'transfer', actorTeam: 'order-platform' } as const;
    expect(
      reviews({ hostname: wildcard, team: 'billing' }, { ...held, endpoints: [endpoint(wildcard, 'order-platform')] }, transfer),
    ).toEqual(['wildcard-review by security-reviewer', 'wildcard-review by team:identity', 'transfer-accepted by team:billing']);
  });
});

describe('a name that a wildcard answers for', () => {
  const kept = { recordSets: [recordSet(wildcard, 'A')] };
  const theirs = { recordSets: [recordSet(wildcard, 'A', { foreign: [] })], endpoints: [endpoint(wildcard, 'billing')] };

  it.each<[string, Ask, World, string[]]>([
    ['somebody keeps without Hostmaster', {}, kept, ['wildcard-shadowed by platform-admin']],
    ['another team has', {}, theirs, ['wildcard-shadowed by team:billing']],
    ['the team has itself', {}, { ...theirs, endpoints: [endpoint(wildcard, 'order-platform')] }, []],
    [
      'another team had and let go',
      {},
      { ...theirs, endpoints: [endpoint(wildcard, 'billing', { letGo: true })] },
      ['wildcard-shadowed by platform-admin'],
    ],
    ['stands in another zone', {}, { recordSets: [recordSet(wildcard, 'A', { zone: 'elsewhere' })] }, []],
    [
      'as an extra name',
      { hostname: 'a.prod.example.test', tls: { extraNames: ['b.dev.example.test'] } },
      kept,
      ['wildcard-shadowed by platform-admin'],
    ],
    [
      'does not reach past a name that stands between',
      {},
      { recordSets: [recordSet('*.example.test', 'A'), recordSet('dev.example.test', 'TXT')] },
      [],
    ],
    [
      'reaches from further up where nothing does',
      {},
      { recordSets: [recordSet('*.example.test', 'A')] },
      ['wildcard-shadowed by platform-admin'],
    ],
    [
      'stands above the zone',
      {},
      { zones: [zone('dev.example.test', { id: 'zone-example.test' })], recordSets: [recordSet('*.example.test', 'A')] },
      [],
    ],
  ])('that %s', (_, contract, world, expected) => {
    expect(reviews(contract, world)).toEqual(expected);
  });

  it('and that had a certificate alone is looked at once it is to lead somewhere', () => {
    const had = { ...kept, endpoints: [endpoint('orders.dev.example.test', 'order-platform', { certificateOnly: true })] };
    expect(reviews({}, had, { kind: 'change' })).toEqual(['wildcard-shadowed by platform-admin']);
    expect(reviews({ target: { certificateOnly: true } }, had, { kind: 'change' })).toEqual([]);
  });

  it('and that gets a certificate alone leaves the wildcard as it answers', () => {
    const [asked] = ask({ target: { certificateOnly: true } }, kept).reviews;
    expect(asked?.reason).toContain('a certificate for it speaks for what stands there.');
  });

  const holding = (team = 'billing', more = {}) => endpoint('shop.dev.example.test', team, { name: hostnameOf(wildcard), ...more });
  it.each<[string, Ask, World, string[]]>([
    ['an extra name of another team', {}, { endpoints: [holding()] }, ['wildcard-shadowed by team:billing']],
    [
      'an extra name of another team, over an extra name',
      { hostname: 'a.prod.example.test', tls: { extraNames: ['b.dev.example.test'] } },
      { endpoints: [holding()] },
      ['wildcard-shadowed by team:billing'],
    ],
    [
      'a name in another view',
      {},
      { endpoints: [endpoint(wildcard, 'billing', { view: 'internal' })] },
      ['wildcard-shadowed by team:billing'],
    ],
    ['an extra name of the team itself', {}, { endpoints: [holding('order-platform')] }, []],
    ['an extra name that was let go', {}, { endpoints: [holding('billing', { letGo: true })] }, []],
    ['for one label alone', { hostname: 'a.b.dev.example.test' }, { endpoints: [holding()] }, []],
    [
      'of the team whose wildcard answers for it besides',
      {},
      { recordSets: theirs.recordSets, endpoints: [...theirs.endpoints, holding()] },
      ['wildcard-shadowed by team:billing'],
    ],
  ])('by a certificate alone is a question of whose that is: %s', (_, contract, world, expected) => {
    expect(reviews(contract, world)).toEqual(expected);
  });

  it('by a certificate alone is told as what it is, and asked about once', () => {
    expect(ask({}, { endpoints: [holding()] }).reviews.map(({ reason }) => reason)).toEqual([
      `A certificate for ${wildcard}, which team billing has as an extra name of shop.dev.example.test, speaks for orders.dev.example.test, too.`,
    ]);
    const own = endpoint('orders.dev.example.test', 'order-platform');
    expect(reviews({}, { endpoints: [holding(), own] }, { kind: 'change' })).toEqual([]);
  });

  it('is no question where the name has records of its own already', () => {
    const own = recordSet('orders.dev.example.test', 'A', { foreign: [] });
    expect(
      reviews(
        {},
        { recordSets: [...kept.recordSets, own], endpoints: [endpoint('orders.dev.example.test', 'order-platform')] },
        { kind: 'change' },
      ),
    ).toEqual([]);
  });

  it('as an extra name, which gets no records, is told as what it is, and asked about once', () => {
    const extra = 'b.dev.example.test';
    const contract = { hostname: 'a.prod.example.test', tls: { extraNames: [extra] } };
    expect(ask(contract, kept).reviews.map(({ reason }) => reason)).toEqual([
      `${wildcard}, which somebody keeps without Hostmaster, answers for ${extra} now; a certificate for it speaks for what stands there.`,
    ]);
    const acme = (challenge: 'dns-01' | 'http-01') =>
      ask({ ...contract, tls: { ...contract.tls, source: 'acme', challenge } }, kept).reviews.map(({ reason }) => reason);
    const silenced = `, and whenever the CA looks for its proof, ${wildcard} does not answer for it for a while.`;
    expect(acme('dns-01').filter((reason) => reason.endsWith(silenced))).toHaveLength(1);
    expect(acme('http-01').filter((reason) => reason.endsWith(silenced))).toEqual([]);
    const own = (name: string) => endpoint('a.prod.example.test', 'order-platform', { name: hostnameOf(name) });
    const held = [own('a.prod.example.test'), own(extra)];
    expect(reviews(contract, { ...kept, endpoints: held }, { kind: 'change' })).toEqual([]);
    expect(reviews(contract, { ...kept, endpoints: held.slice(0, 1) }, { kind: 'change' })).toEqual([
      'wildcard-shadowed by platform-admin',
    ]);
  });

  it('tells from where down the wildcard falls silent', () => {
    const [review] = ask({ hostname: 'a.b.dev.example.test' }, kept).reviews;
    expect(review?.reason).toBe(
      `${wildcard}, which somebody keeps without Hostmaster, answers for a.b.dev.example.test now; from then on it answers neither for b.dev.example.test nor for any name below.`,
    );
  });

  it('is not told of a wildcard as a wildcard below itself', () => {
    expect(
      reviews({ hostname: wildcard }, { grants: wide, ...kept, endpoints: [endpoint(wildcard, 'order-platform')] }, { kind: 'change' }),
    ).toContain('wildcard-review by security-reviewer');
  });
});
