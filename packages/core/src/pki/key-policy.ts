// Which public keys may stand in a certificate: ECDSA on P-256 or P-384, RSA of 2048 to 4096 bits with e = 65537,
// in the one canonical encoding, and none of these that are known to be weak: RSA with a small factor, with the ROCA fingerprint
// (CVE-2017-15361), or with two primes so close that Fermat's method finds them (CVE-2022-26320), and keys that a standard prints
// (published-keys.ts). Lists of keys that were stolen, or made by a broken generator (CVE-2008-0166), are not kept here.
// Baseline Requirements §6.1.1.3 ask for all of it.
import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { HostmasterError, type Violation } from '../errors.ts';
import { bitString, derNull, integer, oid, sequence, tag } from './der.ts';
import { children, expectTag, readBitOctets, readDer, readInteger, readOid } from './der-reader.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import type { KeyAlgorithm } from './profile.ts';
import { publishedKeyIn } from './published-keys.ts';

export type PublicKey = {
  readonly algorithm: KeyAlgorithm;
  readonly bits: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly key: KeyObject;
};

/** A 4096-bit RSA key takes 550 octets. */
const maxSpkiLength = 1024;

const refusal = (why: string, remedy: string): HostmasterError => {
  const reason = `The key is not acceptable: ${why}.`;
  const violations: readonly Violation[] = [{ rule: 'key-policy', path: 'csr', reason, remedy }];
  return new HostmasterError('invalid-input', reason, { violations });
};

const smallPrimes: readonly bigint[] = (() => {
  const primes: number[] = [];
  for (let n = 3; n < 752; n += 2) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes.map(BigInt);
})();

/** For each prime that the flawed generator used, the residues that powers of 65537 can take. */
const rocaResidues: readonly { prime: bigint; residues: ReadonlySet<bigint> }[] = [
  3, 5, 7, 11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157,
].map((small) => {
  const prime = BigInt(small);
  const residues = new Set<bigint>();
  for (let power = 1n; !residues.has(power); power = (power * 65537n) % prime) residues.add(power);
  return { prime, residues };
});

function squareRoot(n: bigint): bigint {
  if (n === 0n) return n;
  let root = 1n << BigInt((n.toString(16).length * 4 + 1) >> 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Residues of squares: who is in none of them is no square, which is far cheaper to see than a root of 2,048 bits. */
const squareResidues: readonly { modulus: bigint; residues: ReadonlySet<bigint> }[] = [64n, 63n, 65n, 11n].map((modulus) => {
  const residues = new Set<bigint>();
  for (let n = 0n; n < modulus; n += 1n) residues.add((n * n) % modulus);
  return { modulus, residues };
});
const isSquare = (n: bigint): boolean =>
  squareResidues.every(({ modulus, residues }) => residues.has(n % modulus)) && squareRoot(n) ** 2n === n;

/** Whether a few rounds of Fermat's factorisation split n: its primes then lie close together. */
function closePrimes(n: bigint, rounds = 100): boolean {
  let a = squareRoot(n);
  if (a * a < n) a += 1n;
  for (let round = 0; round < rounds; round += 1, a += 1n) if (isSquare(a * a - n)) return true;
  return false;
}

/** Why an RSA modulus is known to be weak, or null. */
export function weakModulus(modulus: bigint): string | null {
  if (modulus % 2n === 0n || smallPrimes.some((prime) => modulus % prime === 0n)) return 'its modulus has a small factor';
  if (rocaResidues.every(({ prime, residues }) => residues.has(modulus % prime))) return 'its modulus has the ROCA fingerprint';
  if (closePrimes(modulus)) return 'the two primes of its modulus lie too close together';
  return null;
}

const notCanonical = (): HostmasterError =>
  refusal('it is not encoded canonically', 'Use an uncompressed point, a named curve, and NULL parameters for RSA.');

const base64url = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');

function decode(input: Parameters<typeof createPublicKey>[0]): KeyObject {
  try {
    return createPublicKey(input);
  } catch (cause) {
    throw new HostmasterError('invalid-input', 'The key is not acceptable: it cannot be decoded.', { cause });
  }
}

function checkEc(spki: Uint8Array, algorithm: 'ecdsa-p256' | 'ecdsa-p384', point: Uint8Array): PublicKey {
  const [curve, crv, size] = algorithm === 'ecdsa-p256' ? [id.prime256v1, 'P-256', 32] : [id.secp384r1, 'P-384', 48];
  const canonical = sequence(sequence(oid(id.ecPublicKey), oid(curve)), bitString(point));
  if (point[0] !== 4 || point.length !== 1 + 2 * size || Buffer.compare(canonical, spki) !== 0) throw notCanonical();
  // A JWK is decoded twice as fast as an SPKI, and OpenSSL checks here too that the point lies on the curve.
  const key = decode({
    key: { kty: 'EC', crv, x: base64url(point.subarray(1, 1 + size)), y: base64url(point.subarray(1 + size)) },
    format: 'jwk',
  });
  return { algorithm, bits: size * 8, spki, key };
}

function checkRsa(spki: Uint8Array, octets: Uint8Array): PublicKey {
  const [modulusValue, exponentValue] = children(expectTag(readDer(octets), tag.sequence, 'an RSA key'), 2);
  const modulusOctets = readInteger(modulusValue);
  const exponentOctets = readInteger(exponentValue);
  const modulus = BigInt(`0x${Buffer.from(modulusOctets).toString('hex')}`);
  const exponent = BigInt(`0x${Buffer.from(exponentOctets).toString('hex')}`);
  const bits = modulus.toString(2).length;
  const remedy = 'Generate an ECDSA P-256 key, or an RSA key of 2048 to 4096 bits with a current tool.';
  if (bits < 2048 || bits > 4096 || bits % 8 !== 0)
    throw refusal(`it is RSA with ${bits} bits; 2048 to 4096 are allowed, in whole octets`, remedy);
  if (exponent !== 65537n) throw refusal('its public exponent is not 65537', remedy);
  const canonical = sequence(
    sequence(oid(id.rsaEncryption), derNull),
    bitString(sequence(integer(modulusOctets), integer(exponentOctets))),
  );
  if (Buffer.compare(canonical, spki) !== 0) throw notCanonical();
  const weakness = weakModulus(modulus);
  if (weakness !== null) throw refusal(weakness, remedy);
  return { algorithm: 'rsa', bits, spki, key: decode({ key: Buffer.from(spki), format: 'der', type: 'spki' }) };
}

/** Parses and judges a SubjectPublicKeyInfo. Errors: invalid-input with the rule `key-policy`. */
export function checkPublicKey(spki: Uint8Array): PublicKey {
  if (spki.length > maxSpkiLength) throw refusal('it is too large', 'Use an RSA key of at most 4096 bits.');
  const standard = publishedKeyIn(hash('sha256', spki, 'hex'));
  if (standard !== null)
    throw refusal(
      `its private key is printed in ${standard}, for everybody to use`,
      'Generate a key of your own, and keep it to yourself.',
    );
  const [algorithm, subjectPublicKey] = children(expectTag(readDer(spki), tag.sequence, 'a public key'), 2);
  const [kind, parameters] = children(expectTag(algorithm, tag.sequence, 'a key algorithm'), 2);
  const name = readOid(kind);
  const curve = name === id.ecPublicKey && parameters?.tag === tag.oid ? readOid(parameters) : null;
  if (name === id.rsaEncryption) return checkRsa(spki, readBitOctets(subjectPublicKey));
  if (curve === id.prime256v1) return checkEc(spki, 'ecdsa-p256', readBitOctets(subjectPublicKey));
  if (curve === id.secp384r1) return checkEc(spki, 'ecdsa-p384', readBitOctets(subjectPublicKey));
  if (name === id.ecPublicKey && parameters?.tag === tag.sequence) {
    const remedy =
      'Write the name of the curve, P-256 or P-384, into the key: `openssl ec -in key.pem -param_enc named_curve -out key.pem`, or generate it with `-pkeyopt ec_param_enc:named_curve`; then make the request anew.';
    throw refusal('its curve is spelled out in parameters, and must be named (RFC 5480 §2.1.1)', remedy);
  }
  throw refusal('its algorithm is not one of ECDSA P-256, ECDSA P-384, RSA', 'Generate an ECDSA P-256 key.');
}

/** SHA-256 of a public key, lower-case hex: a key that passed here has one encoding, so that it has one fingerprint. */
export const keyFingerprint = ({ spki }: Pick<PublicKey, 'spki'>): string => hash('sha256', spki, 'hex');

/** The key identifier of RFC 7093 §2 method 1: the leftmost 160 bits of SHA-256 over the subjectPublicKey octets. */
export function keyIdentifier(spki: Uint8Array): Uint8Array {
  const [, subjectPublicKey] = children(readDer(spki));
  return hash('sha256', readBitOctets(subjectPublicKey), 'buffer').subarray(0, 20);
}
