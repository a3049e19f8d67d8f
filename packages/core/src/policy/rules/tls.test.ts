import { describe, expect, it } from 'vitest';
import { type Ask, ask, cluster, denials, grant, reviews, type World, zone } from '../testing/world.ts';

const inView = (view: 'internal' | 'partner'): World => ({
  grants: [grant('order-platform', 'dev.example.test', ['dev'], { views: [view] })],
  zones: [zone('example.test', { view })],
});
const compromised: World = { compromisedKey: { serial: '4F0C', since: new Date(0) } };
const http01 = { source: 'acme', challenge: 'http-01' } as const;

const dns01 = { source: 'acme', challenge: 'dns-01' } as const;
const ofLength = (length: number): string => {
  const below = '.dev.example.test';
  return `${`${'a'.repeat(61)}.`.repeat(4).slice(0, length - below.length - 1)}b${below}`;
};

describe('a certificate is denied:', () => {
  it.each<[string, Ask, World, string[]]>([
    ['ACM in the cluster', { tls: { source: 'acm', termination: 'ingress' } }, {}, ['tls-source-serves-termination']],
    ['a source that nobody connected', { tls: { source: 'vault' } }, { connectedSources: ['internal-ca'] }, ['tls-issuer-connected']],
    ['a source whose issuers sign for other names', { tls: { source: 'vault' } }, { signingSources: ['acme'] }, ['tls-issuer-permits']],
    ['a public CA for mTLS', { tls: { source: 'acme', termination: 'mtls', challenge: 'dns-01' } }, {}, ['tls-source-serves-termination']],
    ['a challenge that nobody asks for', { tls: { source: 'internal-ca', challenge: 'dns-01' } }, {}, ['tls-challenge']],
    ['ACME without a challenge', { tls: { source: 'acme' } }, {}, ['tls-challenge']],
    ['http-01 for an internal name', { view: 'internal', tls: http01 }, inView('internal'), ['tls-challenge']],
    ['http-01 for a partner name', { view: 'partner', tls: http01 }, inView('partner'), ['tls-challenge']],
    [
      'ACME for a name whose proof would be one character too long for DNS',
      { hostname: ofLength(238), tls: dns01 },
      {},
      ['tls-challenge-fits'],
    ],
    ['ACME for such an extra name', { tls: { ...dns01, extraNames: [ofLength(253)] } }, {}, ['tls-challenge-fits']],
    ['a CSR for a source with its own keys', { tls: { source: 'key-vault', csr: 'x' } }, {}, ['tls-csr-source']],
    ['mTLS with a certificate of a vault', { tls: { source: 'key-vault', termination: 'mtls' } }, {}, ['tls-source-serves-termination']],
    ['a certificate of a vault alone', { target: { certificateOnly: true }, tls: { source: 'key-vault' } }, {}, ['tls-certificate-alone']],
    ['days of a vault', { tls: { source: 'key-vault', days: 7 } }, {}, ['tls-days']],
    ['a must-staple of a vault', { tls: { source: 'key-vault', mustStaple: true } }, {}, ['tls-content']],
    ['a SPIFFE ID of a vault', { tls: { source: 'key-vault', spiffeId: 'spiffe://example.test/a' } }, {}, ['tls-content']],
    ['a key that ACM does not make', { tls: { source: 'acm', key: 'rsa-3072' } }, {}, ['tls-source-key']],
    [
      'extra names without TLS',
      { tls: { termination: 'none', extraNames: ['www.dev.example.test'] } },
      {},
      ['tls-none-without-certificate'],
    ],
    ['a CSR for a key that others know', { tls: { csr: 'x' } }, compromised, ['tls-key-compromised']],
    ['a lifetime that the CA chooses', { tls: { ...dns01, days: 7 } }, {}, ['tls-days']],
    ['hours that the CA chooses', { tls: { ...dns01, hours: 1 } }, {}, ['tls-days']],
    ['both days and hours', { tls: { days: 1, hours: 24 } }, {}, ['tls-days']],
    ['a year from Vault', { tls: { source: 'vault', days: 365 } }, { connectedSources: ['vault'] }, ['tls-days']],
    ['hours without TLS', { tls: { termination: 'none', hours: 1 } }, {}, ['tls-none-without-certificate']],
    ['a lifetime without TLS', { tls: { termination: 'none', days: 7 } }, {}, ['tls-none-without-certificate']],
    ['an imported certificate that nobody owns', { tls: { source: 'imported' } }, {}, ['tls-import-owner']],
    ['a CSR without TLS', { tls: { termination: 'none', csr: 'x' } }, {}, ['tls-none-without-certificate']],
  ])('%s', (_, contract, world, expected) => {
    expect(denials(contract, world)).toEqual(expected);
  });
});

it.each<[number, string[], string[]]>([
  [90, [], []],
  [91, ['tls-days'], ['tls-long-life by security-reviewer']],
])('%d days are had of a CA elsewhere, and without a review, up to ninety alone', (days, denied, reviewed) => {
  expect(denials({ tls: { source: 'vault', days } }, { connectedSources: ['vault'] })).toEqual(denied);
  expect(reviews({ tls: { days } }).filter((one) => one.startsWith('tls-long-life'))).toEqual(reviewed);
});

it.each(['dns-01', 'http-01'] as const)('a public name is proved to a CA by %s', (challenge) =>
  expect(denials({ tls: { source: 'acme', challenge, termination: 'ingress' } })).toEqual([]),
);

describe('tls-alpn-01', () => {
  const alpn = { source: 'acme', challenge: 'tls-alpn-01' } as const;
  const atEdge: World = { tlsProofs: true };
  const inCluster = { target: { cluster: 'k8s-1' }, tls: alpn };
  const handedOn = { ...atEdge, cluster: { ...cluster, destination: 'k8s-secrets' } };

  it.each<[string, Ask, World]>([
    ['at an edge that shows proofs', { tls: alpn }, atEdge],
    ['at one that encrypts again behind it', { tls: { ...alpn, termination: 're-encrypt' } }, atEdge],
    ['of several names', { tls: { ...alpn, extraNames: ['www.dev.example.test'] } }, atEdge],
    ['in a cluster whose certificates stay in the directory', inCluster, { ...atEdge, cluster }],
  ])('shows control %s', (_, contract, world) => expect(denials(contract, world)).toEqual([]));

  it.each<[string, Ask, World, readonly string[]]>([
    [
      'where no edge shows proofs',
      { tls: alpn },
      {},
      ['No edge here answers tls-alpn-01: what ends TLS from the directory of the worker does not show proofs (RFC 8737 §3).'],
    ],
    [
      'past the edge',
      { tls: { ...alpn, termination: 'passthrough' } },
      atEdge,
      ['TLS ends at passthrough, and tls-alpn-01 is answered at an edge alone: edge or re-encrypt.'],
    ],
    [
      'at a load balancer, also where there is no edge',
      { tls: { ...alpn, termination: 'load-balancer' } },
      {},
      ['TLS ends at load-balancer, and tls-alpn-01 is answered at an edge alone: edge or re-encrypt.'],
    ],
    [
      'for a certificate alone',
      { target: { certificateOnly: true }, tls: alpn },
      atEdge,
      ['A certificate alone is installed by its team, where nothing of Hostmaster answers tls-alpn-01.'],
    ],
    [
      'for the key of a requester',
      { tls: { ...alpn, csr: 'x' } },
      atEdge,
      ['Whoever has the key of the CSR ends TLS, where nothing of Hostmaster answers tls-alpn-01.'],
    ],
    [
      'in a cluster that is handed its certificates',
      inCluster,
      handedOn,
      ['The certificate is handed to k8s-secrets for cluster k8s-1, where nothing of Hostmaster answers tls-alpn-01.'],
    ],
    [
      'for several reasons at once',
      { ...inCluster, tls: { ...alpn, csr: 'x', termination: 'ingress' } },
      handedOn,
      [expect.stringContaining('CSR'), expect.stringContaining('ingress'), expect.stringContaining('k8s-secrets')],
    ],
  ])('is denied %s', (_, contract, world, reasons) => {
    const found = ask(contract, world).violations.filter(({ rule }) => rule === 'tls-challenge');
    expect(found.map(({ reason }) => reason)).toEqual(reasons);
    expect(new Set(found.map(({ remedy, path }) => `${path}: ${remedy}`))).toEqual(new Set(['tls.challenge: Choose dns-01 or http-01.']));
  });

  it('is denied for a name that the CA does not reach', () => {
    for (const view of ['internal', 'partner'] as const)
      expect(denials({ view, tls: alpn }, { ...inView(view), ...atEdge })).toEqual(['tls-challenge']);
  });
});

describe('each source serves, signs and is denied what it can and cannot:', () => {
  const terminations = ['edge', 'load-balancer', 'ingress', 'passthrough', 're-encrypt', 'mtls'] as const;
  const butMtls = terminations.filter((termination) => termination !== 'mtls');
  it.each([
    ['internal-ca', terminations, true],
    ['acme', butMtls, true],
    ['vault', terminations, true],
    ['acm', ['edge', 'load-balancer', 're-encrypt'], false],
    ['key-vault', butMtls, false],
    ['imported', terminations, false],
  ] as const)('%s serves at %j, and signs a CSR: %s', (source, serves, signs) => {
    const asked = { source, challenge: source === 'acme' ? 'dns-01' : 'none' } as const;
    const owners = { certificate: 'order-platform' };
    expect(terminations.filter((termination) => denials({ owners, tls: { ...asked, termination } }).length === 0)).toEqual(serves);
    expect(denials({ owners, tls: { ...asked, csr: 'x' } })).toEqual(signs ? [] : ['tls-csr-source']);
    expect(ask({ tls: { ...asked, termination: 'none' } }, { connectedSources: [] }).outcome).toBe('allow');
  });

  it('a name whose proof just fits into DNS is not denied, and neither is a longer one that nothing is proved for', () => {
    expect(denials({ hostname: ofLength(237), tls: dns01 })).toEqual([]);
    expect(denials({ hostname: ofLength(253) })).toEqual([]);
  });

  it('a challenge that can work in neither way is denied twice', () => {
    const tls = { source: 'acme', challenge: 'tls-alpn-01', termination: 'load-balancer' } as const;
    expect(denials({ view: 'partner', tls }, inView('partner'))).toEqual(['tls-challenge', 'tls-challenge']);
  });
});

describe('a certificate is allowed:', () => {
  it.each<[Ask, World]>([
    [{ view: 'internal', tls: { source: 'acme', challenge: 'dns-01' } }, inView('internal')],
    [{ tls: { termination: 'none' } }, { connectedSources: [] }],
    [{ tls: { source: 'acme', termination: 'none' } }, {}],
    [{ tls: { csr: 'x' } }, {}],
    // A key that Hostmaster makes.
    [{}, compromised],
  ])('%j', (contract, world) => {
    expect(ask(contract, world).outcome).toBe('allow');
  });
});
