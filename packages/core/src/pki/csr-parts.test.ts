// The parts of a request, each in the forms that it may and may not have.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { signStructure, subjectAltName } from './build-certificate.ts';
import { toPem } from './chain.ts';
import { checkRequestedNames, parseCsr } from './csr.ts';
import { bitString, contextConstructed, derNull, derTrue, integer, octetString, oid, sequence, setOf, utf8String } from './der.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { freshKey } from './testing/authority.ts';

const { signer, privateKey } = freshKey();
const host = 'a.example.test';
const attribute = (type: string, value: Uint8Array) => sequence(oid(type), value);
const named = (type: string, text: string) => setOf(attribute(type, utf8String(text)));
const extensions = (...list: readonly Uint8Array[]) => attribute(id.extensionRequest, setOf(sequence(...list)));
const asksFor = extensions(subjectAltName([host], false));

type Parts = { readonly subject: Uint8Array; readonly attributes: readonly Uint8Array[] | null };
const bodyOf = ({ subject = sequence(), attributes = [asksFor] }: Partial<Parts>): Uint8Array =>
  sequence(integer(0), subject, signer.spki, ...(attributes === null ? [] : [contextConstructed(0, ...attributes)]));
const request = (parts: Partial<Parts>): Promise<Uint8Array> => signStructure(bodyOf(parts), signer);
const messageOf = (der: Uint8Array): string => {
  try {
    return parseCsr(der).names.join();
  } catch (error) {
    if (error instanceof HostmasterError) return error.message;
    throw error;
  }
};
const notAcceptable = 'The certificate request is not acceptable: ';
const organisation = named(id.organizationName, 'Example & Sons');

describe('the names of a request', () => {
  it.each<[string, Partial<Parts>, string]>([
    ['are those of its alternative names', {}, host],
    ['are that of its subject where it asks for nothing else', { subject: sequence(named(id.commonName, host)), attributes: null }, host],
    ['are both, in lower case', { subject: sequence(named(id.commonName, 'B-1.Example.test')) }, `${host},b-1.example.test`],
    ['are each told once', { subject: sequence(named(id.commonName, host.toUpperCase())) }, host],
    ['may be a wildcard in the subject', { subject: sequence(named(id.commonName, '*.example.test')) }, `*.example.test,${host}`],
    ['are not the other parts of its subject', { subject: sequence(organisation, named(id.commonName, 'b.test')) }, `${host},b.test`],
    ['are not those of its subject where that holds no value', { subject: sequence(setOf(sequence(oid(id.commonName)))) }, host],
    ['are not looked for in other attributes', { attributes: [attribute('1.2.840.113549.1.9.7', setOf(derNull)), asksFor] }, host],
    ['are not for a CA where it says that it asks for none', { attributes: [notACa()] }, host],
  ])('%s', async (_, parts, expected) => {
    expect(messageOf(await request(parts))).toBe(expected);
  });

  it.each(['A host', 'a/b', '', '$a', 'a$'])('are no common name %j', async (name) => {
    expect(messageOf(await request({ subject: sequence(named(id.commonName, name)) }))).toContain('its common name is not a host name.');
  });

  it('are needed', async () => {
    expect(messageOf(await request({ attributes: [] }))).toBe(`${notAcceptable}it names no host.`);
    expect(messageOf(await request({ attributes: null }))).toBe(`${notAcceptable}it names no host.`);
  });
});

function notACa(): Uint8Array {
  return extensions(subjectAltName([host], false), sequence(oid(id.basicConstraints), octetString(sequence())));
}

describe('a request is refused by the part that is wrong:', () => {
  const many = (count: number, value: Uint8Array) => Array.from({ length: count }, () => value);
  it.each<[string, Partial<Parts>, string]>([
    ['the subject', { subject: derNull }, 'Not valid DER: the subject has tag 0x5.'],
    ['its length', { subject: sequence(...many(33, organisation)) }, 'Not valid DER: more than 32 values in one.'],
    ['a name in it', { subject: sequence(derNull) }, 'Not valid DER: a relative name has tag 0x5.'],
    [
      'the length of one',
      { subject: sequence(setOf(...many(9, attribute(id.organizationName, utf8String('x'))))) },
      'Not valid DER: more than 8 values in one.',
    ],
    ['an attribute', { attributes: [derNull] }, 'Not valid DER: an object identifier is missing.'],
    ['their number', { attributes: many(17, asksFor) }, 'Not valid DER: more than 16 values in one.'],
    [
      'the extensions that it asks for',
      { attributes: [attribute(id.extensionRequest, derNull)] },
      'Not valid DER: the requested extensions has tag 0x5.',
    ],
    [
      'their list',
      { attributes: [attribute(id.extensionRequest, setOf(derNull))] },
      'Not valid DER: the requested extensions has tag 0x5.',
    ],
    [
      'a second list',
      { attributes: [attribute(id.extensionRequest, setOf(sequence(), sequence()))] },
      'Not valid DER: more than 1 values in one.',
    ],
    [
      'a CA',
      { attributes: [extensions(sequence(oid(id.basicConstraints), octetString(sequence(derTrue))))] },
      `${notAcceptable}it asks to be a certificate authority.`,
    ],
  ])('%s', async (_, parts, message) => {
    expect(messageOf(await request(parts))).toBe(message);
  });

  const body = bodyOf({});
  const [algorithm, signature] = [sequence(oid(id.ecdsaWithSha256)), bitString(new Uint8Array(8))];
  it.each<[string, Uint8Array, string]>([
    ['nothing in it', sequence(), `${notAcceptable}it is not PKCS#10.`],
    ['no algorithm', sequence(body), `${notAcceptable}it is not PKCS#10.`],
    ['a part too many', sequence(body, algorithm, signature, derNull), `${notAcceptable}it is not PKCS#10.`],
    ['two parts too many', sequence(body, algorithm, signature, derNull, derNull), 'Not valid DER: more than 4 values in one.'],
    ['the whole', derNull, 'Not valid DER: the request has tag 0x5.'],
    ['its info', sequence(derNull, algorithm, signature), 'Not valid DER: the request info has tag 0x5.'],
    ['a version alone', sequence(sequence(integer(0)), algorithm, signature), `${notAcceptable}its version is not 1.`],
    ['no key', sequence(sequence(integer(0), sequence()), algorithm, signature), 'Not valid DER: the public key is missing.'],
    [
      'a part of the info too many',
      sequence(sequence(integer(0), sequence(), signer.spki, derNull, derNull), algorithm, signature),
      'Not valid DER: more than 4 values in one.',
    ],
    [
      'attributes of another kind',
      sequence(
        sequence(integer(0), sequence(), signer.spki, derNull),
        algorithm,
        bitString(sign('sha256', sequence(integer(0), sequence(), signer.spki, derNull), privateKey)),
      ),
      'Not valid DER: the attributes has tag 0x5.',
    ],
    ['its algorithm', sequence(body, derNull, signature), 'Not valid DER: the signature algorithm has tag 0x5.'],
    ['no signature', sequence(body, algorithm), 'Not valid DER: a bit string is missing.'],
  ])('%s', (_, der, message) => {
    expect(messageOf(der)).toBe(message);
  });
});

describe('a request may be signed', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spki = rsa.publicKey.export({ format: 'der', type: 'spki' });
  const signed = (key: KeyObject, of: Uint8Array, algorithm: Uint8Array, hash: string): Uint8Array => {
    const body = sequence(integer(0), sequence(), of, contextConstructed(0, asksFor));
    return sequence(body, algorithm, bitString(sign(hash, body, key)));
  };
  it.each([
    ['sha256', id.ecdsaWithSha256, id.sha256WithRsaEncryption],
    ['sha384', id.ecdsaWithSha384, id.sha384WithRsaEncryption],
    ['sha512', id.ecdsaWithSha512, id.sha512WithRsaEncryption],
  ])('with %s, by either kind of key', (hash, ecdsa, withRsa) => {
    expect(messageOf(signed(privateKey, signer.spki, sequence(oid(ecdsa)), hash))).toBe(host);
    expect(messageOf(signed(rsa.privateKey, spki, sequence(oid(withRsa), derNull), hash))).toBe(host);
  });

  it('only as its algorithm says, of its own kind of key', () => {
    const ecdsa = sequence(oid(id.ecdsaWithSha384));
    expect(messageOf(signed(privateKey, signer.spki, ecdsa, 'sha256'))).toContain('its signature does not verify');
    expect(messageOf(signed(rsa.privateKey, spki, ecdsa, 'sha384'))).toContain(`its signature algorithm ${id.ecdsaWithSha384} is not`);
  });
});

describe('what a request is sent as', () => {
  const label = 'CERTIFICATE REQUEST';
  const most = 64 * 1024;
  it.each<[string, string | Uint8Array, string]>([
    ['text before it', `x\n${toPem(new Uint8Array(1), label)}`, 'it is not one PEM block'],
    ['text after it', `${toPem(new Uint8Array(1), label)}x`, 'it is not one PEM block'],
    ['an empty block', `-----BEGIN ${label}----------END ${label}-----`, 'it is not one PEM block'],
    ['more bytes than may be', sequence(new Uint8Array(most - 3)), 'it is too large.'],
    ['as many as may be', sequence(new Uint8Array(most - 4)), 'Not valid DER'],
    ['more text than may be', ' '.repeat(2 * most + 1), 'it is too large.'],
    ['as much as may be', ' '.repeat(2 * most), 'it is not one PEM block'],
  ])('is judged with %s', (_, input, reason) => {
    expect(() => parseCsr(input)).toThrow(reason);
  });
});

it('what differs from an order is told for each name, with the way out', async () => {
  const differences = checkRequestedNames(parseCsr(await request({})), ['b.example.test']);
  expect(differences).toEqual([
    expect.objectContaining({ rule: 'csr-extra-name', path: 'csr', reason: expect.stringContaining(`asks for ${host},`) }),
    expect.objectContaining({ rule: 'csr-missing-name', path: 'csr', reason: expect.stringContaining('ask for b.example.test.') }),
  ]);
});
