import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { type AuthorityDraft, identityFor, intermediateTbs, leafTbs, rootTbs, signStructure } from './build-certificate.ts';
import { readCertificate } from './certificate.ts';
import { chainToPem, orderChain, splitPem, toPem, verifyChain } from './chain.ts';
import { buildCrl, type RevokedCertificate } from './crl.ts';
import { describeCertificate } from './describe-certificate.ts';
import { satisfiesNameConstraints } from './extensions.ts';
import { newSerial } from './serial.ts';
import { freshKey, testAuthority, testNow, testUrls } from './testing/authority.ts';

const authority = await testAuthority();
const leaf = await authority.leaf({ names: ['orders.example.test', '*.api.example.test'] });
const chain = [leaf, authority.intermediate];
const verify = (
  certificates: readonly Uint8Array[],
  host: string | null = 'orders.example.test',
  now = testNow,
  roots = [authority.root],
) => verifyChain(certificates, roots, host, now);
const day = 86_400_000;

describe('what the builder writes', () => {
  it('is the same bytes for the same order', () => {
    expect(Buffer.compare(authority.tbs(), authority.tbs())).toBe(0);
  });

  it('is read by another implementation as it was meant', async () => {
    const read = new x509.X509Certificate(Uint8Array.from(leaf));
    expect(await read.verify({ publicKey: new x509.X509Certificate(Uint8Array.from(authority.intermediate)), signatureOnly: true })).toBe(
      true,
    );
    expect(read.getExtension(x509.SubjectAlternativeNameExtension)?.names.items.map(({ value }) => value)).toEqual([
      'orders.example.test',
      '*.api.example.test',
    ]);
    expect(read.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId).toBe(
      new x509.X509Certificate(Uint8Array.from(authority.intermediate)).getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    );
    expect(read.getExtension(x509.KeyUsagesExtension)?.usages).toBe(x509.KeyUsageFlags.digitalSignature);
    expect(read.getExtension(x509.CRLDistributionPointsExtension)?.critical).toBe(false);
    expect(read.notAfter).toEqual(new Date('2027-02-18T11:54:59Z'));
    const root = new x509.X509Certificate(Uint8Array.from(authority.root));
    expect(root.signatureAlgorithm).toMatchObject({ hash: { name: 'SHA-384' } });
    const basic = new x509.X509Certificate(Uint8Array.from(authority.intermediate)).getExtension(x509.BasicConstraintsExtension);
    expect([basic?.ca, basic?.pathLength, basic?.critical]).toEqual([true, 0, true]);
  });

  it('carries dates past 2050 in a form that others read', async () => {
    const root = readCertificate(authority.root);
    const spki = authority.rootSigner.spki;
    const draft = {
      serial: newSerial(),
      notBefore: root.notBefore,
      notAfter: new Date('2051-01-01T00:00:00Z'),
      spki,
      commonName: 'R',
      organisation: 'O',
    };
    const der = await signStructure(rootTbs(draft, 'ecdsa-p384'), authority.rootSigner);
    expect(new x509.X509Certificate(Uint8Array.from(der)).notAfter).toEqual(draft.notAfter);
    expect(readCertificate(der).notAfter).toEqual(draft.notAfter);
  });

  it('a CRL is read by another implementation with its reasons', async () => {
    const revoked: RevokedCertificate[] = [
      { serial: 'AB'.repeat(16), revokedAt: testNow, reason: 'keyCompromise' },
      { serial: '12'.repeat(16), revokedAt: testNow, reason: 'unspecified' },
    ];
    const crl = await buildCrl(
      { number: 7, thisUpdate: testNow, nextUpdate: new Date(testNow.getTime() + day), revoked },
      authority.identity,
      authority.signer,
    );
    const read = new x509.X509Crl(Uint8Array.from(crl));
    expect(read.entries.map(({ serialNumber, reason }) => [serialNumber.toUpperCase(), reason ?? null])).toEqual([
      [expect.stringContaining('AB'.repeat(16)), x509.X509CrlReason.keyCompromise],
      ['12'.repeat(16), null],
    ]);
    expect(await read.verify({ publicKey: new x509.X509Certificate(Uint8Array.from(authority.intermediate)) })).toBe(true);
  });

  it('a CRL holds a hundred thousand certificates', async () => {
    const revoked = Array.from({ length: 100_000 }, () => ({ serial: newSerial(), revokedAt: testNow, reason: 'superseded' }) as const);
    const crl = await buildCrl({ number: 8, thisUpdate: testNow, nextUpdate: testNow, revoked }, authority.identity, authority.signer);
    expect(crl.length).toBeGreaterThan(4_000_000);
  });
});

describe('PEM bundles', () => {
  it('are split and written back', () => {
    const pem = chainToPem([...chain, authority.root]);
    expect(
      splitPem(`leading text\n${pem}`)
        .map((der) => toPem(der))
        .join(''),
    ).toBe(pem);
  });
  it.each([
    ['no certificate', 'hello'],
    ['a broken certificate', toPem(new Uint8Array([1, 2, 3]))],
    ['too many certificates', toPem(leaf).repeat(11)],
    ['too much text', ' '.repeat(2_000_000)],
  ])('with %s are refused', (_, pem) => {
    expect(() => splitPem(pem)).toThrow(HostmasterError);
  });
  it('are ordered leaf first, whatever order they came in', () => {
    const expected = chainToPem([...chain, authority.root]);
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const shuffled = order.map((at) => [...chain, authority.root][at]).filter((der) => der !== undefined);
      expect(chainToPem(orderChain(shuffled))).toBe(expected);
    }
  });
  it('that are not one chain are refused', async () => {
    const other = await authority.leaf({ names: ['other.example.test'] });
    expect(() => orderChain([leaf, other, authority.intermediate])).toThrow(HostmasterError);
    expect(() => orderChain([])).toThrow(HostmasterError);
  });
});

it('describes a certificate', () => {
  expect(describeCertificate(leaf)).toMatchObject({
    subject: 'CN=orders.example.test',
    subjectAltNames: ['orders.example.test', '*.api.example.test'],
    serial: '77B4EAA99F4B01F75323A69A8C327C00',
    notBefore: new Date('2026-11-20T11:55:00Z'),
    keyAlgorithm: 'ecdsa-p256',
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(describeCertificate(authority.root).keyAlgorithm).toBe('ecdsa-p384');
});

describe('a chain', () => {
  it('verifies with and without its root, for its names and wildcards', () => {
    expect(verify(chain)).toBeNull();
    expect(verify([...chain, authority.root])).toBeNull();
    expect(verify(chain, 'v1.api.example.test')).toBeNull();
    expect(verify(chain, null)).toBeNull();
  });

  it.each([
    ['another host', () => verify(chain, 'other.example.test'), 'not for other.example.test'],
    ['two labels under a wildcard', () => verify(chain, 'a.b.api.example.test'), 'not for'],
    ['a time before', () => verify(chain, null, new Date(testNow.getTime() - 600_000)), 'not yet valid'],
    ['a time after', () => verify(chain, null, new Date(testNow.getTime() + 91 * day)), 'expired'],
    ['the leaf alone', () => verify([leaf]), 'trusted root'],
    ['nothing', () => verify([]), 'empty'],
    ['no roots', () => verify(chain, null, testNow, []), 'trusted root'],
    [
      'a changed signature',
      () => verify([Uint8Array.from(leaf, (octet, at) => (at === leaf.length - 1 ? octet ^ 1 : octet)), authority.intermediate]),
      'signature',
    ],
    ['bytes that are no certificate', () => verify([new Uint8Array([1]), authority.intermediate]), 'DER'],
  ])('with %s does not', (_, run, reason) => {
    expect(run()).toContain(reason);
  });

  it('to a root of the same name and another key does not verify', async () => {
    const impostor = await testAuthority();
    expect(verify(chain, null, testNow, [impostor.root])).toContain('trusted root');
  });

  it('with a name outside the name constraints does not verify, though every signature does', async () => {
    const outside = await authority.leaf({ names: ['orders.example.com'] });
    expect(verify([outside, authority.intermediate], 'orders.example.com')).toContain('name constraints');
  });

  it('through a leaf that plays CA, or past a path length, does not verify', async () => {
    const sub = freshKey().signer;
    const asIssuer = identityFor(leaf, authority.leafKey);
    const forged = await signStructure(leafTbs(authority.draft({ names: ['a.example.test'] }), asIssuer, testUrls), authority.leafKey);
    expect(verify([forged, leaf, authority.intermediate], 'a.example.test')).toContain('not a CA');
    const draft: AuthorityDraft = { ...authority.draft(), spki: sub.spki, commonName: 'Sub', organisation: 'Example' };
    const subCa = await signStructure(intermediateTbs(draft, authority.identity, ['example.test'], testUrls), authority.signer);
    const below = await signStructure(leafTbs(authority.draft({ names: ['a.example.test'] }), identityFor(subCa, sub), testUrls), sub);
    expect(verify([below, subCa, authority.intermediate], 'a.example.test')).toContain('longer than');
  });
});

it('name constraints hold at label boundaries and for wildcards', () => {
  const constraints = { permittedDns: ['example.test'], excludedDns: ['secret.example.test'], unsupported: false };
  const label = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(fc.property(label, (name) => satisfiesNameConstraints(constraints, `${name}x.example.test`)));
  fc.assert(fc.property(label, (name) => !satisfiesNameConstraints(constraints, `${name}example.test`)));
  expect(satisfiesNameConstraints(constraints, 'EXAMPLE.test')).toBe(true);
  expect(satisfiesNameConstraints(constraints, 'a.secret.example.test')).toBe(false);
  expect(satisfiesNameConstraints(constraints, '*.example.test')).toBe(false);
  expect(satisfiesNameConstraints(constraints, '*.dev.example.test')).toBe(true);
});
