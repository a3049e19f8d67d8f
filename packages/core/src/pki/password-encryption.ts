// What was encrypted under a password (RFC 8018, RFC 7292 Appendix C), as far as it is read here. What a password costs to try, whoever
// encrypted it has chosen: that is bounded before it is paid.
import { createDecipheriv, pbkdf2, type ScryptOptions, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { HostmasterError } from '../errors.ts';
import { tag } from './der.ts';
import { children, type DerValue, expectTag, readOid, readSmallInteger } from './der-reader.ts';
import { WrongPassphrase } from './key-store-content.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { derivePkcs12Slowly, type Pkcs12Hash, pkcs12Hashes } from './pkcs12.ts';
import { decryptRc2 } from './rc2.ts';

/** Iterations of PBKDF2 for one file: OpenSSL takes 2,048 for each part of it, GnuTLS 600,000. Three seconds of a processor. */
const mostIterations = 6_000_000;
/** Hashes of PKCS #12 for one file: Java 8 takes 350,000, GnuTLS 600,000 for the MAC alone. As long. */
const mostHashes = 1_250_000;
/** Blocks of scrypt that are mixed and made, of which OpenSSL takes 131,072. As long, and 128 times as many octets. */
const mostScrypt = 2_097_152;
/** What it costs to make a block of scrypt by PBKDF2 before and after it is mixed N times (RFC 7914 §6), in mixings. */
const madeAs = 8;

/** What opening one file may cost, counted as it is spent. */
export class Effort {
  #left = 1;

  /** Errors: invalid-input, before anything is computed. */
  spend(share: number): void {
    this.#left -= share;
    if (!(this.#left >= 0))
      throw new HostmasterError('invalid-input', 'Its passphrase is stretched for so long that nobody here waits for it.');
  }

  /** For key material of so many octets (RFC 7292 Appendix B.2). */
  spendPkcs12(derivation: Parameters<typeof pkcs12Hashes>[0], length: number): void {
    this.spend(pkcs12Hashes(derivation, length) / mostHashes);
  }
}

/** How often a password is stretched. */
export function readIterations(value: DerValue | undefined): number {
  const count = readSmallInteger(value);
  if (count < 1) throw new HostmasterError('invalid-input', 'A passphrase is stretched less than once.');
  return count;
}

const unknown = (what: string): HostmasterError =>
  new HostmasterError('invalid-input', `It is encrypted in a way that is not known here: ${what}.`);

/** RFC 8018 Appendix B.1.2. */
const pseudoRandom: ReadonlyMap<string, Pkcs12Hash> = new Map([
  [id.hmacWithSha1, 'sha1'],
  [id.hmacWithSha224, 'sha224'],
  [id.hmacWithSha256, 'sha256'],
  [id.hmacWithSha384, 'sha384'],
  [id.hmacWithSha512, 'sha512'],
]);
/** RFC 8018 Appendix B.2, RFC 3565 §4.1. Lengths in octets. */
const ciphers: ReadonlyMap<string, { readonly name: string; readonly key: number }> = new Map([
  [id.desEde3Cbc, { name: 'des-ede3-cbc', key: 24 }],
  [id.aes128Cbc, { name: 'aes-128-cbc', key: 16 }],
  [id.aes192Cbc, { name: 'aes-192-cbc', key: 24 }],
  [id.aes256Cbc, { name: 'aes-256-cbc', key: 32 }],
]);

// In threads of their own: what opens a file is waited for beside whatever else the process does.
const stretch = promisify(pbkdf2);
const stretchHard = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt);

function decrypt(cipher: string, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  try {
    const decrypting = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decrypting.update(ciphertext), decrypting.final()]);
  } catch {
    throw new WrongPassphrase();
  }
}

/** A key of PBKDF2 (RFC 8018 Appendix A.2) or scrypt (RFC 7914 §7). */
async function stretched(derivation: DerValue | undefined, password: string, length: number, effort: Effort): Promise<Uint8Array> {
  const [kind, parameters] = children(expectTag(derivation, tag.sequence, 'the key derivation'), 2);
  const [salt, cost, ...more] = children(expectTag(parameters, tag.sequence, 'the key derivation'), 5);
  const { content } = expectTag(salt, tag.octetString, 'a salt');
  const name = readOid(kind);
  if (name === id.scrypt) {
    const [N, r, p] = [cost, ...more].slice(0, 3).map(readSmallInteger);
    if (N === undefined || r === undefined || p === undefined || N < 2 || (N & (N - 1)) !== 0 || r < 1 || p < 1)
      throw unknown('scrypt without a cost');
    // N is below 2^(128 r / 8) (RFC 7914 §2). OpenSSL must not be the one to refuse it: what it says of that stays in its queue of errors, and
    // Node 20 ends the process that encrypts by WebCrypto next (errors->Empty()).
    if (N >= 2 ** (16 * r)) throw unknown('scrypt with a cost that its block size does not allow');
    effort.spend(((N + madeAs) * r * p) / mostScrypt);
    return stretchHard(password, content, length, { N, r, p, maxmem: 256 * mostScrypt });
  }
  if (name !== id.pbkdf2) throw unknown(name);
  const iterations = readIterations(cost);
  // The length of the key may stand before it.
  const named = more.find((value) => value.tag === tag.sequence);
  const hash = named === undefined ? 'sha1' : pseudoRandom.get(readOid(children(named, 2)[0]));
  if (hash === undefined) throw unknown('an unknown pseudo-random function');
  effort.spend(pkcs12Hashes({ hash, iterations }, length) / mostIterations);
  return stretch(password, content, iterations, length, hash);
}

/** RFC 8018 §6.2. */
async function decryptPbes2(
  parameters: DerValue | undefined,
  ciphertext: Uint8Array,
  password: string,
  effort: Effort,
): Promise<Uint8Array> {
  const [derivation, scheme] = children(expectTag(parameters, tag.sequence, 'the encryption'), 2);
  const [kind, iv] = children(expectTag(scheme, tag.sequence, 'the cipher'), 2);
  const cipher = ciphers.get(readOid(kind));
  if (cipher === undefined) throw unknown(readOid(kind));
  const key = await stretched(derivation, password, cipher.key, effort);
  return decrypt(cipher.name, key, expectTag(iv, tag.octetString, 'the initialisation vector').content, ciphertext);
}

const ivOctets = 8;
/** RFC 7292 Appendix C: a key by SHA-1. Lengths in octets. */
const byPkcs12: ReadonlyMap<string, { readonly key: number; readonly open: typeof decryptRc2 }> = new Map([
  [id.pbeWithSha1And3DesCbc, { key: 24, open: (key, iv, octets) => decrypt('des-ede3-cbc', key, iv, octets) }],
  [
    id.pbeWithSha1And2DesCbc,
    { key: 16, open: (key, iv, octets) => decrypt('des-ede3-cbc', Buffer.concat([key, key.subarray(0, 8)]), iv, octets) },
  ],
  [id.pbeWithSha1And128BitRc2Cbc, { key: 16, open: decryptRc2 }],
  [id.pbeWithSha1And40BitRc2Cbc, { key: 5, open: decryptRc2 }],
]);

/**
 * Opens what stands under an algorithm with its parameters.
 * @param password null: no octets at all, which is another one than the empty text to PKCS #12
 * Errors: invalid-input; WrongPassphrase, which cannot be told from damage.
 */
export async function decryptWithPassword(
  algorithm: DerValue | undefined,
  ciphertext: Uint8Array,
  password: string | null,
  effort: Effort,
): Promise<Uint8Array> {
  const [kind, parameters] = children(expectTag(algorithm, tag.sequence, 'the encryption'), 2);
  const name = readOid(kind);
  if (name === id.pbes2) return decryptPbes2(parameters, ciphertext, password ?? '', effort);
  const known = byPkcs12.get(name);
  if (known === undefined) throw unknown(name);
  const [salt, count] = children(expectTag(parameters, tag.sequence, 'the encryption'), 2);
  const derivation = {
    ...({ hash: 'sha1', password, salt: expectTag(salt, tag.octetString, 'a salt').content } as const),
    iterations: readIterations(count),
  };
  for (const length of [known.key, ivOctets]) effort.spendPkcs12(derivation, length);
  const key = await derivePkcs12Slowly(derivation, 'encryption', known.key);
  return known.open(key, await derivePkcs12Slowly(derivation, 'iv', ivOctets), ciphertext);
}
