import { verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { maxCertificateLength, nodeCertificate, readCertificate, readTbsCertificate } from './certificate.ts';
import { bitString, contextConstructed, contextPrimitive, derNull, integer, sequence, time } from './der.ts';
import { children, readDer } from './der-reader.ts';
import { checkPublicKey } from './key-policy.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { signatureAlgorithm } from './signer.ts';
import { testAuthority, testNow } from './testing/authority.ts';

const authority = await testAuthority();
const der = await authority.leaf();
const parts = children(readDer(authority.tbs())).map(({ raw }) => raw);
const names = [
  'the version',
  'an integer',
  'the signature algorithm',
  'the issuer',
  'the validity',
  'the subject',
  'the public key',
  'the extensions',
] as const;
const version = names.indexOf('the version');
const validity = names.indexOf('the validity');
/** The to-be-signed bytes with other bytes in place of one part. */
const withPart = (index: number, ...others: readonly Uint8Array[]) => sequence(...parts.toSpliced(index, 1, ...others));
const refused = (run: () => unknown, message: string) => expect(run).toThrow(expect.objectContaining({ code: 'invalid-input', message }));

describe('the to-be-signed part of a certificate', () => {
  it('is read in all its parts', () => {
    const read = readTbsCertificate(authority.tbs());
    expect(Buffer.from(read.serial).toString('hex')).toBe('77b4eaa99f4b01f75323a69a8c327c00');
    const octets = [read.signatureAlgorithm, read.issuer, read.subject, read.spki].map((value) => Buffer.from(value));
    expect(octets).toEqual([2, 3, 5, 6].map((index) => Buffer.from(parts[index] ?? [])));
    expect([read.notBefore, read.notAfter]).toEqual([new Date('2026-11-20T11:55:00Z'), new Date('2027-02-18T11:54:59Z')]);
    expect([...read.extensions].flatMap(([name, { critical }]) => (critical ? [name] : []))).toEqual([id.keyUsage]);
  });

  it.each(names.map((name, index) => [name, index] as const))('is refused where %s is something else', (name, index) => {
    refused(() => readTbsCertificate(withPart(index, derNull)), `Not valid DER: ${name} has tag 0x5.`);
  });

  it.each(names.slice(0, -1).map((name, index) => [name, index] as const))('is refused where it ends before %s', (_, index) => {
    expect(() => readTbsCertificate(sequence(...parts.slice(0, index)))).toThrow(/^Not valid DER: .* is missing\.$/);
  });

  it('may go without extensions, and has none then', () => {
    expect(readTbsCertificate(sequence(...parts.slice(0, -1))).extensions.size).toBe(0);
  });

  const identifiers = contextPrimitive(1, new Uint8Array([0, 1]));
  const [early, late] = [time(testNow), time(testNow)];
  it.each([
    ['of version 2', withPart(version, contextConstructed(0, integer(1))), 'Not a certificate that can be read: its version is not 3.'],
    ['of two versions', withPart(version, contextConstructed(0, integer(2), integer(2))), 'Not valid DER: more than 1 values in one.'],
    ['with unique identifiers', sequence(...parts, identifiers), 'Not a certificate that can be read: it carries unique identifiers.'],
    ['with more than a certificate has', sequence(...parts, derNull, derNull, derNull), 'Not valid DER: more than 10 values in one.'],
    ['with one time', withPart(validity, sequence(early)), 'Not valid DER: a time is missing.'],
    ['with three times', withPart(validity, sequence(early, late, late)), 'Not valid DER: more than 2 values in one.'],
    ['that is no sequence', derNull, 'Not valid DER: the certificate has tag 0x5.'],
    ['that is too large', new Uint8Array(maxCertificateLength + 1), 'Not a certificate that can be read: it is too large.'],
    ['that is as large as may be', new Uint8Array(maxCertificateLength), 'Not valid DER: octets after the end.'],
  ])('is refused %s', (_, tbs, message) => {
    refused(() => readTbsCertificate(tbs), message);
  });
});

describe('a certificate', () => {
  const algorithm = signatureAlgorithm('ecdsa-p256');
  const signature = bitString(new Uint8Array(8));
  const tbs = authority.tbs();

  it('is read with what was signed and the signature over it', () => {
    const read = readCertificate(der);
    expect(Buffer.compare(read.der, der)).toBe(0);
    expect(Buffer.compare(read.tbs, tbs)).toBe(0);
    expect(verify('sha256', read.tbs, checkPublicKey(authority.signer.spki).key, read.signature)).toBe(true);
  });

  it.each([
    ['that is no sequence', derNull, 'Not valid DER: the certificate has tag 0x5.'],
    ['that signs something else', sequence(derNull, algorithm, signature), 'Not valid DER: the certificate has tag 0x5.'],
    ['without a signature', sequence(tbs, algorithm), 'Not valid DER: a bit string is missing.'],
    ['with something for its algorithm', sequence(tbs, derNull, signature), 'Not valid DER: the algorithm has tag 0x5.'],
    ['with more than a signature', sequence(tbs, algorithm, signature, derNull), 'Not valid DER: more than 3 values in one.'],
    [
      'that names another algorithm than was signed',
      sequence(tbs, signatureAlgorithm('ecdsa-p384'), signature),
      'Not a certificate that can be read: its two signature algorithms differ.',
    ],
    ['that is too large', new Uint8Array(maxCertificateLength + 1), 'Not a certificate that can be read: it is too large.'],
    ['that is as large as may be', new Uint8Array(maxCertificateLength), 'Not valid DER: octets after the end.'],
  ])('is refused %s', (_, bytes, message) => {
    refused(() => readCertificate(bytes), message);
  });

  it('is seen alike by OpenSSL, which refuses what it cannot read', () => {
    expect(nodeCertificate(der).subject).toBe('CN=orders.example.test');
    refused(() => nodeCertificate(new Uint8Array([1])), 'Not a certificate that can be read.');
  });
});
