import { expect, it } from 'vitest';
import { type Ask, denials, grant, reviews, zone } from '../testing/world.ts';

const wide = [grant('order-platform', 'dev.example.test', ['dev'], { allowWildcard: true, views: ['public', 'internal', 'partner'] })];
const wildcard = '*.dev.example.test';

it.each<[string, Ask]>([
  ['the hostname', { hostname: wildcard }],
  ['an extra name', { tls: { extraNames: [wildcard] } }],
])('a granted wildcard as %s is reviewed by security', (_, contract) => {
  expect(reviews(contract, { grants: wide })).toEqual(['wildcard-review by security-reviewer']);
});

it.each(['http-01', 'tls-alpn-01'] as const)('a wildcard is never proven by %s', (challenge) => {
  const tls = { source: 'acme', termination: 'ingress', challenge } as const;
  expect(denials({ hostname: wildcard, tls }, { grants: wide })).toEqual(['wildcard-challenge']);
  expect(denials({ tls: { ...tls, extraNames: [wildcard] } }, { grants: wide })).toEqual(['wildcard-challenge']);
});

it.each<[string, Ask['tls'], string[]]>([
  ['another issuer needs no challenge', { challenge: 'http-01' }, []],
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
