import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { bitString, derNull, integer, oid, sequence } from './der.ts';
import { checkPublicKey, keyIdentifier, weakModulus } from './key-policy.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

const spki = (key: KeyObject): Uint8Array => key.export({ format: 'der', type: 'spki' });
const octets = (n: bigint): Uint8Array => Buffer.from(n.toString(16).padStart(2 * Math.ceil(n.toString(16).length / 2), '0'), 'hex');
const rsaSpki = (modulus: bigint, exponent: bigint): Uint8Array =>
  sequence(sequence(oid(id.rsaEncryption), derNull), bitString(sequence(integer(octets(modulus)), integer(octets(exponent)))));
const rsa = (modulusLength: number, publicExponent = 65537) => generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey;

function reasonFor(input: Uint8Array): string {
  try {
    checkPublicKey(input);
    return 'accepted';
  } catch (error) {
    if (error instanceof HostmasterError && error.code === 'invalid-input') return error.message;
    throw error;
  }
}

const strong = rsa(2048);
const strongModulus = BigInt(`0x${Buffer.from(String(strong.export({ format: 'jwk' }).n), 'base64url').toString('hex')}`);
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

describe('accepted keys', () => {
  it.each([
    ['ecdsa-p256', 256, p256],
    ['ecdsa-p384', 384, generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
    ['rsa', 2048, strong],
    ['rsa', 3072, rsa(3072)],
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
  it.each([
    ['RSA with 1024 bits', spki(rsa(1024)), '1024 bits'],
    ['RSA with 4104 bits', rsaSpki(2n ** 4103n + 1n, 65537n), '4104 bits'],
    ['a public exponent of 3', rsaSpki(strongModulus, 3n), 'exponent'],
    ['an even modulus', rsaSpki(strongModulus - 1n, 65537n), 'small factor'],
    ['P-521', spki(generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey), 'algorithm'],
    ['secp256k1', spki(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey), 'algorithm'],
    ['Ed25519', spki(generateKeyPairSync('ed25519').publicKey), 'algorithm'],
    ['a point off the curve', ecPoint((point) => Uint8Array.from(point, (octet, at) => (at === 64 ? octet ^ 1 : octet))), 'decoded'],
    ['a compressed point', ecPoint((point) => Uint8Array.from([2 + ((point[64] ?? 0) & 1), ...point.subarray(1, 33)])), 'canonical'],
    [
      'RSA without NULL parameters',
      sequence(sequence(oid(id.rsaEncryption)), bitString(sequence(integer(octets(strongModulus)), integer(65537)))),
      'canonical',
    ],
    ['too many bytes', new Uint8Array(5000), 'too large'],
    ['something else', sequence(), 'DER'],
  ])('%s', (_, input, reason) => {
    expect(reasonFor(input)).toContain(reason);
  });
});

describe('known weak moduli', () => {
  it('a generated modulus has none of the weaknesses', () => {
    expect(weakModulus(strongModulus)).toBeNull();
  });
  it('a modulus with a factor below 752', () => {
    expect(weakModulus(strongModulus * 751n)).toContain('small factor');
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
  it('two primes that lie close together', () => {
    // Whether they are prime makes no difference to Fermat; only small factors must be out of the way.
    const start = 2n ** 1103n + 5n * 2n ** 600n + 1n;
    const products = Array.from({ length: 2000 }, (_, k) => start + 2n * BigInt(k)).map((p) => p * (p + 4n));
    const product = products.find((n) => weakModulus(n)?.includes('small factor') === false);
    expect(product && weakModulus(product)).toContain('close together');
  });
});

it('the key identifier is 20 octets and differs between keys', () => {
  expect(keyIdentifier(spki(p256))).toHaveLength(20);
  expect(Buffer.compare(keyIdentifier(spki(p256)), keyIdentifier(spki(strong)))).not.toBe(0);
});
