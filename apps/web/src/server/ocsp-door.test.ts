import { describe, expect, it } from 'vitest';
import { ocspPath, requestInPath } from './ocsp-door.ts';

const der = Buffer.from('MEYwRDBCMEAwPjAJBgUrDgMCGgUABBS+/xyz////AAECAwQFBgcICQ==', 'base64');
const base64 = der.toString('base64');

describe('a request in a path', () => {
  it.each([
    ['as it is, with slashes, a plus and equals signs', base64],
    ['percent-encoded in every character that is no letter or digit', encodeURIComponent(base64)],
    [
      'percent-encoded in small letters',
      encodeURIComponent(base64)
        .toLowerCase()
        .replace(/.*/, () => encodeURIComponent(base64).replace(/%[0-9A-F]{2}/g, (each) => each.toLowerCase())),
    ],
    ['percent-encoded in part', base64.replaceAll('+', '%2B')],
    ['after the slash of an address that ends in one', `/${base64}`],
    ['after two', `//${base64}`],
    ['after an encoded slash', `%2F${base64}`],
    ['with a plus that a form made a space of', base64.replaceAll('+', '%20')],
    ['in base64url', der.toString('base64url')],
    ['without the equals signs', base64.replace(/=+$/, '')],
  ])('is read %s', (_, text) => {
    expect(Buffer.from(requestInPath(text)).equals(der)).toBe(true);
  });

  it.each(['%', '%zz', '<script>', 'a b%00', '==', `${base64}==`, '%E0%A4%A', 'ä'])('is none: %s', (text) => {
    expect(requestInPath(text)).toHaveLength(0);
  });
});

it.each([
  ['/pki/ocsp/internal-ca-1', { slug: 'internal-ca-1', request: '' }],
  ['/pki/ocsp/internal-ca-1/', { slug: 'internal-ca-1', request: '' }],
  ['/pki/ocsp/internal-ca-1/ME/a//b', { slug: 'internal-ca-1', request: 'ME/a//b' }],
  ['/pki/ocsp/internal-ca-1//ME', { slug: 'internal-ca-1', request: '/ME' }],
  ['/pki/ocsp/', null],
  ['/pki/ocsp', null],
  ['/pki/ocsp/../internal.crl', null],
  ['/pki/ocsp/UPPER/ME', null],
  ['/pki/internal.crl', null],
])('%s asks of %j', (path, asked) => {
  expect(ocspPath(path)).toEqual(asked);
});
