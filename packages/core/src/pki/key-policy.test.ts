import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { bitString, derNull, integer, oid, sequence } from './der.ts';
import { checkPublicKey, keyIdentifier, weakModulus } from './key-policy.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

const spki = (key: KeyObject): Uint8Array => key.export({ format: 'der', type: 'spki' });
const octets = (n: bigint): Uint8Array => Buffer.from(n.toString(16).padStart(2 * Math.ceil(n.toString(16).length / 2), '0'), 'hex');
const rsaSpki = (modulus: bigint, exponent: bigint): Uint8Array =>
  sequence(sequence(oid(id.rsaEncryption), derNull), bitString(sequence(integer(octets(modulus)), integer(octets(exponent)))));

function reasonFor(input: Uint8Array): string {
  try {
    checkPublicKey(input);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof HostmasterError) || error.code !== 'invalid-input') throw error;
    const reason = error.message;
    if (error.message.startsWith('The key is not acceptable: ') && error.cause === undefined)
      expect(error.violations).toEqual([{ rule: 'key-policy', path: 'csr', reason, remedy: expect.stringMatching(/^[A-Z].*\.$/) }]);
    return error.message;
  }
}

const strong = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const strongModulus = BigInt(`0x${Buffer.from(String(strong.export({ format: 'jwk' }).n), 'base64url').toString('hex')}`);
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

/** A modulus of so many bits that has no known weakness. Nobody knows its primes, which matters to no check. */
function modulusOf(bits: number): bigint {
  const start = (2n ** 2050n + strongModulus) * 2n ** 2100n;
  for (let modulus = (start >> BigInt(start.toString(2).length - bits)) | 1n; ; modulus += 2n)
    if (weakModulus(modulus) === null) return modulus;
}

describe('accepted keys', () => {
  it.each([2048, 4096])('RSA with %i bits, the fewest and the most', (bits) => {
    expect(checkPublicKey(rsaSpki(modulusOf(bits), 65537n))).toMatchObject({ algorithm: 'rsa', bits });
  });

  it.each([
    ['ecdsa-p256', 256, p256],
    ['ecdsa-p384', 384, p384],
    ['rsa', 2048, strong],
    ['rsa', 3072, createPublicKey({ key: Buffer.from(rsaSpki(modulusOf(3072), 65537n)), format: 'der', type: 'spki' })],
  ])('%s with %i bits', (algorithm, bits, key) => {
    const judged = checkPublicKey(spki(key));
    expect([judged.algorithm, judged.bits]).toEqual([algorithm, bits]);
    expect(Buffer.compare(spki(judged.key), spki(key))).toBe(0);
  });
});

describe('refused keys', () => {
  const ecPoint = (change: (point: Uint8Array) => Uint8Array): Uint8Array => {
    const point = Buffer.from(spki(p256)).subarray(-65);
    return sequence(sequence(oid(id.ecPublicKey), oid(id.prime256v1)), bitString(change(point)));
  };
  const algorithm = 'its algorithm is not one of ECDSA P-256, ECDSA P-384, RSA';
  const canonical = 'it is not encoded canonically';
  const point = bitString(Buffer.from(spki(p256)).subarray(-65));
  it.each([
    ['RSA with 1024 bits', rsaSpki(modulusOf(1024), 65537n), 'it is RSA with 1024 bits; 2048 to 4096 are allowed, in whole octets'],
    ['RSA with 2047 bits', rsaSpki(modulusOf(2047), 65537n), 'it is RSA with 2047 bits; 2048 to 4096 are allowed, in whole octets'],
    ['RSA with 2040 bits', rsaSpki(modulusOf(2040), 65537n), 'it is RSA with 2040 bits; 2048 to 4096 are allowed, in whole octets'],
    ['RSA with 2052 bits', rsaSpki(modulusOf(2052), 65537n), 'it is RSA with 2052 bits; 2048 to 4096 are allowed, in whole octets'],
    ['RSA with 4104 bits', rsaSpki(modulusOf(4104), 65537n), 'it is RSA with 4104 bits; 2048 to 4096 are allowed, in whole octets'],
    ['RSA with 4097 bits', rsaSpki(modulusOf(4097), 65537n), 'it is RSA with 4097 bits; 2048 to 4096 are allowed, in whole octets'],
    ['a public exponent of 3', rsaSpki(strongModulus, 3n), 'its public exponent is not 65537'],
    ['an even modulus', rsaSpki(strongModulus - 1n, 65537n), 'its modulus has a small factor'],
    ['P-521', spki(generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey), algorithm],
    ['secp256k1', spki(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey), algorithm],
    ['Ed25519', spki(generateKeyPairSync('ed25519').publicKey), algorithm],
    ['a curve that is not named', sequence(sequence(oid(id.ecPublicKey), sequence()), point), algorithm],
    ['no curve', sequence(sequence(oid(id.ecPublicKey)), point), algorithm],
    ['a curve for another use', sequence(sequence(oid('1.3.132.1.12'), oid(id.prime256v1)), point), algorithm],
    [
      'a point off the curve',
      ecPoint((octets) => Uint8Array.from(octets, (octet, at) => (at === 64 ? octet ^ 1 : octet))),
      'it cannot be decoded',
    ],
    ['a compressed point', ecPoint((octets) => Uint8Array.from([2 + ((octets[64] ?? 0) & 1), ...octets.subarray(1, 33)])), canonical],
    ['a hybrid point', ecPoint((octets) => Uint8Array.from([6 + ((octets[64] ?? 0) & 1), ...octets.subarray(1)])), canonical],
    ['a point and more', ecPoint((octets) => Uint8Array.from([...octets, 0])), canonical],
    ['a point of another curve', ecPoint(() => Buffer.from(spki(p384)).subarray(-97)), canonical],
    [
      'RSA without NULL parameters',
      sequence(sequence(oid(id.rsaEncryption)), bitString(sequence(integer(octets(strongModulus)), integer(65537)))),
      canonical,
    ],
  ])('%s', (_, input, reason) => {
    expect(reasonFor(input)).toBe(`The key is not acceptable: ${reason}.`);
  });

  it.each([
    ['more bytes than may be', new Uint8Array(1025), 'The key is not acceptable: it is too large.'],
    ['as many as may be', new Uint8Array(1024), 'Not valid DER: octets after the end.'],
    ['nothing in it', sequence(), 'Not valid DER: a key algorithm is missing.'],
    ['something else', derNull, 'Not valid DER: a public key has tag 0x5.'],
    ['something else for its algorithm', sequence(derNull, point), 'Not valid DER: a key algorithm has tag 0x5.'],
    [
      'more than an algorithm',
      sequence(sequence(oid(id.rsaEncryption), derNull, derNull), point),
      'Not valid DER: more than 2 values in one.',
    ],
    ['more than a key', sequence(sequence(oid(id.rsaEncryption), derNull), point, derNull), 'Not valid DER: more than 2 values in one.'],
    [
      'something else for an RSA key',
      sequence(sequence(oid(id.rsaEncryption), derNull), bitString(derNull)),
      'Not valid DER: an RSA key has tag 0x5.',
    ],
    [
      'more in an RSA key than there is',
      sequence(sequence(oid(id.rsaEncryption), derNull), bitString(sequence(integer(1), integer(1), integer(1)))),
      'Not valid DER: more than 2 values in one.',
    ],
  ])('%s', (_, input, reason) => {
    expect(reasonFor(input)).toBe(reason);
  });
});

describe('known weak moduli', () => {
  it('a generated modulus has none of the weaknesses', () => {
    expect(weakModulus(strongModulus)).toBeNull();
  });
  it.each([2n, 3n, 5n, 7n, 11n, 13n, 17n, 361n, 743n, 751n])('a modulus with the factor %i, which is below 752', (factor) => {
    expect(weakModulus(strongModulus * factor)).toBe('its modulus has a small factor');
  });
  it('a factor from 752 on is none of them', () => {
    expect(weakModulus(strongModulus * 757n)).toBeNull();
  });
  it('a modulus whose residues are powers of 65537, as the ROCA generator makes them', () => {
    const product = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 37n, 53n, 61n, 71n, 73n, 79n, 97n, 103n, 107n, 109n, 127n, 151n, 157n].reduce(
      (a, b) => a * b,
    );
    let residue = 1n;
    for (let i = 0; i < 12_345; i += 1) residue = (residue * 65537n) % product;
    const candidates = Array.from({ length: 2000 }, (_, k) => residue + product * (2n ** 1900n + BigInt(k)));
    const noSmallFactor = candidates.find((n) => weakModulus(n)?.includes('small factor') === false);
    expect(noSmallFactor && weakModulus(noSmallFactor)).toContain('ROCA');
  });
  // Whether they are prime makes no difference to Fermat; only small factors must be out of the way.
  it.each([
    ['that are one', 0n, true],
    ['next to each other', 2n, true],
    ['so that fifty rounds find them', 10n * 2n ** 512n, true],
    ['so that a thousand rounds would find them', 48n * 2n ** 512n, false],
  ])('two primes %s', (_, half, close) => {
    const middles = Array.from({ length: 2000 }, (_each, k) => 2n ** 1024n + 1n + 2n * BigInt(k));
    const product = middles
      .map((middle) => (middle - half) * (middle + half))
      .find((n) => weakModulus(n)?.includes('small factor') !== true);
    expect(product && weakModulus(product)).toBe(close ? 'the two primes of its modulus lie too close together' : null);
  });
});

it('the key identifier is the leftmost 160 bits of SHA-256 over the key without its algorithm', () => {
  const digest = createHash('sha256')
    .update(Buffer.from(spki(p256)).subarray(-65))
    .digest();
  expect(Buffer.from(keyIdentifier(spki(p256)))).toEqual(digest.subarray(0, 20));
});

describe('a key that a standard prints', () => {
  it.each([
    [
      'RFC 9500',
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQiVI+I+3gv+17KN0RFLHKh5Vj71vc75eSOkyMsxFxbFsTNEMTLjVuKFxOelIgsiZJXKZNCX0FBmrfpCkKklCcg==',
    ],
    [
      'RFC 9500',
      'MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEWwkBuIUjKW65GdUP+hqcs3S8TUCVhigr/soRsdla27VHNK9XC/grcijPImvPTCXdvP47GjrTlDDv92Ph1o0uFR2Rcgt3lbWNprNGOWE6j7m1qNpIxnRxF/mRnoQk837I',
    ],
    [
      'RFC 7515',
      jwk({ kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' }),
    ],
    [
      'RFC 7517',
      jwk({ kty: 'EC', crv: 'P-256', x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM' }),
    ],
  ])('%s is everybody’s', (standard, published) => {
    expect(() => checkPublicKey(Buffer.from(published, 'base64'))).toThrow(`its private key is printed in ${standard}`);
  });
});

function jwk(key: Record<string, string>): string {
  return Buffer.from(spki(createPublicKey({ key, format: 'jwk' }))).toString('base64');
}
