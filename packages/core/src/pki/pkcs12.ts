// PKCS #12 (RFC 7292): what holds a store together, and how what is in it is encrypted. What others wrote is read in read-pkcs12.ts.
import { createCipheriv, createHmac, hash as hashOnce, pbkdf2Sync } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { contextConstructed, contextPrimitive, derNull, integer, octetString, oid, sequence, setOf, tlv } from './der.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

const bmpString = 0x1e;
/** Big-endian UTF-16, as BMPString and Java's `char[]` are. */
export const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** What a hash takes in at a time, and gives, in octets (FIPS 180-4). */
const hashes = {
  sha1: { block: 64, digest: 20 },
  sha224: { block: 64, digest: 28 },
  sha256: { block: 64, digest: 32 },
  sha384: { block: 128, digest: 48 },
  sha512: { block: 128, digest: 64 },
} as const;
export type Pkcs12Hash = keyof typeof hashes;

/** What the key is for (Appendix B.3). */
const purpose = { encryption: 1, iv: 2, mac: 3 } as const;

export type Derivation = {
  readonly hash: Pkcs12Hash;
  /** null: no octets at all, as some write the empty password. */
  readonly password: string | null;
  readonly salt: Uint8Array;
  readonly iterations: number;
};

/** Repeated to whole blocks (Appendix B.2, steps 2 and 3). */
const filled = (octets: Uint8Array, block: number): Buffer => Buffer.alloc(block * Math.ceil(octets.length / block), octets);

/** How often `derivePkcs12` hashes for so many octets, and PBKDF2 its HMAC. */
export const pkcs12Hashes = ({ hash, iterations }: Pick<Derivation, 'hash' | 'iterations'>, length: number): number =>
  iterations * Math.ceil(length / hashes[hash].digest);

/** Some milliseconds. */
const hashesAtATime = 5000;

type Derived = readonly [derivation: Derivation, what: keyof typeof purpose, length: number];

/** Key material of a password (Appendix B.2), which stops now and then. */
function* deriving(...[{ hash, password, salt, iterations }, what, length]: Derived): Generator<void, Uint8Array> {
  const { block } = hashes[hash];
  const diversifier = Buffer.alloc(block, purpose[what]);
  const text = password === null ? Buffer.alloc(0) : utf16(`${password}\0`);
  const input = Buffer.concat([filled(salt, block), filled(text, block)]);
  const made: Buffer[] = [];
  for (let octets = 0; octets < length; ) {
    let digest = hashOnce(hash, Buffer.concat([diversifier, input]), 'buffer');
    for (let round = 1; round < iterations; round += 1) {
      digest = hashOnce(hash, digest, 'buffer');
      if (round % hashesAtATime === 0) yield;
    }
    made.push(digest);
    octets += digest.length;
    addToBlocks(input, digest, block);
  }
  return Buffer.concat(made).subarray(0, length);
}

/** Key material of a password that was chosen here, at once. @param length in octets */
export function derivePkcs12(...derived: Derived): Uint8Array {
  const steps = deriving(...derived);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Key material of a password that others chose, and how often it is hashed: the process does other things between. @param length in octets */
export async function derivePkcs12Slowly(...derived: Derived): Promise<Uint8Array> {
  const steps = deriving(...derived);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await setImmediate();
  }
}

const macWith = (hash: Pkcs12Hash, key: Uint8Array, safe: Uint8Array): Uint8Array => createHmac(hash, key).update(safe).digest();

/** The HMAC that stands over a store (§4), with a key of the password. */
export const pkcs12Mac = (derivation: Derivation, safe: Uint8Array): Uint8Array =>
  macWith(derivation.hash, derivePkcs12(derivation, 'mac', hashes[derivation.hash].digest), safe);

/** The same of a store that others made. */
export const pkcs12MacSlowly = async (derivation: Derivation, safe: Uint8Array): Promise<Uint8Array> =>
  macWith(derivation.hash, await derivePkcs12Slowly(derivation, 'mac', hashes[derivation.hash].digest), safe);

/** Step 6C: every block of the input grows by the digest and one, modulo its size. */
function addToBlocks(input: Buffer, digest: Uint8Array, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let at = block - 1; at >= 0; at -= 1) {
      const sum = (input[start + at] ?? 0) + (digest[at % digest.length] ?? 0) + carry;
      input[start + at] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}

/** An algorithm with its parameters, and what it made of a plaintext. */
type Encrypted = { readonly algorithm: Uint8Array; readonly ciphertext: Uint8Array };
/** Encrypts under the password of the store. @param salt 16 octets, and the IV 16 more, each used once */
export type PasswordCipher = (password: string, plaintext: Uint8Array, random: (octets: number) => Uint8Array) => Encrypted;

const encrypt = (cipher: string, key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array => {
  const encrypting = createCipheriv(cipher, key, iv);
  return Buffer.concat([encrypting.update(plaintext), encrypting.final()]);
};

/** PBES2 with AES-256 and PBKDF2 over HMAC with SHA-256 (RFC 8018 §6.2): OpenSSL, Java since 8u301, Windows since 2019. */
const aes256: PasswordCipher = (password, plaintext, random) => {
  const [salt, iv] = [random(16), random(16)];
  const iterations = 10_000;
  const derivation = sequence(oid(id.pbkdf2), sequence(octetString(salt), integer(iterations), sequence(oid(id.hmacWithSha256), derNull)));
  return {
    algorithm: sequence(oid(id.pbes2), sequence(derivation, sequence(oid(id.aes256Cbc), octetString(iv)))),
    ciphertext: encrypt('aes-256-cbc', pbkdf2Sync(password, salt, iterations, 32, 'sha256'), iv, plaintext),
  };
};

/** Triple DES with a key by SHA-1 (Appendix C): what macOS, Windows Server 2016 and older Java read. */
const tripleDes: PasswordCipher = (password, plaintext, random) => {
  const derivation = { hash: 'sha1', password, salt: random(8), iterations: 10_000 } as const;
  return {
    algorithm: sequence(oid(id.pbeWithSha1And3DesCbc), sequence(octetString(derivation.salt), integer(derivation.iterations))),
    ciphertext: encrypt('des-ede3-cbc', derivePkcs12(derivation, 'encryption', 24), derivePkcs12(derivation, 'iv', 8), plaintext),
  };
};

/** Ciphers and MAC of a store: those of today, and those that programs of ten years ago read. */
export const pkcs12Strengths = {
  modern: { hash: 'sha256', encrypt: aes256 },
  legacy: { hash: 'sha1', encrypt: tripleDes },
} as const satisfies Readonly<Record<string, { readonly hash: 'sha1' | 'sha256'; readonly encrypt: PasswordCipher }>>;
export type Pkcs12Strength = keyof typeof pkcs12Strengths;

/** A bag with its attributes (§4.2). @param attributes each `attribute(…)` */
export const bag = (kind: string, content: Uint8Array, ...attributes: readonly Uint8Array[]): Uint8Array =>
  sequence(oid(kind), contextConstructed(0, content), ...(attributes.length === 0 ? [] : [setOf(...attributes)]));

/** A certificate in a bag (§4.2.3). */
export const certificateBag = (certificate: Uint8Array, ...attributes: readonly Uint8Array[]): Uint8Array =>
  bag(id.pkcs12CertBag, sequence(oid(id.x509CertificateBag), contextConstructed(0, octetString(certificate))), ...attributes);

export const attribute = (kind: string, value: Uint8Array): Uint8Array => sequence(oid(kind), setOf(value));
export const friendlyName = (name: string): Uint8Array => attribute(id.friendlyName, tlv(bmpString, [utf16(name)]));

/** Content in the clear (RFC 5652 §4). */
export const plainContent = (content: Uint8Array): Uint8Array => sequence(oid(id.pkcs7Data), contextConstructed(0, octetString(content)));

/** Content under the password (RFC 5652 §8). */
export const encryptedContent = ({ algorithm, ciphertext }: Encrypted): Uint8Array =>
  sequence(
    oid(id.pkcs7EncryptedData),
    contextConstructed(0, sequence(integer(0), sequence(oid(id.pkcs7Data), algorithm, contextPrimitive(0, ciphertext)))),
  );

const digestOf = { sha1: id.sha1, sha256: id.sha256 };

/** A whole store (§4): what it holds, under an HMAC with a key of the password. */
export function pfx(contents: readonly Uint8Array[], derivation: Derivation & { readonly hash: keyof typeof digestOf }): Uint8Array {
  const safe = sequence(...contents);
  const digest = sequence(sequence(oid(digestOf[derivation.hash]), derNull), octetString(pkcs12Mac(derivation, safe)));
  return sequence(integer(3), plainContent(safe), sequence(digest, octetString(derivation.salt), integer(derivation.iterations)));
}
