import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { challengeText, keyAuthorization } from './challenge.ts';
import { challengeName } from './challenge-name.ts';

it.each([
  ['shop.example.test', '_acme-challenge.shop.example.test'],
  ['*.shop.example.test', '_acme-challenge.shop.example.test'],
  ['a.*.example.test', '_acme-challenge.a.*.example.test'],
])('the proof of %s stands at %s', (hostname, name) => expect(challengeName(hostname)).toBe(name));

it('is the digest of token and thumbprint, as one quoted string (RFC 8555 §8.4)', () => {
  const digest = createHash('sha256').update('token.thumbprint').digest('base64url');
  expect(challengeText(keyAuthorization('token', 'thumbprint'))).toBe(`"${digest}"`);
  expect(digest).toHaveLength(43);
});
