import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { identityFor, intermediateTbs, leafSubject, rootTbs, signStructure } from './build-certificate.ts';
import { readCertificate, readTbsCertificate } from './certificate.ts';
import { listAddress, shardOf } from './crl-shard.ts';
import { contextConstructed, contextPrimitive, sequence } from './der.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { newSerial } from './serial.ts';
import { testAuthority, testUrls } from './testing/authority.ts';

const authority = await testAuthority();
const leaf = await authority.leaf({ names: ['orders.example.test', '*.api.example.test'] });

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
  });

  it.each([
    ['a root signs certificates and lists', authority.root, undefined, x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign],
    [
      'an intermediate signs leaves, lists and more',
      authority.intermediate,
      0,
      x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
    ],
  ])('%s', (_, der, pathLength, usages) => {
    const read = new x509.X509Certificate(Uint8Array.from(der));
    expect(read.getExtension(x509.BasicConstraintsExtension)).toMatchObject({ ca: true, pathLength, critical: true });
    expect(read.getExtension(x509.KeyUsagesExtension)).toMatchObject({ usages, critical: true });
    const root = new x509.X509Certificate(Uint8Array.from(authority.root));
    expect(read.issuer).toBe('O=Example, CN=Example Root');
    expect(read.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId).toBe(
      root.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    );
  });

  it('an intermediate issues for servers and clients, below its suffixes and for private addresses', () => {
    const { extensions } = readCertificate(authority.intermediate);
    const constraints = extensions.get(id.nameConstraints);
    expect(constraints?.critical).toBe(true);
    const range = (hex: string) => sequence(contextPrimitive(7, Buffer.from(hex, 'hex')));
    const permitted = [
      sequence(contextPrimitive(2, Buffer.from('example.test'))),
      sequence(contextPrimitive(6, Buffer.from('example.test'))),
      sequence(contextPrimitive(6, Buffer.from('.example.test'))),
      range('0a000000ff000000'),
      range('ac100000fff00000'),
      range('c0a80000ffff0000'),
      range('64400000ffc00000'),
      range('7f000000ff000000'),
      range(`fc${'00'.repeat(15)}fe${'00'.repeat(15)}`),
      range(`${'00'.repeat(15)}01${'ff'.repeat(16)}`),
    ];
    expect(Buffer.from(constraints?.value.raw ?? [])).toEqual(Buffer.from(sequence(contextConstructed(0, ...permitted))));
    const read = new x509.X509Certificate(Uint8Array.from(authority.intermediate));
    expect(read.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual([
      x509.ExtendedKeyUsage.serverAuth,
      x509.ExtendedKeyUsage.clientAuth,
    ]);
  });

  it.each([
    ['a leaf', leaf, listAddress(testUrls.crl, shardOf(authority.draft().serial)), [testUrls.ocsp]],
    ['an intermediate', authority.intermediate, testUrls.crl, []],
  ])('%s says where its issuer and its list are, and a leaf where its responder is', (_, der, list, responders) => {
    const read = new x509.X509Certificate(Uint8Array.from(der));
    const access = read.getExtension(x509.AuthorityInfoAccessExtension);
    expect(access?.caIssuers.map(({ value }) => value)).toEqual([testUrls.certificate]);
    expect(access?.ocsp.map(({ value }) => value)).toEqual(responders);
    expect(
      read
        .getExtension(x509.CRLDistributionPointsExtension)
        ?.distributionPoints.map(({ distributionPoint }) =>
          distributionPoint?.fullName?.map(({ uniformResourceIdentifier }) => uniformResourceIdentifier),
        ),
    ).toEqual([[list]]);
  });

  it.each([
    ['of its first name', ['a.example.test', 'b.example.test'], 'CN=a.example.test', false],
    ['of a name that just fits', [`${'a'.repeat(51)}.example.test`], `CN=${'a'.repeat(51)}.example.test`, false],
    ['empty where that name is too long', [`${'a'.repeat(52)}.example.test`], '', true],
    ['empty where there is none', [], '', true],
  ])('a leaf has a subject %s, and critical names where it has none', (_, names, subject, critical) => {
    const { extensions } = readTbsCertificate(authority.tbs({ names }));
    expect(Buffer.compare(leafSubject(names), readTbsCertificate(authority.tbs({ names })).subject)).toBe(0);
    expect(new x509.Name(Uint8Array.from(leafSubject(names)).buffer).toString()).toBe(subject);
    expect(extensions.get(id.subjectAltName)?.critical).toBe(critical);
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
});

describe('what the builder refuses:', () => {
  it('a serial that is none', () => {
    expect(() => authority.tbs({ serial: '00' })).toThrow(expect.objectContaining({ code: 'issuer-refused' }));
  });

  it('an issuing CA for no suffix', () => {
    const draft = { ...authority.draft(), commonName: 'X', organisation: 'X' };
    expect(() => intermediateTbs(draft, authority.identity, [], testUrls)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });

  it('a CA with the key of another', () => {
    expect(() => identityFor(authority.root, authority.signer)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});
