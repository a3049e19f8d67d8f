import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EndpointContractInput, endpointContract } from '../contract/endpoint.ts';
import { hostnameOf, parseHostname } from '../hostname/parse-hostname.ts';
import { type RequestKind, requestKinds } from '../request/kind.ts';
import { documentedRules } from './chains.ts';
import { decide } from './decide.ts';
import { buildGrantIndex, type Grant } from './grant-index.ts';
import type { ClusterGround, Ground, ZoneGround } from './ground.ts';
import { buildReservationIndex, type Reservation } from './reservation-index.ts';

const h = hostnameOf;
const now = new Date('2026-11-20T12:00:00Z');

const zone = (apex: string, more: Partial<ZoneGround> = {}): ZoneGround => ({
  id: `zone-${apex}`,
  apex: h(apex),
  view: 'public',
  environments: [],
  ttlBounds: { min: 30, max: 86_400 },
  ownerTeam: 'platform-edge',
  reviewFirstExposure: false,
  allowedRanges: ['127.0.0.0/8'],
  ...more,
});

const grant = (team: string, suffix: string, environments: string[], more: Partial<Grant> = {}): Grant => ({
  id: `${team}-${suffix}`,
  team,
  suffix: h(suffix),
  environments,
  views: ['public'],
  allowWildcard: false,
  allowSuffixItself: false,
  expiresAt: null,
  ...more,
});

const grants = [
  grant('order-platform', 'dev.example.test', ['dev']),
  grant('order-platform', 'staging.example.test', ['staging']),
  grant('order-platform', 'prod.example.test', ['prod']),
  grant('identity', 'admin.prod.example.test', ['prod']),
];
const reservations: Reservation[] = [
  { id: 'r1', kind: 'label', value: 'login', group: 'security-reviewer', reason: 'people type their password there.' },
];
const cluster: ClusterGround = {
  name: 'k8s-1',
  hostname: h('k8s-1.clusters.example.test'),
  environment: 'dev',
  takesPublicTraffic: true,
  certificates: null,
};

type World = Partial<Omit<Ground, 'grants' | 'reservations'>> & { grants?: Grant[]; reservations?: Reservation[] };
const groundOf = (world: World = {}): Ground => ({
  now,
  zones: [zone('example.test')],
  endpoints: [],
  openRequests: [],
  quarantines: [],
  foreignRecordSets: [],
  cluster: null,
  lookalikes: [],
  teamHasPublicEndpoint: false,
  connectedSources: ['internal-ca', 'acme', 'vault', 'acm', 'key-vault', 'imported'],
  ...world,
  grants: buildGrantIndex(world.grants ?? grants),
  reservations: buildReservationIndex(world.reservations ?? reservations),
});

type Ask = Partial<EndpointContractInput>;
const ask = (contract: Ask, world: World = {}, kind: RequestKind = 'create', actorTeam = 'order-platform') =>
  decide(
    {
      kind,
      actorTeam,
      contract: endpointContract.parse({
        hostname: 'orders.dev.example.test',
        team: 'order-platform',
        target: { addresses: ['127.0.0.1'] },
        ...contract,
      }),
    },
    groundOf(world),
  );
const denials = (...args: Parameters<typeof ask>) => ask(...args).violations.map(({ rule }) => rule);
const reviews = (...args: Parameters<typeof ask>) => ask(...args).reviews.map(({ rule, group }) => `${rule} by ${group}`);

describe('the journeys', () => {
  it('allows a granted dev name without anybody, and finds its environment', () => {
    const decision = ask({});
    expect(decision).toMatchObject({ outcome: 'allow', violations: [], reviews: [] });
    expect(decision.results.every(({ outcome }) => outcome === 'pass')).toBe(true);
    expect(decision.facts).toEqual({
      hostname: 'orders.dev.example.test',
      unicode: 'orders.dev.example.test',
      zone: { id: 'zone-example.test', apex: 'example.test', ownerTeam: 'platform-edge' },
      grantedSuffix: { suffix: 'dev.example.test', teams: ['order-platform'] },
      environment: 'dev',
    });
  });

  it("has a reserved label reviewed by its group, with the reservation's reason", () => {
    const decision = ask({ hostname: 'login.prod.example.test' });
    expect(decision.outcome).toBe('review');
    expect(decision.reviews).toEqual([
      { rule: 'reserved-name', group: 'security-reviewer', reason: 'The label login is reserved: people type their password there.' },
    ]);
  });

  it('denies a name below a more specific suffix of another team, and names that team', () => {
    const decision = ask({ hostname: 'admin.prod.example.test' });
    expect(decision.outcome).toBe('deny');
    expect(decision.violations.map(({ rule }) => rule)).toEqual(['suffix-granted']);
    expect(decision.violations[0]?.reason).toContain('identity');
    expect(denials({ hostname: 'x.admin.prod.example.test' })).toEqual(['suffix-granted']);
  });

  it.each<[string, string, string[]]>([
    ['the apex', 'example.test', ['suffix-granted', 'apex-granted']],
    ['a wildcard', '*.dev.example.test', ['wildcard-granted']],
    ['a foreign suffix', 'orders.example.com', ['managed-zone', 'suffix-granted']],
    ['a suffix that only ends alike', 'orders.evilexample.test', ['managed-zone', 'suffix-granted']],
    ['a malformed name', 'bad..name', ['hostname-empty-label']],
    ['mixed scripts', 'pаypal.dev.example.test', ['hostname-mixed-script']],
    ['a look-alike', 'раурау.dev.example.test', ['hostname-confusable']],
    ['the suffix itself', 'dev.example.test', ['suffix-itself-granted']],
    ['a public suffix', 'github.io', ['managed-zone', 'public-suffix', 'suffix-granted']],
    ['a wildcard below a public suffix', '*.co.uk', ['managed-zone', 'public-suffix', 'suffix-granted', 'wildcard-granted']],
  ])('denies %s', (_, hostname, expected) => {
    expect(denials({ hostname })).toEqual(expected);
  });

  it('reports several problems at once, each with reason and remedy', () => {
    const decision = ask({
      hostname: '*.other.example.test',
      ttl: 5,
      target: { addresses: ['10.0.0.1', '0.0.0.0'] },
      tls: { source: 'acm', termination: 'ingress', extraNames: ['bad..name'] },
    });
    expect(decision.violations.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'hostname-empty-label tls.extraNames.0',
      'suffix-granted hostname',
      'wildcard-granted hostname',
      'target-address target.addresses.0',
      'target-address target.addresses.1',
      'ttl-bounds ttl',
      'tls-source-serves-termination tls.source',
    ]);
    for (const { reason, remedy } of decision.violations) expect(reason !== '' && remedy !== '').toBe(true);
  });

  it.each(['bad..name', '-a_b.x', '1.2.3.4', '☃.test', 'pаypal.test', '', 'a'.repeat(1000)])(
    'denies %s under the codes that the form shows',
    (hostname) => {
      const parsed = parseHostname(hostname);
      if (parsed.ok) throw new TypeError('should not parse');
      const contract = {
        ...endpointContract.parse({ hostname: 'x', team: 'order-platform', target: { addresses: ['127.0.0.1'] } }),
        hostname,
      };
      const decision = decide({ kind: 'create', actorTeam: 'order-platform', contract }, groundOf());
      expect(decision.violations).toEqual(parsed.violations);
      expect(decision.results.some(({ outcome }) => outcome === 'not-judged')).toBe(true);
    },
  );
});

describe('grants', () => {
  const both = [
    grant('order-platform', 'dev.example.test', ['dev'], { views: ['internal'] }),
    grant('order-platform', 'dev.example.test', ['qa']),
  ];
  it.each<[string, Ask, World, string[]]>([
    ['another environment than granted', { environment: 'prod' }, {}, ['environment-granted']],
    ['two grants that each cover a half', { environment: 'dev' }, { grants: both }, ['view-granted']],
    [
      'an environment that does not follow',
      {},
      { grants: [grant('order-platform', 'dev.example.test', ['dev', 'qa'])] },
      ['environment-named'],
    ],
    [
      'a grant that has ended',
      {},
      { grants: [grant('order-platform', 'dev.example.test', ['dev'], { expiresAt: now })] },
      ['suffix-granted'],
    ],
    [
      'a wildcard granted for another environment',
      { hostname: '*.dev.example.test', environment: 'dev' },
      {
        grants: [
          grant('order-platform', 'dev.example.test', ['qa'], { allowWildcard: true }),
          grant('order-platform', 'dev.example.test', ['dev']),
        ],
      },
      ['wildcard-granted'],
    ],
  ])('deny %s', (_, contract, world, expected) => {
    expect(denials(contract, world)).toEqual(expected);
  });

  it('fall back to the wider suffix when the more specific grant has ended', () => {
    const ended = grant('identity', 'orders.dev.example.test', ['dev'], { expiresAt: new Date(now.getTime() - 1) });
    expect(ask({}, { grants: [...grants, ended] }).outcome).toBe('allow');
  });

  it('let several teams share a suffix', () => {
    expect(ask({}, { grants: [...grants, grant('billing', 'dev.example.test', ['dev'])] }).outcome).toBe('allow');
  });

  it('cover extra names by the same rules', () => {
    expect(denials({ tls: { extraNames: ['www.dev.example.test', 'x.admin.prod.example.test', '*.dev.example.test'] } })).toEqual([
      'suffix-granted',
      'wildcard-granted',
    ]);
    expect(ask({ tls: { extraNames: ['www.dev.example.test'] } }).outcome).toBe('allow');
    expect(denials({ tls: { extraNames: ['ORDERS.dev.example.test.'] } })).toEqual(['names-distinct']);
    expect(reviews({ tls: { extraNames: ['login.dev.example.test'] } })).toEqual(['reserved-name by security-reviewer']);
  });
});

describe('what is granted and still needs eyes', () => {
  const wide = [grant('order-platform', 'example.test', ['prod'], { allowWildcard: true, allowSuffixItself: true })];
  const endpoint = { id: 'e1', hostname: h('orders.dev.example.test'), view: 'internal' as const, team: 'order-platform' };
  it.each<[string, Ask, World, string[]]>([
    ['a granted apex', { hostname: 'example.test' }, { grants: wide }, ['apex-review by security-reviewer']],
    ['a granted wildcard', { hostname: '*.example.test' }, { grants: wide }, ['wildcard-review by security-reviewer']],
    ['a second view', { justification: 'VPC clients stay inside' }, { endpoints: [endpoint] }, ['split-horizon by platform-admin']],
    [
      'a first public name where the zone asks for it',
      {},
      { zones: [zone('example.test', { reviewFirstExposure: true })] },
      ['first-public-exposure by security-reviewer'],
    ],
    [
      "an ASCII look-alike of another team's name",
      {},
      { lookalikes: [{ hostname: h('0rders.dev.example.test'), team: 'billing' }] },
      ['lookalike-name by security-reviewer'],
    ],
    [
      'two reservations of different groups',
      { hostname: 'login.prod.example.test' },
      {
        reservations: [
          ...reservations,
          { id: 'r2', kind: 'exact', value: 'login.prod.example.test', group: 'team:identity', reason: 'ours.' },
        ],
      },
      ['reserved-name by team:identity', 'reserved-name by security-reviewer'],
    ],
    [
      'a reserved suffix',
      {},
      { reservations: [{ id: 'r3', kind: 'suffix', value: 'dev.example.test', group: 'platform-admin', reason: 'moving.' }] },
      ['reserved-name by platform-admin'],
    ],
  ])('%s', (_, contract, world, expected) => {
    expect(ask(contract, world).outcome).toBe('review');
    expect(reviews(contract, world)).toEqual(expected);
  });

  it('is not the first public name of a team that has one', () => {
    const world = { zones: [zone('example.test', { reviewFirstExposure: true })], teamHasPublicEndpoint: true };
    expect(ask({}, world).outcome).toBe('allow');
  });
});

describe('names that somebody holds', () => {
  const name = h('orders.dev.example.test');
  const records = (type: 'A' | 'TXT' | 'CNAME' | 'NS' | 'MX', at = 'orders.dev.example.test') => [
    { name: at, type, ttl: 60, values: ['x'] },
  ];
  it.each<[string, Ask, World, string[]]>([
    ['another team', {}, { endpoints: [{ id: 'e', hostname: name, view: 'public', team: 'billing' }] }, ['name-taken']],
    ['another team in another view', {}, { endpoints: [{ id: 'e', hostname: name, view: 'internal', team: 'billing' }] }, ['name-taken']],
    ['the same team', {}, { endpoints: [{ id: 'e', hostname: name, view: 'public', team: 'order-platform' }] }, ['name-taken']],
    ['an open request', {}, { openRequests: [{ id: 'q', hostname: name, view: 'public', team: 'order-platform' }] }, ['name-taken']],
    [
      'another team, as an extra name',
      { hostname: 'a.dev.example.test', tls: { extraNames: [name] } },
      { endpoints: [{ id: 'e', hostname: name, view: 'public', team: 'billing' }] },
      ['name-taken'],
    ],
    ['unmanaged addresses', {}, { foreignRecordSets: records('A') }, ['name-taken']],
    ['unmanaged mail', {}, { foreignRecordSets: records('MX') }, ['name-taken']],
    ['an unmanaged CNAME', {}, { foreignRecordSets: records('CNAME') }, ['name-taken', 'cname-exclusive']],
    ['a text beside a CNAME', { target: { cname: 'lb.example.net' } }, { foreignRecordSets: records('TXT') }, ['cname-exclusive']],
    ['a delegation above', {}, { foreignRecordSets: records('NS', 'dev.example.test') }, ['not-delegated']],
    [
      'quarantine',
      {},
      { quarantines: [{ hostname: name, view: 'public', formerTeam: 'billing', until: new Date(now.getTime() + 1) }] },
      ['quarantine'],
    ],
    [
      'a second view without a reason',
      {},
      { endpoints: [{ id: 'e', hostname: name, view: 'internal', team: 'order-platform' }] },
      ['split-horizon'],
    ],
    [
      'an internationalised look-alike',
      { hostname: 'órders.dev.example.test' },
      { lookalikes: [{ hostname: h('other.dev.example.test'), team: 'billing' }] },
      ['lookalike-name'],
    ],
  ])('are denied: %s', (_, contract, world, expected) => {
    expect(denials(contract, world)).toEqual(expected);
  });

  it.each<[string, World]>([
    ['a text record', { foreignRecordSets: records('TXT') }],
    ["the apex' own NS", { foreignRecordSets: records('NS', 'example.test') }],
    ['a quarantine that is over', { quarantines: [{ hostname: name, view: 'public', formerTeam: 'billing', until: now }] }],
    [
      "the team's own quarantine",
      { quarantines: [{ hostname: name, view: 'public', formerTeam: 'order-platform', until: new Date(now.getTime() + 1) }] },
    ],
  ])('are free in spite of %s', (_, world) => {
    expect(ask({}, world).outcome).toBe('allow');
  });
});

describe('zones, targets and certificates', () => {
  const internal = [grant('order-platform', 'dev.example.test', ['dev'], { views: ['public', 'internal'] })];
  it.each<[string, Ask, World, string[]]>([
    ['an internal name in a public zone', { view: 'internal' }, { grants: internal }, ['zone-view']],
    ['a public name in a private zone', {}, { zones: [zone('example.test', { view: 'internal' })] }, ['zone-view']],
    ['a zone kept for prod', {}, { zones: [zone('example.test', { environments: ['prod'] })] }, ['zone-environment']],
    [
      'a CNAME at the apex',
      { hostname: 'example.test', target: { cname: 'lb.example.net' } },
      {
        grants: [grant('order-platform', 'example.test', ['prod'], { allowSuffixItself: true })],
      },
      ['cname-exclusive'],
    ],
    ['a target that is the name itself', { target: { cname: 'Orders.dev.example.test.' } }, {}, ['target-name']],
    ['a malformed target', { target: { cname: 'a_b..c' } }, {}, ['hostname-underscore', 'hostname-empty-label']],
    ['a private address in public', { target: { addresses: ['192.168.1.1'] } }, {}, ['target-address']],
    ['a private address in IPv6 clothes', { target: { addresses: ['::ffff:10.0.0.1'] } }, {}, ['target-address']],
    ['an unknown cluster', { target: { cluster: 'nowhere' } }, {}, ['cluster-known']],
    [
      'a cluster of another environment',
      { target: { cluster: 'k8s-1' } },
      { cluster: { ...cluster, environment: 'prod' } },
      ['cluster-environment'],
    ],
    [
      'a cluster without public traffic',
      { target: { cluster: 'k8s-1' } },
      { cluster: { ...cluster, takesPublicTraffic: false } },
      ['cluster-exposure'],
    ],
    [
      'a full load balancer',
      { target: { cluster: 'k8s-1' } },
      { cluster: { ...cluster, certificates: { limit: 25, used: 25 } } },
      ['cluster-certificates'],
    ],
    [
      'a TTL class that the zone has no room for',
      { ttl: 'cutover' },
      { zones: [zone('example.test', { ttlBounds: { min: 60, max: 300 } })] },
      ['ttl-bounds'],
    ],
    ['ACM in the cluster', { tls: { source: 'acm', termination: 'ingress' } }, {}, ['tls-source-serves-termination']],
    ['a source that nobody connected', { tls: { source: 'vault' } }, { connectedSources: ['internal-ca'] }, ['tls-issuer-connected']],
    ['a public CA for mTLS', { tls: { source: 'acme', termination: 'mtls', challenge: 'dns-01' } }, {}, ['tls-source-serves-termination']],
    ['ACME without a challenge', { tls: { source: 'acme' } }, {}, ['tls-challenge']],
    ['tls-alpn-01 at the edge', { tls: { source: 'acme', challenge: 'tls-alpn-01' } }, {}, ['tls-challenge']],
    [
      'http-01 for a wildcard',
      { hostname: '*.dev.example.test', tls: { source: 'acme', challenge: 'http-01' } },
      {
        grants: [grant('order-platform', 'dev.example.test', ['dev'], { allowWildcard: true })],
      },
      ['tls-challenge'],
    ],
    [
      'http-01 for an internal name',
      { view: 'internal', tls: { source: 'acme', challenge: 'http-01' } },
      {
        grants: internal,
        zones: [zone('example.test', { view: 'internal' })],
      },
      ['tls-challenge'],
    ],
    ['a CSR for a source with its own keys', { tls: { source: 'key-vault', csr: 'x' } }, {}, ['tls-csr-source']],
    [
      'extra names without TLS',
      { tls: { termination: 'none', extraNames: ['www.dev.example.test'] } },
      {},
      ['tls-none-without-certificate'],
    ],
  ])('deny %s', (_, contract, world, expected) => {
    expect(denials(contract, world)).toEqual(expected);
  });

  it('takes the most specific zone of the view', () => {
    const zones = [zone('example.test'), zone('dev.example.test', { view: 'internal' }), zone('dev.example.test', { id: 'z2' })];
    expect(ask({}, { zones }).facts.zone?.id).toBe('z2');
  });

  it.each<Ask>([
    { target: { addresses: ['198.51.100.7', '2606:4700::1'] } },
    { target: { cname: 'lb.example.net.' } },
    { tls: { source: 'acme', challenge: 'http-01', termination: 'ingress' } },
    { tls: { termination: 'none' } },
  ])('allow %j', (contract) => {
    expect(ask(contract).outcome).toBe('allow');
  });
});

describe('change, transfer and retire', () => {
  const mine = { endpoints: [{ id: 'e', hostname: h('orders.dev.example.test'), view: 'public' as const, team: 'order-platform' }] };
  const theirs = { endpoints: [{ id: 'e', hostname: h('orders.dev.example.test'), view: 'public' as const, team: 'billing' }] };

  it.each<RequestKind>(['change', 'retire'])('%s is for the team that holds the endpoint', (kind) => {
    expect(ask({}, mine, kind).outcome).toBe('allow');
    expect(denials({}, {}, kind)).toEqual(['endpoint-exists']);
    expect(denials({}, theirs, kind)).toContain('endpoint-owned');
    expect(denials({}, mine, kind, 'billing')).toContain('acting-team');
  });

  it('retiring needs no grant any more', () => {
    expect(ask({}, { ...mine, grants: [] }, 'retire').outcome).toBe('allow');
    expect(denials({}, { ...mine, grants: [] }, 'change')).toEqual(['suffix-granted']);
  });

  it('a transfer is accepted by the team that receives, which needs the grant', () => {
    const world = { ...mine, grants: [...grants, grant('billing', 'dev.example.test', ['dev'])] };
    expect(reviews({ team: 'billing' }, world, 'transfer')).toEqual(['transfer-accepted by team:billing']);
    expect(denials({ team: 'billing' }, mine, 'transfer')).toEqual(['suffix-granted']);
    expect(denials({}, mine, 'transfer')).toEqual(['transfer-accepted']);
    expect(denials({ team: 'billing' }, { ...theirs, grants: world.grants }, 'transfer')).toContain('endpoint-owned');
  });
});

describe('any contract gets an answer', () => {
  it('never throws, denies exactly when there is a violation, and answers by every rule of the chain', () => {
    const hostname = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        'orders.dev.example.test',
        '*.dev.example.test',
        'example.test',
        'login.prod.example.test',
        'a.b',
        'com',
        'bad..name',
      ),
    );
    fc.assert(
      fc.property(
        hostname,
        fc.array(hostname, { maxLength: 3 }),
        fc.constantFrom(...requestKinds),
        fc.constantFrom('public', 'internal', 'partner'),
        fc.oneof(
          fc.record({ cname: hostname }),
          fc.constant({ cluster: 'k8s-1' as string }),
          fc.constant({ addresses: ['127.0.0.1', '::1', '0.0.0.0'] as string[] }),
        ),
        (name, extraNames, kind, view, target) => {
          const base = endpointContract.parse({ hostname: 'x', team: 'order-platform', target: { addresses: ['127.0.0.1'] }, view });
          const contract = { ...base, hostname: name, target, tls: { ...base.tls, extraNames } };
          const decision = decide({ kind, actorTeam: 'order-platform', contract }, groundOf({ cluster }));
          expect(decision.outcome === 'deny').toBe(decision.violations.length > 0);
          expect(decision.outcome === 'allow').toBe(decision.violations.length === 0 && decision.reviews.length === 0);
          expect(decision.violations.length).toBe(decision.results.filter(({ outcome }) => outcome === 'deny').length);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the written policy', () => {
  it('names every rule once, in kebab-case, with one sentence', () => {
    const names = documentedRules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, describe: sentence } of documentedRules) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });
});
