import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { rounds } from '../testing/soak.ts';
import { contextConstructed, derNull, derTrue, integer, octetString, oid, sequence } from './der.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { certIdUnder, issuerHashes } from './ocsp-cert-id.ts';
import { maxOcspRequestLength, parseOcspRequest } from './ocsp-request.ts';
import { serialInteger } from './serial.ts';
import { testAuthority } from './testing/authority.ts';

const { issuer } = await testAuthority();
const serial = '77B4EAA99F4B01F75323A69A8C327C00';
const certId = (hash: 'sha1' | 'sha256' = 'sha1', of = serial): Uint8Array => certIdUnder(issuer, hash)(serialInteger(of));
const request = (...list: readonly Uint8Array[]): Uint8Array => sequence(sequence(sequence(...list)));
const one = (...parts: readonly Uint8Array[]): Uint8Array => sequence(certId(), ...parts);
const nonce = '1.3.6.1.5.5.7.48.1.2';
const extensions = (name: string, critical = false): Uint8Array =>
  sequence(sequence(oid(name), ...(critical ? [derTrue] : []), octetString(octetString(new Uint8Array(16)))));
const tbs = (...parts: readonly Uint8Array[]): Uint8Array => sequence(sequence(...parts));
/** The reason of a refusal. */
function refusal(der: Uint8Array): string {
  try {
    parseOcspRequest(der);
    return 'accepted';
  } catch (error) {
    if (error instanceof HostmasterError && error.code === 'invalid-input') return error.message;
    throw error;
  }
}
const serialsIn = (der: Uint8Array) => parseOcspRequest(der).map((asked) => asked.serial);

describe('what a request asks for', () => {
  it.each(['sha1', 'sha256'] as const)('is read with the hashes of its issuer, by %s', (hash) => {
    const { name, key } = issuerHashes(issuer, hash);
    expect(parseOcspRequest(request(sequence(certId(hash))))).toEqual([
      { hash, issuerNameHash: expect.anything(), issuerKeyHash: expect.anything(), serial },
    ]);
    const [asked] = parseOcspRequest(request(sequence(certId(hash))));
    expect(Buffer.from(asked?.issuerNameHash ?? [])).toEqual(Buffer.from(name));
    expect(Buffer.from(asked?.issuerKeyHash ?? [])).toEqual(Buffer.from(key));
  });

  it('may be several certificates', () => {
    expect(serialsIn(request(one(), sequence(certId('sha256', 'AB'.repeat(16)))))).toEqual([serial, 'AB'.repeat(16)]);
  });

  it('may be named by a hash that nobody here knows, with parameters or without', () => {
    for (const algorithm of [sequence(oid('2.16.840.1.101.3.4.2.3'), derNull), sequence(oid('2.16.840.1.101.3.4.2.3'))]) {
      const asked = sequence(algorithm, octetString(new Uint8Array(64)), octetString(new Uint8Array(64)), integer(randomBytes(16)));
      expect(parseOcspRequest(request(sequence(asked)))).toMatchObject([{ hash: null }]);
    }
  });

  it.each([
    ['a negative number', Uint8Array.of(0x02, 0x01, 0x80)],
    ['nought', Uint8Array.of(0x02, 0x01, 0x00)],
  ])('is no certificate of ours where the serial is %s', (_, number) => {
    const asked = sequence(sequence(oid(id.sha1)), octetString(new Uint8Array(20)), octetString(new Uint8Array(20)), number);
    expect(serialsIn(request(sequence(asked)))).toEqual([null]);
  });
});

describe('what clients add', () => {
  it.each([
    ['a nonce', tbs(sequence(one()), contextConstructed(2, extensions(nonce)))],
    ['an extension of one request', request(one(contextConstructed(0, extensions(nonce))))],
    ['the version that is the default', tbs(contextConstructed(0, integer(0)), sequence(one()))],
    ['its name', tbs(contextConstructed(1, contextConstructed(4, sequence())), sequence(one()))],
    ['a signature, which is not looked at', sequence(sequence(sequence(one())), contextConstructed(0, sequence()))],
    [
      'all of it',
      tbs(contextConstructed(0, integer(0)), contextConstructed(1, derNull), sequence(one()), contextConstructed(2, extensions(nonce))),
    ],
  ])('is skipped: %s', (_, der) => {
    expect(serialsIn(der)).toEqual([serial]);
  });
});

describe('what cannot be answered', () => {
  it.each([
    ['a critical extension', tbs(sequence(one()), contextConstructed(2, extensions(nonce, true))), `critical extension ${nonce}`],
    ['one of a single request', request(one(contextConstructed(0, extensions('1.2.3', true)))), 'critical extension 1.2.3'],
    [
      'the same extension twice',
      tbs(sequence(one()), contextConstructed(2, sequence(...Array.from({ length: 2 }, () => sequence(oid('1.2.3'), octetString()))))),
      'appears twice',
    ],
    ['another version', tbs(contextConstructed(0, integer(1)), sequence(one())), 'version'],
    ['parts in another order', tbs(sequence(one()), contextConstructed(0, integer(0))), 'in their order'],
    ['a part twice', tbs(sequence(one()), sequence(one())), 'in their order'],
    ['a part that there is not', tbs(sequence(one()), contextConstructed(3, derNull)), 'in their order'],
    ['no request', request(), 'asks for nothing'],
    ['no list', tbs(), 'is missing'],
    ['33 requests', request(...Array.from({ length: 33 }, () => one())), 'more than 32'],
    ['something after the signature', sequence(sequence(sequence(one())), contextConstructed(0, sequence()), derNull), 'follows'],
    ['something beside a CertID', request(one(contextConstructed(0, extensions(nonce)), derNull)), 'more than it may'],
    [
      'a CertID with five parts',
      request(sequence(sequence(sequence(oid(id.sha1)), octetString(), octetString(), integer(9), derNull))),
      'more than it may',
    ],
    [
      'parameters of a hash',
      request(sequence(sequence(sequence(oid(id.sha1), sequence(derNull)), octetString(), octetString(), integer(9)))),
      'parameters',
    ],
    ['a certificate', issuer.der, 'follows'],
    ['octets after its end', Buffer.concat([request(one()), derNull]), 'octets after the end'],
    ['nothing', new Uint8Array(), 'cut short'],
    ['HTML', Buffer.from('<html>'), 'Not valid DER'],
    ['more than a request may have', new Uint8Array(maxOcspRequestLength + 1), 'too large'],
  ])('is said: %s', (_, der, reason) => {
    expect(refusal(der)).toContain(reason);
  });

  it('takes neither long nor memory, however it is nested', () => {
    let nested: Uint8Array = derNull;
    while (nested.length < maxOcspRequestLength - 8) nested = sequence(nested);
    expect(refusal(nested)).toMatch(/\./);
  });

  it('is refused and nothing else, whatever is sent', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (der) => {
        refusal(der);
      }),
      { numRuns: rounds(2000, 200_000) },
    );
    const good = tbs(contextConstructed(0, integer(0)), sequence(one()), contextConstructed(2, extensions(nonce)));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, octet) => {
        refusal(Uint8Array.from(good, (before, index) => (index === at ? octet : before)));
      }),
      { numRuns: rounds(5000, 500_000) },
    );
    for (let length = 0; length < good.length; length += 1) expect(refusal(good.subarray(0, length))).not.toBe('accepted');
  });
});

it('every serial that is in a CertID is read back', () => {
  const octets = fc.uint8Array({ minLength: 8, maxLength: 16 }).filter((each) => each[0] !== 0);
  fc.assert(
    fc.property(octets, fc.constantFrom('sha1' as const, 'sha256' as const), (number, hash) => {
      const hex = Buffer.from(number).toString('hex').toUpperCase();
      expect(serialsIn(request(sequence(certId(hash, hex))))).toEqual([hex]);
    }),
    { numRuns: rounds(200, 20_000) },
  );
});
