import 'reflect-metadata';
import { generateKeyPairSync, sign } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { rounds } from '../testing/soak.ts';
import { signStructure, subjectAltName } from './build-certificate.ts';
import { buildCsr } from './build-csr.ts';
import { toPem } from './chain.ts';
import { checkRequestedNames, parseCsr } from './csr.ts';
import {
  bitString,
  contextConstructed,
  contextPrimitive,
  derNull,
  derTrue,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  utf8String,
} from './der.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { type Signer, signerFor } from './signer.ts';
import { freshKey } from './testing/authority.ts';

const { signer } = freshKey();
const names = ['orders.example.test', '*.api.example.test'];
const good = await buildCsr(signer, names);

const commonName = (text: string): Uint8Array => sequence(setOf(sequence(oid(id.commonName), utf8String(text))));
const san = (...generalNames: readonly Uint8Array[]): Uint8Array =>
  sequence(oid(id.subjectAltName), octetString(sequence(...generalNames)));
const dns = (name: string): Uint8Array => contextPrimitive(2, Buffer.from(name));
const info = (subject: Uint8Array, extensions: readonly Uint8Array[], spki = signer.spki, version = 0): Uint8Array =>
  sequence(integer(version), subject, spki, contextConstructed(0, sequence(oid(id.extensionRequest), setOf(sequence(...extensions)))));
const request = (subject: Uint8Array, extensions: readonly Uint8Array[]): Promise<Uint8Array> =>
  signStructure(info(subject, extensions), signer);

/** The rule that refuses, with what it owes whoever sent the request: the reason, in the message too, and the way out. */
function refusalOf(input: string | Uint8Array): string {
  try {
    parseCsr(input);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof HostmasterError) || error.code !== 'invalid-input') throw error;
    const [violation] = error.violations;
    if (violation === undefined) return error.message;
    const sentence = expect.stringMatching(/\S/);
    expect(violation).toMatchObject({ path: 'csr', reason: sentence, remedy: sentence });
    expect(error.message).toContain(violation.reason);
    return violation.rule;
  }
}

describe('a good request', () => {
  it('is read from DER, PEM text and PEM bytes alike, with its names sorted and once', () => {
    const pem = toPem(good, 'CERTIFICATE REQUEST');
    for (const input of [
      good,
      pem,
      Buffer.from(pem),
      Uint8Array.from(Buffer.from(pem)),
      `\n${pem}\n`,
      toPem(good, 'NEW CERTIFICATE REQUEST'),
    ]) {
      const read = parseCsr(input);
      expect(read.names).toEqual(['*.api.example.test', 'orders.example.test']);
      expect(read.publicKey.algorithm).toBe('ecdsa-p256');
      expect(Buffer.compare(read.der, good)).toBe(0);
    }
  });

  it('is the request that another implementation reads', async () => {
    const other = new x509.Pkcs10CertificateRequest(Uint8Array.from(good));
    expect(await other.verify()).toBe(true);
    const altName = other.extensions.find((extension) => extension instanceof x509.SubjectAlternativeNameExtension);
    expect(altName?.names.items.map(({ value }) => value)).toEqual(names);
    expect(altName?.critical).toBe(false);
  });

  it('may come from another implementation', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const other = await x509.Pkcs10CertificateRequestGenerator.create({
      name: 'CN=orders.example.test',
      keys,
      signingAlgorithm: algorithm,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'Orders.Example.Test' }])],
    });
    expect(parseCsr(new Uint8Array(other.rawData)).names).toEqual(['orders.example.test']);
  });

  it('may hold RSA and may name its host in the common name alone', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rsa = signerFor(privateKey);
    const der = await signStructure(sequence(integer(0), commonName('a.example.test'), rsa.spki, contextConstructed(0)), rsa);
    expect(parseCsr(der)).toMatchObject({ names: ['a.example.test'], publicKey: { algorithm: 'rsa', bits: 2048 } });
  });
});

describe('a hostile request', () => {
  const sha1: Signer = {
    ...signer,
    sign: async (bytes) => sign('sha1', bytes, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  };
  const sha1Request = async (): Promise<Uint8Array> => {
    const body = info(commonName('a.example.test'), [san(dns('a.example.test'))]);
    return sequence(body, sequence(oid('1.2.840.10045.4.1')), bitString(await sha1.sign(body)));
  };
  const weakRsa = (): Uint8Array => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const body = info(commonName('a.example.test'), [], publicKey.export({ format: 'der', type: 'spki' }));
    return sequence(body, sequence(oid(id.sha256WithRsaEncryption), derNull), bitString(sign('sha256', body, privateKey)));
  };
  const cases: [string, () => Promise<string | Uint8Array> | string | Uint8Array, string][] = [
    ['nothing', () => '', 'csr-format'],
    ['not DER', () => new Uint8Array([1, 2, 3]), 'Not valid DER: a value runs past the end.'],
    ['one megabyte', () => new Uint8Array(1024 * 1024), 'csr-size'],
    ['one octet more than may be', () => new Uint8Array(64 * 1024 + 1), 'csr-size'],
    ['one megabyte of PEM', () => toPem(new Uint8Array(1024 * 1024), 'CERTIFICATE REQUEST'), 'csr-size'],
    ['two PEM blocks', () => toPem(good, 'CERTIFICATE REQUEST').repeat(2), 'csr-format'],
    ['a certificate', () => toPem(good, 'CERTIFICATE'), 'csr-format'],
    ['DER that is something else', () => sequence(), 'csr-format'],
    ['octets after the end', () => Uint8Array.from([...good, 0]), 'Not valid DER: octets after the end.'],
    ['RSA with 1024 bits', weakRsa, 'key-policy'],
    ['SHA-1', sha1Request, 'csr-signature-algorithm'],
    [
      'a signature by another key',
      () => signStructure(info(sequence(), [san(dns('a.example.test'))]), { ...freshKey().signer, spki: signer.spki }),
      'csr-signature',
    ],
    [
      'an RSA signature algorithm on an EC key',
      () => sequence(info(sequence(), []), sequence(oid(id.sha256WithRsaEncryption), derNull), bitString(new Uint8Array(256))),
      'csr-signature-algorithm',
    ],
    [
      'an address of three octets',
      () => request(sequence(), [san(dns('a.example.test'), contextPrimitive(7, Uint8Array.from([127, 0, 0])))]),
      'csr-san-type',
    ],
    [
      'a URI that is not ASCII',
      () => request(sequence(), [san(dns('a.example.test'), contextPrimitive(6, Buffer.from('spiffe://\u00e4/b')))]),
      'csr-san-text',
    ],
    ['an e-mail address', () => request(sequence(), [san(contextPrimitive(1, Buffer.from('a@example.test')))]), 'csr-san-type'],
    ['no name', () => request(sequence(), []), 'csr-names'],
    ['a common name that is no host', () => request(commonName('Orders Team'), [san(dns('a.example.test'))]), 'csr-common-name'],
    [
      'a CA',
      () => request(sequence(), [san(dns('a.example.test')), sequence(oid(id.basicConstraints), derTrue, octetString(sequence(derTrue)))]),
      'csr-ca',
    ],
    [
      'two SAN extensions',
      () => request(sequence(), [san(dns('a.example.test')), san(dns('b.example.test'))]),
      'Not valid: the extension 2.5.29.17 appears twice.',
    ],
    ['a NUL in a name', () => request(sequence(), [san(dns('a.example.test\0.evil.test'))]), 'csr-san-text'],
    ['version 2', () => signStructure(info(sequence(), [san(dns('a.example.test'))], signer.spki, 1), signer), 'csr-format'],
  ];
  it.each(cases)('%s is refused', async (_, make, rule) => {
    expect(refusalOf(await make())).toBe(rule);
  });

  it('with any octet changed is refused, and never crashes', () => {
    const change = fc.record({ at: fc.nat(good.length - 1), flip: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(
        change,
        ({ at, flip }) => refusalOf(Uint8Array.from(good, (octet, index) => (index === at ? octet ^ flip : octet))) !== 'accepted',
      ),
      { numRuns: rounds(2000, 200_000) },
    );
  });

  it('cut short anywhere is refused', () => {
    for (let length = 0; length < good.length; length += 1) expect(refusalOf(good.subarray(0, length))).not.toBe('accepted');
  });
});

it('names that the order lacks and names that the request lacks are all told', () => {
  const violations = checkRequestedNames(parseCsr(good), ['orders.example.test', 'missing.example.test']);
  expect(violations.map(({ rule }) => rule)).toEqual(['csr-extra-name', 'csr-missing-name']);
  expect(checkRequestedNames(parseCsr(good), names)).toEqual([]);
});

it('the subject is empty where the first name is too long for a common name', async () => {
  const long = `${'a'.repeat(60)}.example.test`;
  expect(parseCsr(await buildCsr(signer, [long])).names).toEqual([long]);
  expect(subjectAltName([long], true)).toContain(0xff);
});
