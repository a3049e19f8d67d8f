import { describe, expect, it } from 'vitest';
import { ocspSignerTbs } from './build-certificate.ts';
import { derTrue, octetString, oid, sequence } from './der.ts';
import { lintOcspSigner } from './lint-ocsp-signer.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { freshKey, testAuthority, testNow, withExtensions } from './testing/authority.ts';

const { identity, issuer, root, tbs: leafTbs } = await testAuthority();
const day = 86_400_000;
const draft = {
  serial: '3333333333333333',
  notBefore: testNow,
  notAfter: new Date(testNow.getTime() + 30 * day - 1000),
  spki: freshKey().signer.spki,
  commonName: 'Example OCSP',
  organisation: 'Example',
};
const tbsWith = (changes: Partial<typeof draft> = {}): Uint8Array => ocspSignerTbs({ ...draft, ...changes }, identity);
const broken = (tbs: Uint8Array): string[] =>
  lintOcspSigner(tbs, { issuer, issuerAlgorithm: 'ecdsa-p256' }).map(({ rule, reason }) => {
    expect(reason).toMatch(/^\S.*\.$/);
    return rule;
  });
const extension = (name: string, value: Uint8Array, critical = false): Uint8Array =>
  sequence(oid(name), ...(critical ? [derTrue] : []), octetString(value));

describe('a signer of OCSP responses', () => {
  it('may be signed as it is built, for thirty days', () => {
    expect(broken(tbsWith())).toEqual([]);
    expect(broken(tbsWith({ notAfter: new Date(testNow.getTime() + 30 * day) }))).toEqual(['short-lived']);
  });

  it.each([
    ['key-usage', id.keyUsage],
    ['extended-key-usage', id.extendedKeyUsage],
    ['ocsp-nocheck', id.ocspNoCheck],
    ['key-identifiers', id.authorityKeyIdentifier],
    ['key-identifiers', id.subjectKeyIdentifier],
  ])('may not go without %s', (rule, name) => {
    expect(broken(withExtensions(tbsWith(), (all) => all.delete(name)))).toEqual([rule]);
  });

  it.each([
    ['sign for servers too', 'extended-key-usage', id.extendedKeyUsage, sequence(oid(id.ocspSigning), oid(id.serverAuth))],
    ['be a CA', 'known-extensions', id.basicConstraints, sequence(derTrue)],
    ['have names', 'known-extensions', id.subjectAltName, sequence()],
    ['sign certificates', 'key-usage', id.keyUsage, Uint8Array.of(3, 2, 1, 0x86)],
    ['say something else of nobody asking', 'ocsp-nocheck', id.ocspNoCheck, derTrue],
  ])('may not %s', (_, rule, name, value) => {
    expect(broken(withExtensions(tbsWith(), (all) => all.set(name, extension(name, value, name === id.keyUsage))))).toEqual([rule]);
  });

  it('may not outlive its CA, nor be signed by another', () => {
    const late = { notBefore: new Date(issuer.notAfter.getTime() - day), notAfter: new Date(issuer.notAfter.getTime() + 1000) };
    expect(broken(tbsWith(late))).toEqual(['validity-within-issuer']);
    const other = { issuer: { ...issuer, der: root }, issuerAlgorithm: 'rsa' as const };
    expect(lintOcspSigner(tbsWith(), other).map(({ rule }) => rule)).toEqual(['signature-algorithm']);
  });

  it('is no leaf', () => {
    expect(broken(leafTbs())).toEqual(expect.arrayContaining(['extended-key-usage', 'ocsp-nocheck', 'known-extensions']));
  });
});
