import { describe, expect, it } from 'vitest';
import { type AuthorityUrls, identityFor, intermediateTbs } from './build-certificate.ts';
import { readCertificate } from './certificate.ts';
import { lintIntermediate } from './lint-intermediate.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { freshKey, testAuthority, testNow, testUrls, withExtensions } from './testing/authority.ts';

const { root, rootSigner, intermediate } = await testAuthority();
const issuer = readCertificate(root);
const day = 86_400_000;
const draft = {
  serial: '3333333333333333',
  notBefore: testNow,
  notAfter: new Date(testNow.getTime() + 1000 * day),
  spki: freshKey().signer.spki,
  commonName: 'Example Issuing',
  organisation: 'Example',
};
const tbsWith = (changes: Partial<typeof draft> = {}, urls: AuthorityUrls = testUrls): Uint8Array =>
  intermediateTbs({ ...draft, ...changes }, identityFor(root, rootSigner), ['example.test'], urls);
const broken = (tbs: Uint8Array): string[] => lintIntermediate(tbs, { issuer, issuerAlgorithm: 'ecdsa-p384' }).map(({ rule }) => rule);

describe('a CA below the root', () => {
  it('may be signed as it is built', () => {
    expect(broken(tbsWith())).toEqual([]);
  });

  it.each([
    ['https', { ...testUrls, crl: 'https://pki.example.test/issuing.crl' }],
    ['https', { ...testUrls, certificate: 'https://pki.example.test/issuing.cer' }],
    ['https, with http in its path', { ...testUrls, crl: 'https://pki.example.test/http://' }],
    ['a doubled slash', { ...testUrls, crl: 'http://pki.example.test//issuing.crl' }],
    ['nothing', { ...testUrls, certificate: '' }],
  ])('may not point to %s', (_, urls) => {
    expect(broken(tbsWith({}, urls))).toEqual(['revocation-and-issuer-urls']);
  });

  it('may not outlive the root, nor begin before it', () => {
    expect(broken(tbsWith({ notAfter: new Date(issuer.notAfter.getTime() + 1000) }))).toEqual(['validity-within-issuer']);
    expect(broken(tbsWith({ notBefore: new Date(issuer.notBefore.getTime() - 1000) }))).toEqual(['validity-within-issuer']);
  });

  it.each([
    ['basic-constraints', id.basicConstraints],
    ['key-usage', id.keyUsage],
    ['extended-key-usage', id.extendedKeyUsage],
    ['name-constraints', id.nameConstraints],
    ['key-identifiers', id.authorityKeyIdentifier],
    ['revocation-and-issuer-urls', id.authorityInfoAccess],
    ['revocation-and-issuer-urls', id.crlDistributionPoints],
  ])('may not break %s', (rule, extension) => {
    expect(broken(withExtensions(tbsWith(), (all) => all.delete(extension)))).toEqual([rule]);
  });

  it('may not be signed by another CA than the root', () => {
    const found = lintIntermediate(tbsWith(), { issuer: readCertificate(intermediate), issuerAlgorithm: 'ecdsa-p256' });
    expect(found.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['issuer-name', 'signature-algorithm', 'key-identifiers']));
  });
});
