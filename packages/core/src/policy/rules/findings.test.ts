import { describe, expect, it } from 'vitest';
import { documentedRules } from '../chains.ts';
import {
  type Ask,
  ask,
  cluster,
  endpoint,
  grant,
  grants,
  later,
  lookalike,
  now,
  openRequest,
  recordSet,
  standing,
  type Who,
  type World,
  zone,
} from '../testing/world.ts';

const name = 'orders.dev.example.test';
const extra = (hostname: string): Ask => ({ tls: { extraNames: [hostname] } });
const own = (suffix: string, environments: string[], more = {}) => grant('order-platform', suffix, environments, more);
const bothViews = [own('dev.example.test', ['dev'], { views: ['public', 'internal'] })];
const org = (more = {}): World => ({
  zones: [zone('example.test'), zone('example.org', more)],
  grants: [...grants, own('example.org', ['dev'])],
});
const wide = [own('dev.example.test', ['dev'], { allowWildcard: true })];
const apex = [own('example.test', ['prod'], { allowSuffixItself: true })];
const mine = { endpoints: [endpoint(name, 'order-platform')] };
const inside = { endpoints: [endpoint(name, 'order-platform', { view: 'internal' })] };
const heldBack = { endpoints: [endpoint(name, 'billing', { letGo: true, heldBackUntil: later(1) })] };
const stands = { standingCertificates: [standing(name, 'billing')] };
const onCluster = { target: { cluster: 'k8s-1' } };
const atLoadBalancer = { source: 'acme', termination: 'load-balancer' } as const;
const grantId = 'order-platform-dev.example.test';
const tooLong = `${`${'a'.repeat(55)}.`.repeat(4)}dev.example.test`;
const extraPath = 'tls.extraNames.0';

type Row = readonly [rule: string, contract: Ask, world: World, path: string, evidence?: Readonly<Record<string, unknown>>, who?: Who];
const rows: readonly Row[] = [
  ['acting-team', {}, {}, 'team', undefined, { actorTeam: 'billing' }],
  ['hostname-empty-label', extra('bad..name'), {}, extraPath],
  ['hostname-underscore', { target: { cname: 'a_b.test' } }, {}, 'target.cname'],
  ['names-distinct', { tls: { extraNames: ['www.dev.example.test', name] } }, {}, 'tls.extraNames.1'],
  ['managed-zone', { hostname: 'orders.example.com' }, {}, 'hostname'],
  ['zone-read', {}, { zones: [zone('example.test', { read: false })] }, 'hostname', { zone: 'zone-example.test' }],
  ['managed-zone', extra('orders.example.com'), {}, extraPath],
  ['zone-view', { view: 'internal' }, { grants: bothViews }, 'view', { zone: 'zone-example.test' }],
  ['zone-view', extra('www.example.org'), org({ view: 'internal' }), extraPath, { zone: 'zone-example.org' }],
  ['public-suffix', { hostname: 'github.io' }, {}, 'hostname'],
  ['team-known', { team: 'nobody' }, {}, 'team'],
  [
    'suffix-granted',
    { hostname: 'x.admin.prod.example.test' },
    {},
    'hostname',
    { grant: 'identity-admin.prod.example.test', suffix: 'admin.prod.example.test', team: 'identity' },
  ],
  [
    'suffix-granted',
    {},
    { grants: [own('dev.example.test', ['dev'], { expiresAt: now })] },
    'hostname',
    { grant: grantId, expiresAt: now.toISOString() },
  ],
  ['suffix-granted', {}, { grants: [] }, 'hostname', { team: 'platform-edge' }],
  ['apex-granted', { hostname: 'example.test' }, { grants: [own('example.test', ['prod'])] }, 'hostname'],
  ['suffix-itself-granted', { hostname: 'dev.example.test' }, {}, 'hostname', { grant: grantId }],
  ['wildcard-granted', { hostname: '*.dev.example.test' }, {}, 'hostname', { grant: grantId }],
  ['wildcard-granted', { hostname: '*.other.example.test' }, {}, 'hostname', { grant: null }],
  ['environment-known', { environment: 'mars' }, {}, 'environment'],
  ['environment-named', {}, { grants: [own('dev.example.test', ['dev', 'qa'])] }, 'environment'],
  ['zone-environment', {}, { zones: [zone('example.test', { environments: ['prod'] })] }, 'environment', { zone: 'zone-example.test' }],
  ['zone-environment', extra('www.example.org'), org({ environments: ['prod'] }), extraPath, { zone: 'zone-example.org' }],
  ['environment-granted', { environment: 'prod' }, {}, 'environment', { grant: grantId }],
  ['environment-granted', extra('www.prod.example.test'), {}, extraPath, { grant: 'order-platform-prod.example.test' }],
  ['view-granted', {}, { grants: [own('dev.example.test', ['dev'], { views: ['internal'] })] }, 'view', { grant: grantId }],
  [
    'view-granted',
    extra('www.qa.example.test'),
    { grants: [...grants, own('qa.example.test', ['dev'], { views: ['internal'] })] },
    extraPath,
    { grant: 'order-platform-qa.example.test' },
  ],
  ['name-taken', {}, { endpoints: [endpoint(name, 'billing')] }, 'hostname', { endpoint: `billing-${name}`, team: 'billing' }],
  ['name-taken', {}, mine, 'hostname', { endpoint: `order-platform-${name}` }],
  ['name-taken', {}, { openRequests: [openRequest(name, 'billing')] }, 'hostname', { request: `billing-${name}`, team: 'billing' }],
  ['name-taken', {}, { recordSets: [recordSet(name, 'A'), recordSet(name, 'MX')] }, 'hostname', { types: 'A, MX', team: 'platform-edge' }],
  [
    'kept-in-another-view',
    {},
    {
      zones: [zone('example.test'), zone('example.test', { id: 'inner', view: 'internal' })],
      recordSets: [recordSet(name, 'A', { zone: 'inner' })],
    },
    'hostname',
    { zone: 'inner', view: 'internal', team: 'platform-edge' },
  ],
  ['quarantine', {}, heldBack, 'hostname', { until: later(1).toISOString(), team: 'billing' }],
  ['certificate-stands', {}, stands, 'hostname', { endpoint: 'billing-shop', team: 'billing', until: later(1).toISOString() }],
  ['endpoint-exists', {}, {}, 'hostname', undefined, { kind: 'change' }],
  [
    'endpoint-owned',
    {},
    { endpoints: [endpoint(name, 'billing')] },
    'hostname',
    { endpoint: `billing-${name}`, team: 'billing' },
    { kind: 'change' },
  ],
  [
    'zone-moved',
    {},
    { endpoints: [endpoint(name, 'order-platform', { zone: 'older' })] },
    'hostname',
    { zone: 'older' },
    { kind: 'change' },
  ],
  ['transfer-accepted', {}, mine, 'team', undefined, { kind: 'transfer' }],
  ['transfer-accepted', { team: 'billing' }, mine, 'team', undefined, { kind: 'transfer' }],
  ['cname-exclusive', { hostname: 'example.test', target: { cname: 'lb.example.net' } }, { grants: apex }, 'target'],
  [
    'cname-exclusive',
    { target: { cname: 'lb.example.net' } },
    { recordSets: [recordSet(name, 'TXT'), recordSet(name, 'CAA')] },
    'target',
    { types: 'TXT, CAA' },
  ],
  ['cname-exclusive', {}, { recordSets: [recordSet(name, 'CNAME')] }, 'hostname', { types: 'CNAME' }],
  ['not-delegated', {}, { recordSets: [recordSet('dev.example.test', 'NS')] }, 'hostname', { delegation: 'dev.example.test' }],
  ['not-delegated', {}, { recordSets: [recordSet('dev.example.test', 'DNAME')] }, 'hostname', { alias: 'dev.example.test' }],
  ['target-name', { target: { cname: name } }, {}, 'target.cname'],
  ['target-name', { target: { cname: '*.example.net' } }, {}, 'target.cname'],
  ['target-loop', { target: { cname: 'b.test' } }, { targetPath: { names: ['b.test', name], stands: true } }, 'target.cname'],
  ['target-address', { target: { addresses: ['127.0.0.1', '10.0.0.1'] } }, {}, 'target.addresses.1'],
  ['target-port', { routing: { port: 22 } }, {}, 'routing.port'],
  ['cluster-known', onCluster, {}, 'target.cluster'],
  ['cluster-environment', onCluster, { cluster: { ...cluster, environment: 'prod' } }, 'target.cluster'],
  ['cluster-exposure', onCluster, { cluster: { ...cluster, takesPublicTraffic: false } }, 'target.cluster'],
  ['cluster-certificates', onCluster, { cluster: { ...cluster, certificateLimit: 0 } }, 'target.cluster'],
  ['ttl-bounds', { ttl: 5 }, {}, 'ttl', { min: 30, max: 86_400 }],
  ['tls-source-serves-termination', { tls: { source: 'acm', termination: 'ingress' } }, {}, 'tls.source'],
  [
    'tls-key-compromised',
    { tls: { csr: 'x' } },
    { compromisedKey: { serial: '4F0C', since: now } },
    'tls.csr',
    { serial: '4F0C', since: now.toISOString() },
  ],
  ['tls-issuer-connected', {}, { connectedSources: [] }, 'tls.source'],
  ['tls-issuer-permits', {}, { signingSources: [] }, 'tls.source'],
  ['tls-none-without-certificate', { tls: { termination: 'none', csr: 'x' } }, {}, 'tls.termination'],
  ['tls-certificate-alone', { target: { certificateOnly: true }, tls: { source: 'acm' } }, {}, 'tls.source'],
  ['tls-certificate-alone', { target: { certificateOnly: true }, tls: { termination: 'none' } }, {}, 'tls.termination'],
  ['tls-csr-source', { tls: { source: 'acm', csr: 'x' } }, {}, 'tls.csr'],
  ['tls-source-key', { tls: { source: 'acm', key: 'rsa-3072' } }, {}, 'tls.key'],
  ['tls-days', { tls: { source: 'acme', challenge: 'dns-01', days: 7 } }, {}, 'tls.days'],
  ['tls-days', { tls: { source: 'vault', days: 91 } }, { connectedSources: ['vault'] }, 'tls.days'],
  ['tls-days', { tls: { days: 7, hours: 1 } }, {}, 'tls.hours'],
  ['tls-long-life', { tls: { days: 91 } }, {}, 'tls.days'],
  ['tls-content', { tls: { source: 'acme', challenge: 'dns-01', mustStaple: true } }, {}, 'tls.mustStaple'],
  ['tls-client-alone', { tls: { usages: ['client'] } }, {}, 'tls.usages'],
  ['tls-address', { tls: { addresses: ['192.0.2.1'] } }, {}, 'tls.addresses'],
  ['tls-spiffe-id', { tls: { spiffeId: 'spiffe://example.org/a' } }, {}, 'tls.spiffeId'],
  ['tls-import-owner', { tls: { source: 'imported' } }, {}, 'owners.certificate'],
  ['tls-challenge', { tls: { source: 'acme', challenge: 'none' } }, {}, 'tls.challenge'],
  ['tls-challenge', { tls: { source: 'internal-ca', challenge: 'dns-01' } }, {}, 'tls.challenge'],
  ['tls-challenge', { tls: { ...atLoadBalancer, challenge: 'tls-alpn-01' } }, {}, 'tls.challenge'],
  ['tls-challenge', { tls: { source: 'acme', challenge: 'tls-alpn-01' } }, {}, 'tls.challenge'],
  [
    'tls-challenge',
    { view: 'internal', tls: { ...atLoadBalancer, challenge: 'http-01' } },
    { grants: bothViews, zones: [zone('example.test', { view: 'internal' })] },
    'tls.challenge',
  ],
  ['tls-challenge-fits', { hostname: tooLong, tls: { source: 'acme', challenge: 'dns-01' } }, {}, 'hostname'],
  ['tls-challenge-fits', { tls: { source: 'acme', challenge: 'dns-01', extraNames: [tooLong] } }, {}, 'tls.extraNames.0'],
  [
    'wildcard-challenge',
    { hostname: '*.dev.example.test', tls: { ...atLoadBalancer, challenge: 'http-01' } },
    { grants: wide },
    'tls.challenge',
  ],
  ['reserved-name', { hostname: 'login.dev.example.test' }, {}, 'hostname', { reservation: 'label-login', kind: 'label', value: 'login' }],
  ['apex-review', { hostname: 'example.test' }, { grants: apex }, 'hostname', { zone: 'zone-example.test' }],
  ['wildcard-review', { hostname: '*.dev.example.test' }, { grants: wide }, 'hostname', { below: 0, unmanaged: 0 }],
  ['wildcard-shadowed', {}, { recordSets: [recordSet('*.dev.example.test', 'A')] }, 'hostname', { wildcard: '*.dev.example.test' }],
  [
    'lookalike-name',
    {},
    { lookalikes: [lookalike('0rders.dev.example.test', 'billing')] },
    'hostname',
    { lookalike: '0rders.dev.example.test' },
  ],
  [
    'lookalike-name',
    { hostname: 'órders.dev.example.test' },
    { lookalikes: [lookalike(name, 'billing')] },
    'hostname',
    { lookalike: name },
  ],
  [
    'changed-by-hand',
    {},
    { endpoints: [endpoint(name, 'order-platform')], recordSets: [recordSet(name, 'A'), recordSet(name, 'AAAA')] },
    'hostname',
    { held: 'A x, AAAA x' },
    { kind: 'change' },
  ],
  ['split-horizon', {}, inside, 'justification', { endpoint: `order-platform-${name}`, view: 'internal' }],
  ['split-horizon', { justification: 'Inside.' }, inside, 'justification', { endpoint: `order-platform-${name}`, view: 'internal' }],
  ['first-public-exposure', {}, { zones: [zone('example.test', { reviewFirstExposure: true })] }, 'view'],
  ['first-public-exposure', extra('www.example.org'), org({ reviewFirstExposure: true }), extraPath],
];

describe('what a rule finds stands at the field that mends it, with the facts behind it:', () => {
  for (const [rule, contract, world, path, evidence, who] of rows)
    it(`${rule} at ${path}: ${JSON.stringify(contract)}`, () => {
      const found = ask(contract, world, who).results.filter((result) => result.rule === rule && result.outcome !== 'pass');
      expect(found).toMatchObject([{ path }]);
      expect(found.map((result) => ('evidence' in result ? result.evidence : undefined))).toEqual([evidence]);
    });

  it('every reason begins as a sentence does, or with the name or the address that it is about', () => {
    const raw = rows.flatMap(([rule, contract, world, , , who]) =>
      ask(contract, world, who)
        .results.filter(({ outcome }) => outcome !== 'pass')
        .map(({ reason }) => `${rule}: ${reason}`)
        .filter((text) => !/^[a-z-]+: (?:[A-Z"]|\S+[.:]\S+ )/.test(text)),
    );
    expect([...new Set(raw)]).toEqual([]);
  });

  it('every rule is among them, but for the one that speaks under the codes of the parser', () => {
    const tried = new Set(rows.map(([rule]) => rule));
    expect(documentedRules.flatMap((rule) => (tried.has(rule.name) ? [] : [rule.name]))).toEqual(['hostname-well-formed']);
  });
});
