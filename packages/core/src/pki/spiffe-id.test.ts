import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSpiffeId } from './spiffe-id.ts';

it.each([
  ['spiffe://example.test/ns/orders/sa/api', 'example.test', '/ns/orders/sa/api'],
  ['spiffe://td_1-a.b/A._-9', 'td_1-a.b', '/A._-9'],
  ['spiffe://a/...', 'a', '/...'],
])('%s is one', (text, trustDomain, path) => expect(parseSpiffeId(text)).toEqual({ trustDomain, path }));

it('is of 2,048 octets at most (SPIFFE ID §2.3)', () => {
  const ofLength = (octets: number) => 'spiffe://a/'.padEnd(octets, 'b');
  expect([2048, 2049].map((octets) => parseSpiffeId(ofLength(octets))?.trustDomain)).toEqual(['a', undefined]);
});

// SPIFFE ID §2.1 to §2.3.
it.each([
  '',
  'spiffe://',
  'spiffe:///a',
  'spiffe://example.test',
  'spiffe://example.test/',
  'spiffe://example.test/a/',
  'spiffe://example.test//a',
  'spiffe://example.test/a/../b',
  'spiffe://example.test/./b',
  'spiffe://example.test/..',
  'SPIFFE://example.test/a',
  'spiffe://Example.test/a',
  'spiffe://example.test:443/a',
  'spiffe://user@example.test/a',
  'spiffe://example.test/a?b',
  'spiffe://example.test/a#b',
  'spiffe://example.test/a%2Fb',
  'spiffe://example.test/ä',
  'spiffe://example.test/a\n',
  'spiffe://example.test/a\0',
  'https://example.test/a',
  ` spiffe://example.test/a`,
  `spiffe://${'a'.repeat(256)}/a`,
  `spiffe://example.test/${'a'.repeat(2048)}`,
])('%j is none', (text) => expect(parseSpiffeId(text)).toBeNull());

it('whatever is one is written in the characters that it may have, and says what it was made of', () => {
  const domain = fc.stringMatching(/^[a-z0-9._-]{1,40}$/);
  const segment = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,10}$/);
  fc.assert(
    fc.property(domain, fc.array(segment, { minLength: 1, maxLength: 5 }), (trustDomain, segments) => {
      const path = `/${segments.join('/')}`;
      expect(parseSpiffeId(`spiffe://${trustDomain}${path}`)).toEqual({ trustDomain, path });
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => parseSpiffeId(`spiffe://${text}`) === null || /^[A-Za-z0-9._/-]+$/.test(text)));
});
