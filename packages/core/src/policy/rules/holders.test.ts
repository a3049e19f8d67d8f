import { describe, expect, it } from 'vitest';
import { recordTypes } from '../../dns/record-set.ts';
import { hostnameOf } from '../../hostname/parse-hostname.ts';
import type { OpenRequestGround } from '../ground.ts';
import {
  type Ask,
  ask,
  askFor,
  denials,
  endpoint,
  grant,
  grants,
  later,
  now,
  openRequest,
  recordSet,
  reviews,
  standing,
  type World,
  zone,
} from '../testing/world.ts';
import { supersedes } from './holders.ts';

const name = 'orders.dev.example.test';
const extra = 'www.dev.example.test';
const withExtra = { tls: { extraNames: [extra] } };

describe('a name is denied that is held by', () => {
  it.each<[string, Ask, World, string[]]>([
    ['another team', {}, { endpoints: [endpoint(name, 'billing')] }, ['name-taken']],
    ['another team in another view', {}, { endpoints: [endpoint(name, 'billing', { view: 'internal' })] }, ['name-taken']],
    ['the same team', {}, { endpoints: [endpoint(name, 'order-platform')] }, ['name-taken']],
    ["another team's open request", {}, { openRequests: [openRequest(name, 'billing')] }, ['name-taken']],
    [
      'a transfer to the team that waits',
      {},
      { openRequests: [openRequest(name, 'order-platform', { kind: 'transfer' })] },
      ['name-taken'],
    ],
    [
      'an open request of another team, in another view',
      {},
      { openRequests: [openRequest(name, 'billing', { view: 'internal' })] },
      ['name-taken'],
    ],
    ['another team, as an extra name', withExtra, { endpoints: [endpoint(extra, 'billing')] }, ['name-taken']],
    [
      'another team as an extra name',
      {},
      { endpoints: [endpoint('shop.dev.example.test', 'billing', { name: hostnameOf(name) })] },
      ['name-taken'],
    ],
    [
      'another team as an extra name, as an extra name',
      withExtra,
      { endpoints: [endpoint('shop.dev.example.test', 'billing', { name: hostnameOf(extra) })] },
      ['name-taken'],
    ],
    [
      "another team's open request as an extra name",
      {},
      {
        openRequests: [openRequest('shop.dev.example.test', 'billing', { names: [hostnameOf('shop.dev.example.test'), hostnameOf(name)] })],
      },
      ['name-taken'],
    ],
    ["another team's open request, as an extra name", withExtra, { openRequests: [openRequest(extra, 'billing')] }, ['name-taken']],
    ['unmanaged addresses, as an extra name', withExtra, { recordSets: [recordSet(extra, 'A')] }, ['name-taken']],
    ['an unmanaged CNAME', {}, { recordSets: [recordSet(name, 'CNAME')] }, ['name-taken', 'cname-exclusive']],
    [
      'another team, and an open request besides',
      {},
      { endpoints: [endpoint(name, 'billing')], openRequests: [openRequest(name, 'billing')] },
      ['name-taken', 'name-taken'],
    ],
    [
      'an open request, and records besides',
      {},
      { openRequests: [openRequest(name, 'billing')], recordSets: [recordSet(name, 'A')] },
      ['name-taken', 'name-taken'],
    ],
    ['quarantine', {}, { endpoints: [endpoint(name, 'billing', { letGo: true, heldBackUntil: later(1) })] }, ['quarantine']],
    [
      'quarantine, as an extra name',
      withExtra,
      { endpoints: [endpoint(extra, 'billing', { letGo: true, heldBackUntil: later(1) })] },
      ['quarantine'],
    ],
  ])('%s', (_, contract, world, expected) => {
    expect(denials(contract, world)).toEqual(expected);
  });
});

describe('a name for which a certificate of another team stands', () => {
  const stands = (certified: string) => ({ standingCertificates: [standing(certified, 'billing')] });

  it.each<[string, Ask, World, string[]]>([
    ['is not given away', {}, stands(name), ['certificate-stands']],
    ['is not given away as an extra name', withExtra, stands(extra), ['certificate-stands']],
    ['is not given away where a wildcard on it covers the name', {}, stands('*.dev.example.test'), ['certificate-stands']],
    ['is free where its wildcard stands for another label', {}, stands('*.example.test'), []],
    [
      'is no hindrance to whoever has the name',
      {},
      { ...stands(name), endpoints: [endpoint(name, 'order-platform', { view: 'internal' })] },
      [],
    ],
  ])('%s', (_, contract, world, expected) => {
    const justified = { ...contract, justification: 'Two faces.' };
    expect(denials(justified, world)).toEqual(expected);
  });

  it('is reviewed by security where its issuer refused to revoke it, since nobody can wait for that', () => {
    const refused = { standingCertificates: [standing(name, 'billing', { refused: true })] };
    expect(ask({}, refused).reviews.map(({ group, reason }) => [group, reason])).toEqual([
      [
        'security-reviewer',
        `Team billing let ${name} go, and its certificate for it (of the endpoint shop.dev.example.test) is valid until 20 Nov 2026: its issuer refused to revoke it.`,
      ],
    ]);
    expect(denials({}, { standingCertificates: [...refused.standingCertificates, standing(name, 'billing')] })).toEqual([
      'certificate-stands',
    ]);
  });

  it('is denied with whose it is, until when, and what ends it', () => {
    expect(ask({}, stands(name)).violations).toEqual([
      {
        rule: 'certificate-stands',
        path: 'hostname',
        reason: `Team billing let ${name} go, and its certificate for it (of the endpoint shop.dev.example.test) is valid until 20 Nov 2026 and not revoked yet.`,
        remedy:
          'Choose another name, or wait until it is revoked, as soon as shop.dev.example.test has another one or is retired; what keeps that waiting stands on the page of shop.dev.example.test.',
        evidence: { endpoint: 'billing-shop', team: 'billing', until: later(1).toISOString() },
      },
    ]);
  });
});

describe('a name on its way to another team', () => {
  const world = {
    openRequests: [openRequest(extra, 'order-platform', { kind: 'transfer' })],
    endpoints: [endpoint(extra, 'order-platform')],
  };

  it('is not taken beside the transfer by the team that receives it, so that it can go back', () => {
    expect(ask(withExtra, world).violations.map(({ rule, reason }) => [rule, reason])).toEqual([
      ['name-taken', `${extra} is on its way to team order-platform (request #1).`],
    ]);
    expect(denials({ hostname: extra, view: 'internal', justification: 'Two faces.' }, world)).toContain('name-taken');
  });
});

describe('what somebody keeps at a name in another view', () => {
  const inner = zone('example.test', { id: 'inner', view: 'internal', ownerTeam: 'network' });
  const there = (setName: string, type: string, more = {}) => recordSet(setName, type, { zone: 'inner', ...more });
  const world = (...recordSets: ReturnType<typeof there>[]): World => ({ zones: [zone('example.test'), inner], recordSets });
  const mine = (...names: string[]) => names.map((one) => endpoint(name, 'order-platform', { name: hostnameOf(one) }));

  it.each<[string, Ask, World, string[]]>([
    ['is spoken for by no certificate', {}, world(there(name, 'A')), ['kept-in-another-view']],
    ['is spoken for by no certificate, as an extra name', withExtra, world(there(extra, 'CNAME')), ['kept-in-another-view']],
    ['is no matter where no certificate is asked for', { tls: { termination: 'none' } }, world(there(name, 'A')), []],
    ['says nothing where it is a note', {}, world(there(name, 'TXT')), []],
    ['is no hindrance where the endpoint there put it', {}, world(there(name, 'A', { foreign: [] })), []],
    ['is what is delegated there', {}, world(there('dev.example.test', 'NS')), ['kept-in-another-view']],
    ['is what a DNAME leads to there', {}, world(there('dev.example.test', 'DNAME')), ['kept-in-another-view']],
    ['is not what stands at a name above', {}, world(there('dev.example.test', 'A')), []],
    [
      'is not what a zone held that was given up',
      {},
      { ...world(there(name, 'A')), zones: [zone('example.test'), { ...inner, givenUp: true }] },
      [],
    ],
    [
      'is what the closest zone of the view holds',
      {},
      { ...world(there(name, 'A')), zones: [zone('example.test'), inner, zone('dev.example.test', { id: 'closer', view: 'internal' })] },
      [],
    ],
  ])('%s', (_, contract, ground, expected) => {
    expect(denials(contract, ground)).toEqual(expected);
  });

  it('is named with its view and whom to ask', () => {
    expect(ask({}, world(there(name, 'A'), there(name, 'MX'))).violations).toMatchObject([
      {
        reason: `${name} has records in the internal view that Hostmaster did not write (A, MX), and a certificate speaks for a name in every view.`,
        remedy: 'Choose another name, or ask team network, which owns the zone there, to remove them.',
      },
    ]);
    expect(ask({}, world(there('dev.example.test', 'NS', { values: ['ns1.ad.test'] }))).violations).toMatchObject([
      {
        reason: `${name} stands in the internal view in a part of example.test that is kept elsewhere (dev.example.test NS ns1.ad.test), and a certificate speaks for a name in every view.`,
        remedy: 'Choose another name, or ask team network, which owns the zone there, to remove that.',
      },
    ]);
  });

  it('is looked at by a platform admin where the team has the name already', () => {
    const ground = { ...world(there(name, 'A'), there(extra, 'A')), endpoints: mine(name, extra) };
    expect(reviews(withExtra, ground, { kind: 'change' })).toEqual([
      'kept-in-another-view by platform-admin',
      'kept-in-another-view by platform-admin',
    ]);
  });

  it('at an apex is where that leads, and nothing else that stands there', () => {
    const apex = { hostname: 'example.test' };
    const granted = { grants: [grant('order-platform', 'example.test', ['dev'], { allowSuffixItself: true })] };
    expect(denials(apex, { ...granted, ...world(there('example.test', 'NS'), there('example.test', 'MX')) })).toEqual([]);
    expect(denials(apex, { ...granted, ...world(there('example.test', 'A')) })).toEqual(['kept-in-another-view']);
  });
});

describe('a name that is being given back', () => {
  const world = (team: string): World => ({ endpoints: [endpoint(name, team, { givenBack: true })] });

  it('can be asked for anew by the team that had asked for it', () => {
    expect(denials({}, world('order-platform'))).toEqual([]);
  });

  it('is denied to another team for the moment that it takes, and the denial says so', () => {
    expect(ask({}, world('billing')).violations).toEqual([
      expect.objectContaining({
        rule: 'name-taken',
        reason: expect.stringContaining('being given back'),
        remedy: 'Ask again in a moment.',
      }),
    ]);
  });
});

it('a name in no managed zone is denied for whoever holds it, too', () => {
  const world = { endpoints: [endpoint('orders.example.com', 'billing')] };
  expect(denials({ hostname: 'orders.example.com' }, world)).toEqual(['managed-zone', 'suffix-granted', 'name-taken']);
});

describe('what somebody put where a name leads is overwritten', () => {
  const held = [recordSet(name, 'A', { values: ['192.0.2.1', '192.0.2.9'], foreign: ['192.0.2.9'] })];
  const endpoints = [endpoint(name, 'order-platform')];

  it.each(['change', 'transfer'] as const)('by a %s only after a platform admin looked, whatever the new target is', (kind) => {
    for (const contract of [{}, { target: { cname: 'lb.example.net' } }]) {
      const { violations, reviews } = ask(contract, { recordSets: held, endpoints }, { kind });
      expect(violations.filter(({ rule }) => rule !== 'transfer-accepted')).toEqual([]);
      expect(reviews).toContainEqual({
        rule: 'changed-by-hand',
        group: 'platform-admin',
        reason: `${name} holds A 192.0.2.9, which somebody else put there; the plan takes its place.`,
      });
    }
  });

  it('at an apex that is asked for anew only after a platform admin looked', () => {
    const apex = 'example.test';
    const world: World = {
      grants: [grant('order-platform', apex, ['dev'], { allowSuffixItself: true })],
      recordSets: [recordSet(apex, 'A')],
    };
    expect(ask({ hostname: apex }, world).reviews.map(({ rule }) => rule)).toEqual(['changed-by-hand', 'apex-review']);
  });

  it.each<[string, Ask, World, 'change' | 'retire' | 'create']>([
    ['where all of it is its own', {}, { endpoints, recordSets: [recordSet(name, 'A', { foreign: [] })] }, 'change'],
    ['where it stands beside', {}, { endpoints, recordSets: [recordSet(name, 'TXT'), recordSet('dev.example.test', 'A')] }, 'change'],
    ['where it stays: a retirement takes away what is its own', {}, { endpoints, recordSets: held }, 'retire'],
    ['where it denies the name', {}, { recordSets: held }, 'create'],
  ])('never is a question %s', (_, contract, world, kind) => {
    expect(ask(contract, world, { kind }).reviews.filter(({ rule }) => rule === 'changed-by-hand')).toEqual([]);
  });
});

describe('a name is free in spite of', () => {
  it.each<[string, Ask, World]>([
    ['a quarantine that is over', {}, { endpoints: [endpoint(name, 'billing', { letGo: true, heldBackUntil: now })] }],
    ['another team that retired it and holds nothing back', {}, { endpoints: [endpoint(name, 'billing', { letGo: true })] }],
    ["the team's own quarantine", {}, { endpoints: [endpoint(name, 'order-platform', { letGo: true, heldBackUntil: later(1) })] }],
    ["the team's own endpoint at an extra name", withExtra, { endpoints: [endpoint(extra, 'order-platform')] }],
    [
      "the team's own endpoint that has it as an extra name",
      {},
      { endpoints: [endpoint('shop.dev.example.test', 'order-platform', { name: hostnameOf(name) })] },
    ],
    ["the team's own request for an extra name", withExtra, { openRequests: [openRequest(extra, 'order-platform')] }],
    ["the team's own request for it, whose place is taken", {}, { openRequests: [openRequest(name, 'order-platform')] }],
    ["the team's own request for another view", {}, { openRequests: [openRequest(name, 'order-platform', { view: 'internal' })] }],
    ['records that the endpoint at the name put there', withExtra, { recordSets: [recordSet(extra, 'A', { foreign: [] })] }],
    ['records of another zone with the name', {}, { recordSets: [recordSet(name, 'A', { zone: 'elsewhere' })] }],
    ['records of a parent', {}, { recordSets: [recordSet('dev.example.test', 'A')] }],
  ])('%s', (_, contract, world) => {
    expect(ask(contract, world).outcome).toBe('allow');
  });
});

it.each(['change', 'retire'] as const)('an older request of the team does not hold up its %s', (kind) => {
  const older = { endpoints: [endpoint(name, 'order-platform')], openRequests: [openRequest(name, 'order-platform', { kind: 'change' })] };
  expect(ask({}, older, { kind }).outcome).toBe('allow');
});

it.each<[string, Partial<OpenRequestGround>, boolean]>([
  ['the same name, view and team', {}, true],
  ['another name', { hostname: hostnameOf(extra) }, false],
  ['another view', { view: 'internal' }, false],
  ['another team', { team: 'billing' }, false],
  ['a transfer', { kind: 'transfer' }, false],
])('a request takes the place of an older one for %s: %s', (_, more, taken) => {
  const { contract } = askFor({}, { kind: 'change' });
  expect(supersedes({ kind: 'change', contract }, name, openRequest(name, 'order-platform', more))).toBe(taken);
  expect(supersedes({ kind: 'transfer', contract }, name, openRequest(name, 'order-platform', more))).toBe(false);
});

describe('a record set that Hostmaster did not write', () => {
  const annotations = ['TXT', 'CAA', 'TLSA', 'SSHFP'];
  it.each(recordTypes.map((type) => [type, !annotations.includes(type)] as const))('of type %s claims its name: %s', (type, claims) => {
    expect(denials({}, { recordSets: [recordSet(name, type)] }).includes('name-taken')).toBe(claims);
    expect(denials(withExtra, { recordSets: [recordSet(extra, type)] }).includes('name-taken')).toBe(claims);
  });

  it('at the hostname of an endpoint that is there already stands in the way of no change, at a further name it does', () => {
    const mine = { endpoints: [endpoint(name, 'order-platform')] };
    const change = { kind: 'change' } as const;
    expect(ask({}, { ...mine, recordSets: [recordSet(name, 'MX')] }, change).outcome).toBe('allow');
    expect(denials(withExtra, { ...mine, recordSets: [recordSet(extra, 'MX')] }, change)).toEqual(['name-taken']);
  });
});

describe('a transfer', () => {
  const granted = [...grants, grant('billing', 'dev.example.test', ['dev'])];
  const mine = { grants: granted, endpoints: [endpoint(name, 'order-platform')] };
  const transfer = { kind: 'transfer' } as const;
  const toBilling = { team: 'billing' };

  it('is not held up by the team that gives, which has the hostname', () => {
    expect(denials(toBilling, mine, transfer)).toEqual([]);
    const otherView = endpoint(name, 'order-platform', { view: 'internal', letGo: true, heldBackUntil: later(1) });
    expect(denials(toBilling, { ...mine, endpoints: [...mine.endpoints, otherView] }, transfer)).toEqual([]);
  });

  it('gives the hostname alone: the team that gives keeps its other names', () => {
    const world = { ...mine, endpoints: [...mine.endpoints, endpoint(extra, 'order-platform')] };
    expect(denials({ ...toBilling, ...withExtra }, world, transfer)).toEqual(['name-taken']);
    const asked = { ...mine, openRequests: [openRequest(extra, 'order-platform')] };
    expect(denials({ ...toBilling, ...withExtra }, asked, transfer)).toEqual(['name-taken']);
  });

  it('of what is not there is denied for that alone', () => {
    expect(denials(toBilling, { grants: granted }, transfer)).toEqual(['endpoint-exists']);
  });

  it('waits for an open request about the endpoint, and takes no name that a third team has', () => {
    expect(denials(toBilling, { ...mine, openRequests: [openRequest(name, 'order-platform')] }, transfer)).toEqual(['name-taken']);
    const third = { ...mine, endpoints: [...mine.endpoints, endpoint(extra, 'identity')] };
    expect(denials({ ...toBilling, ...withExtra }, third, transfer)).toEqual(['name-taken']);
  });
});

it.each([
  ['of another view', { view: 'internal' as const }],
  ['that is retired', { letGo: true }],
])('an endpoint %s is not the one that is changed', (_, more) => {
  expect(denials({ justification: 'Inside.' }, { endpoints: [endpoint(name, 'order-platform', more)] }, { kind: 'change' })).toEqual([
    'endpoint-exists',
  ]);
});

it('a change takes no name that is held back', () => {
  const world = {
    endpoints: [endpoint(name, 'order-platform'), endpoint(extra, 'billing', { letGo: true, heldBackUntil: later(1) })],
  };
  expect(denials(withExtra, world, { kind: 'change' })).toEqual(['quarantine']);
});

describe('an endpoint whose zone got a more specific one', () => {
  const child = zone('dev.example.test');
  const world = { zones: [zone('example.test'), child], endpoints: [endpoint(name, 'order-platform')] };

  it('is not changed, and its owner reads how the name moves', () => {
    expect(ask({}, world, { kind: 'change' }).violations).toEqual([
      {
        rule: 'zone-moved',
        path: 'hostname',
        reason: `The records of ${name} stand in example.test, and dev.example.test was connected since.`,
        remedy: 'Retire the name, which takes them away, and ask for it anew.',
        evidence: { zone: 'zone-example.test' },
      },
    ]);
  });

  it('is not sent away from where it stands to a zone that nobody has read', () => {
    const unread = { ...world, zones: [zone('example.test'), zone('dev.example.test', { read: false })] };
    const [moved] = ask({}, unread, { kind: 'change' }).violations.filter(({ rule }) => rule === 'zone-moved');
    expect(moved?.remedy).toBe('Wait until it has been read, or ask a platform admin to remove it.');
  });

  it.each<[string, World, 'change' | 'retire']>([
    ['is retired', world, 'retire'],
    ['is changed where it stands in that one', { ...world, endpoints: [endpoint(name, 'order-platform', { zone: child.id })] }, 'change'],
    ['is changed where nobody knows its zone', { ...world, endpoints: [endpoint(name, 'order-platform', { zone: null })] }, 'change'],
  ])('%s', (_, ground, kind) => {
    expect(denials({}, ground, { kind })).toEqual([]);
  });
});

describe('a certificate alone, for what somebody keeps in another view', () => {
  const inner = zone('example.test', { id: 'inner', view: 'internal', ownerTeam: 'network' });
  const world: World = { zones: [zone('example.test'), inner], recordSets: [recordSet(name, 'A', { zone: 'inner' })] };

  it('is looked at by a platform admin, and not denied', () => {
    const alone = { target: { certificateOnly: true as const } };
    expect([denials(alone, world), reviews(alone, world)]).toEqual([[], ['kept-in-another-view by platform-admin']]);
  });
});

describe('a certificate alone, for what somebody keeps by hand', () => {
  const alone = { target: { certificateOnly: true as const } };
  const kept = { recordSets: [recordSet(name, 'A')] };

  it('is looked at by a platform admin, and not denied', () => {
    expect(denials(alone, kept)).toEqual([]);
    expect(reviews(alone, kept)).toEqual(['name-taken by platform-admin']);
    expect(reviews(alone, { recordSets: [recordSet(name, 'TXT')] })).toEqual([]);
    expect(reviews({ ...alone, tls: { extraNames: [extra] } }, { recordSets: [recordSet(extra, 'CNAME')] })).toEqual([
      'name-taken by platform-admin',
    ]);
  });

  it('stands beside whatever is there, a CNAME too', () => expect(denials(alone, { recordSets: [recordSet(name, 'CNAME')] })).toEqual([]));

  it('is denied where another team has the name', () =>
    expect(denials(alone, { endpoints: [endpoint(name, 'billing')], ...kept })).toEqual(['name-taken']));

  it('is looked at where another team receives it, too', () => {
    const held = { endpoints: [endpoint(name, 'order-platform', { certificateOnly: true })], ...kept };
    const transfer = { kind: 'transfer', actorTeam: 'order-platform' } as const;
    const grantsOfBoth = [...grants, grant('billing', 'dev.example.test', ['dev'])];
    expect(reviews({ ...alone, team: 'billing' }, { ...held, grants: grantsOfBoth }, transfer)).toContain('name-taken by platform-admin');
  });

  it('does not have the name lead somewhere past what nobody decided on', () => {
    const of = (certificateOnly: boolean, ...recordSets: ReturnType<typeof recordSet>[]): World => ({
      endpoints: [endpoint(name, 'order-platform', { certificateOnly })],
      recordSets,
    });
    const changed = { kind: 'change' } as const;
    expect(denials({}, of(true, recordSet(name, 'MX')), changed)).toEqual(['name-taken']);
    expect(denials({}, of(false, recordSet(name, 'MX')), changed)).toEqual([]);
    expect([denials({}, of(true, recordSet(name, 'A')), changed), reviews({}, of(true, recordSet(name, 'A')), changed)]).toEqual([
      [],
      ['changed-by-hand by platform-admin'],
    ]);
  });

  it('overwrites nothing, so that a change of it asks nobody', () => {
    const own = { endpoints: [endpoint(name, 'order-platform')], ...kept };
    expect(reviews(alone, own, { kind: 'change' })).toEqual([]);
    expect(reviews({}, own, { kind: 'change' })).toEqual(['changed-by-hand by platform-admin']);
  });
});
