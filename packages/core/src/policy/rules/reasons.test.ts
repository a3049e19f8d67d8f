import { expect, it } from 'vitest';
import { type Ask, ask, cluster, endpoint, grant, later, lookalike, recordSet, type World, zone } from '../testing/world.ts';

const own = (environments: string[], more = {}): World => ({ grants: [grant('order-platform', 'dev.example.test', environments, more)] });
const onCluster = { target: { cluster: 'k8s-1' } };
const kept = { zones: [zone('example.test', { environments: ['prod', 'staging'] })] };

const rows: readonly (readonly [contract: Ask, world: World, reason: string, remedy: string])[] = [
  [
    {},
    own(['dev', 'qa']),
    'Team order-platform may claim names below dev.example.test in more than one environment, and none is named.',
    'Name one: dev, qa.',
  ],
  [
    { environment: 'prod' },
    own(['qa']),
    'Team order-platform may claim names below dev.example.test for qa, not for prod.',
    'Ask for qa, or choose a name below a suffix granted for prod.',
  ],
  [
    { environment: 'prod' },
    own(['dev', 'qa']),
    'Team order-platform may claim names below dev.example.test for dev, qa, not for prod.',
    'Ask for dev, qa, or choose a name below a suffix granted for prod.',
  ],
  [
    { environment: 'prod' },
    own([]),
    'Team order-platform may claim names below dev.example.test for no environment, not for prod.',
    'Ask a platform admin for a grant.',
  ],
  [
    {},
    own(['dev'], { views: ['internal', 'partner'] }),
    'Team order-platform may claim names below dev.example.test in the view internal, partner, not in the public view.',
    'Ask for a view that the grant covers, or ask a platform admin for a wider grant.',
  ],
  [
    {},
    own(['dev'], { views: [] }),
    'Team order-platform may claim names below dev.example.test in the view (none), not in the public view.',
    'Ask for a view that the grant covers, or ask a platform admin for a wider grant.',
  ],
  [
    {},
    kept,
    'The zone example.test is kept for prod, staging, and orders.dev.example.test is asked for in dev.',
    'Choose a name in a zone of dev.',
  ],
  [
    {},
    { recordSets: [recordSet('dev.example.test', 'NS', { values: ['ns1.example.net', 'ns2.example.net'] })] },
    'dev.example.test is delegated to ns1.example.net, so records of orders.dev.example.test in example.test would not be seen.',
    'Choose another name, have the delegation taken back, or ask a platform admin to connect the zone dev.example.test.',
  ],
  [{ ttl: 5 }, {}, 'A TTL of 5 s is outside the bounds of the zone example.test, 30 to 86400 s.', 'Choose a TTL from 30 to 86400 s.'],
  [
    { ttl: 'cutover' },
    { zones: [zone('example.test', { ttlBounds: { min: 60, max: 300 } })] },
    'The TTL class cutover is outside the bounds of the zone example.test, 60 to 300 s.',
    'Choose a TTL from 60 to 300 s.',
  ],
  [
    onCluster,
    { cluster: { ...cluster, takesPublicTraffic: false } },
    'Cluster k8s-1 takes no public traffic, and the name is public.',
    'Choose another cluster, or another view.',
  ],
  [
    { ...onCluster, view: 'internal' },
    { ...own(['dev'], { views: ['internal'] }), zones: [zone('example.test', { view: 'internal' })], cluster },
    'Cluster k8s-1 takes public traffic, and the name is internal.',
    'Choose another cluster, or another view.',
  ],
  [
    { tls: { source: 'acm', termination: 'ingress' } },
    {},
    'A certificate from acm cannot be served at ingress: ACM keeps the private key, so only an AWS edge or load balancer can serve it.',
    'Choose another source, or end TLS at edge, load-balancer, re-encrypt.',
  ],
  [
    { tls: { source: 'acme', challenge: 'dns-01', termination: 'mtls' } },
    {},
    'A certificate from acme cannot be served at mtls: a public CA does not issue for client authentication.',
    'Choose another source, or end TLS at edge, load-balancer, ingress, passthrough, re-encrypt.',
  ],
  [
    { tls: { source: 'key-vault', termination: 'mtls' } },
    {},
    'A certificate from key-vault cannot be served at mtls: Key Vault does not issue for client authentication.',
    'Choose another source, or end TLS at edge, load-balancer, ingress, passthrough, re-encrypt.',
  ],
  [
    {},
    { connectedSources: [] },
    'No issuer is connected for internal-ca, or each one is stopped.',
    'The first one is made when a zone is read: ask a platform admin to look at the zone.',
  ],
  [
    { tls: { source: 'vault' } },
    { signingSources: ['internal-ca', 'acme'] },
    'No issuer that is connected for vault signs for orders.dev.example.test.',
    'Choose internal-ca or acme, or have a platform admin let one sign there: each issuer says below which domains it signs.',
  ],
  [
    { tls: { source: 'vault', extraNames: ['a.dev.example.test'] } },
    { signingSources: [] },
    'No issuer that is connected for vault signs for orders.dev.example.test and its extra names together.',
    'Have a platform admin let one sign there: each issuer says below which domains it signs.',
  ],
  [{}, { connectedSources: ['acme', 'vault'] }, 'No issuer is connected for internal-ca, or each one is stopped.', 'Choose acme or vault.'],
  [
    { tls: { source: 'acm', csr: 'x' } },
    {},
    'The source acm does not sign a CSR.',
    'Leave the CSR out, or choose internal-ca, acme, vault.',
  ],
  [
    { tls: { source: 'acm', key: 'rsa-3072' } },
    {},
    'A certificate from acm cannot have a rsa-3072 key.',
    'Choose ecdsa-p256, ecdsa-p384, rsa-2048, or another source.',
  ],
];

for (const [contract, world, reason, remedy] of rows)
  it(`says what there is and what would pass: ${reason}`, () =>
    expect(ask(contract, world).violations).toMatchObject([{ reason, remedy }]));

it.each<[string, Parameters<typeof ask>[2], Ask, string, string]>([
  [
    'a new name',
    { kind: 'create' },
    {},
    'NS',
    'Choose another name, have the delegation taken back, or ask a platform admin to connect the zone sub.dev.example.test.',
  ],
  [
    'a name that is there',
    { kind: 'change' },
    {},
    'NS',
    'Retire the name, have the delegation taken back, or ask a platform admin to connect the zone sub.dev.example.test.',
  ],
  ['a name that is there', { kind: 'change' }, {}, 'DNAME', 'Retire the name, or have the DNAME removed.'],
  [
    'an extra name of one that is there',
    { kind: 'change' },
    { hostname: 'orders.dev.example.test', tls: { extraNames: ['x.sub.dev.example.test'] } },
    'NS',
    'Choose another name, have the delegation taken back, or ask a platform admin to connect the zone sub.dev.example.test.',
  ],
])('says what is left to do for %s where a delegation or a DNAME stands: %#', (_, who, contract, type, remedy) => {
  const { violations } = ask(
    { hostname: 'x.sub.dev.example.test', ...contract },
    { recordSets: [recordSet('sub.dev.example.test', type)] },
    who,
  );
  expect(violations.filter(({ rule }) => rule === 'not-delegated').map((one) => one.remedy)).toEqual([remedy]);
});

it('sends nobody to the owner of a zone for what a platform admin alone can do', () => {
  const told = [
    ask({}, { zones: [zone('example.test', { read: false })] }),
    ask({ target: { addresses: ['10.0.0.1'] } }, { zones: [zone('example.test', { allowedRanges: [] })] }),
    ask({ routing: { port: 22 } }),
  ];
  for (const { violations } of told) expect(violations.map(({ remedy }) => remedy)).toEqual([expect.stringContaining('platform admin')]);
});

it.each(['change', 'transfer'] as const)('nobody is told to choose another name for an endpoint that is there (%s)', (kind) => {
  const hostname = 'orders.dev.example.test';
  const there = [endpoint(hostname, 'order-platform')];
  const others = [endpoint(hostname, 'billing', { letGo: true, heldBackUntil: later(1) })];
  const worlds: World[] = [
    { zones: [] },
    { grants: [] },
    { grants: [grant('billing', 'dev.example.test', ['dev'])] },
    { grants: [grant('order-platform', 'dev.example.test', ['qa'])] },
    { grants: [grant('order-platform', hostname, ['dev'])] },
    { zones: [zone('example.test', { view: 'internal' })] },
    { zones: [zone('example.test', { environments: ['prod'] })] },
    { zones: [zone('example.test'), zone(hostname)] },
    { lookalikes: [lookalike('0rders.dev.example.test', 'billing')] },
    { endpoints: [...there, ...others] },
  ];
  for (const world of worlds)
    for (const contract of [{}, { environment: 'dev' }]) {
      const { results } = ask(contract, { endpoints: there, ...world }, { kind });
      for (const result of results)
        if ('remedy' in result && result.path === 'hostname') expect(result.remedy).not.toMatch(/[Cc]hoose (a|another) name/);
    }
});
