// The parts of a request, each in the forms that it may and may not have.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { signStructure, subjectAltName } from './build-certificate.ts';
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
  tlv,
  utf8String,
} from './der.ts';
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

describe('what a request asks for beside names and a key is told, each once:', () => {
  const extension = (type: string) => sequence(oid(type), octetString(sequence()));
  const wishes = (...types: readonly string[]) => [extensions(subjectAltName([host], false), ...types.map(extension))];
  it.each<[string, Partial<Parts>, string[]]>([
    ['nothing', {}, []],
    [
      'nothing by a common name, nor by saying that it is for no CA',
      { subject: sequence(named(id.commonName, host)), attributes: [notACa()] },
      [],
    ],
    [
      'extensions',
      { attributes: wishes(id.keyUsage, id.extendedKeyUsage, '1.3.6.1.5.5.7.1.24') },
      ['key usage', 'extended key usage', 'TLS feature (OCSP must-staple)'],
    ],
    ['an extension that nobody here knows', { attributes: wishes('1.2.3.4') }, ['extension 1.2.3.4']],
    [
      'the rest of its subject',
      { subject: sequence(organisation, organisation, named('2.5.4.97', 'x')) },
      ['organization in the subject', 'attribute 2.5.4.97 in the subject'],
    ],
    ['other attributes', { attributes: [attribute('1.2.840.113549.1.9.7', setOf(derNull)), asksFor] }, ['challenge password']],
  ])('%s', async (_, parts, expected) => expect(parseCsr(await request(parts)).notTaken).toEqual(expected));
});

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

  it('with no parameters for ECDSA, and with NULL or nothing for RSA', () => {
    const odd = 'its signature algorithm has parameters that the standard does not allow.';
    expect(messageOf(signed(privateKey, signer.spki, sequence(oid(id.ecdsaWithSha256), derNull), 'sha256'))).toContain(odd);
    expect(messageOf(signed(privateKey, signer.spki, sequence(oid(id.ecdsaWithSha256), oid(id.prime256v1)), 'sha256'))).toContain(odd);
    expect(messageOf(signed(rsa.privateKey, spki, sequence(oid(id.sha256WithRsaEncryption), integer(0)), 'sha256'))).toContain(odd);
    expect(messageOf(signed(rsa.privateKey, spki, sequence(oid(id.sha256WithRsaEncryption)), 'sha256'))).toBe(host);
  });

  it('not with RSASSA-PSS, and is told what to do', () => {
    const pss = signed(rsa.privateKey, spki, sequence(oid(id.rsassaPss), sequence()), 'sha256');
    const remedy = expect.stringContaining('PKCS#1 v1.5');
    expect(() => parseCsr(pss)).toThrow(expect.objectContaining({ violations: [expect.objectContaining({ remedy })] }));
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
    ['a second block', toPem(new Uint8Array(1), label).repeat(2), 'there are 2 PEM blocks, and one is wanted.'],
    ['a block of another kind', toPem(new Uint8Array(1), label) + toPem(new Uint8Array(1)), 'there are 2 PEM blocks, and one is wanted.'],
    ['a private key', toPem(new Uint8Array(1), 'EC PRIVATE KEY') + toPem(new Uint8Array(1), label), 'a private key was sent with it'],
    ['a block that does not end', `-----BEGIN ${label}-----\nMAA=\n`, 'it is not one PEM block'],
    ['an empty block', `-----BEGIN ${label}----------END ${label}-----`, 'it is not one PEM block'],
    ['more bytes than may be', sequence(new Uint8Array(most - 3)), 'it is too large.'],
    ['as many as may be', sequence(new Uint8Array(most - 4)), 'Not valid DER'],
    ['more text than may be', ' '.repeat(2 * most + 1), 'it is too large.'],
    ['as much as may be', ' '.repeat(2 * most), 'it is not one PEM block'],
  ])('is judged with %s', (_, input, reason) => {
    expect(() => parseCsr(input)).toThrow(reason);
  });
});

describe('a request is read', () => {
  const label = 'CERTIFICATE REQUEST';
  it.each([
    ['with the words of `openssl req -text` before it', 'Certificate Request:\n    Data:\n        Version: 1 (0x0)\n', ''],
    ['with the words of certtool', 'PKCS #10 Certificate Request Information:\n\tVersion: 1\n\tKey: -----\n', '\n'],
    ['with a mail around it', 'Dear all,\r\n\r\nas promised:\r\n', '\r\n-- \r\nLee\r\n'],
    ['after a byte order mark', '\ufeff', ''],
  ])('%s', async (_, before, after) => {
    const text = `${before}${toPem(await request({}), label)}${after}`;
    expect(parseCsr(text).names).toEqual([host]);
    expect(parseCsr(Buffer.from(text)).names).toEqual([host]);
    expect(parseCsr(text.replaceAll(label, `NEW ${label}`)).names).toEqual([host]);
  });

  const octets = (text: string): Uint8Array => Buffer.from(text, 'hex');
  const odd = (name: string, value: Uint8Array) => sequence(oid(name), octetString(value));
  const san = subjectAltName([host], false);
  it.each<[string, Partial<Parts>]>([
    ['with an unknown extension that holds no DER', { attributes: [extensions(odd('1.2.3.4', octets('00ff')), san)] }],
    ['with an unknown extension that is empty', { attributes: [extensions(odd('1.2.3.4', octets('')), san)] }],
    ['with a known one that is not read here', { attributes: [extensions(odd(id.keyUsage, octets('00ff')), san)] }],
    ['as Windows has it', { attributes: [attribute(id.windowsExtensionRequest, setOf(sequence(san)))] }],
    ['where both attributes say the same', { attributes: [asksFor, attribute(id.windowsExtensionRequest, setOf(sequence(san)))] }],
    ['with a common name in BMPString', { subject: named16(host) }],
    ['with a common name in TeletexString', { subject: setName(0x14, Buffer.from(host)) }],
    ['with a common name in IA5String', { subject: setName(0x16, Buffer.from(host)) }],
  ])('%s', async (_, parts) => {
    expect(messageOf(await request(parts))).toBe(host);
  });

  it.each<[string, Partial<Parts>, string]>([
    ['a BMPString of an odd length', { subject: setName(0x1e, Buffer.from('abc')) }, 'its common name is not a host name.'],
    ['a common name that is no text', { subject: setName(0x03, Buffer.from('\0a')) }, 'its common name is not a host name.'],
    [
      'other names in the attribute of Windows',
      { attributes: [asksFor, attribute(id.windowsExtensionRequest, setOf(sequence(subjectAltName(['b.test'], false))))] },
      'it asks for the extension 2.5.29.17 twice, differently.',
    ],
    [
      'an alternative name in UTF-8',
      { attributes: [extensions(odd(id.subjectAltName, sequence(contextPrimitive(2, Buffer.from('bücher.test')))))] },
      'one of its alternative names holds an octet that is no printable ASCII.',
    ],
  ])('but not with %s', async (_, parts, reason) => {
    expect(messageOf(await request(parts))).toBe(`${notAcceptable}${reason}`);
  });
});

function setName(kind: number, content: Uint8Array): Uint8Array {
  return sequence(setOf(attribute(id.commonName, tlv(kind, [content]))));
}
function named16(text: string): Uint8Array {
  return setName(0x1e, Buffer.from(text, 'utf16le').swap16());
}

it('what differs from an order is told for each name, with the way out', async () => {
  const differences = checkRequestedNames(parseCsr(await request({})), ['b.example.test']);
  expect(differences).toEqual([
    expect.objectContaining({ rule: 'csr-extra-name', path: 'csr', reason: expect.stringContaining(`asks for ${host},`) }),
    expect.objectContaining({ rule: 'csr-missing-name', path: 'csr', reason: expect.stringContaining('ask for b.example.test.') }),
  ]);
});
