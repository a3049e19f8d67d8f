// PKCS #12 (RFC 7292), as far as it is written here: what holds a store together, and how what is in it is encrypted.
import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { contextConstructed, contextPrimitive, derNull, integer, octetString, oid, sequence, setOf, tlv } from './der.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

const bmpString = 0x1e;
/** Big-endian UTF-16, as BMPString and Java's `char[]` are. */
export const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

const blockOctets = 64;

/** What the key is for (Appendix B.3). */
const purpose = { encryption: 1, iv: 2, mac: 3 } as const;

type Derivation = {
  readonly hash: 'sha1' | 'sha256';
  readonly password: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
};

/** Repeated to whole blocks (Appendix B.2, steps 2 and 3). */
const filled = (octets: Uint8Array): Buffer => Buffer.alloc(blockOctets * Math.ceil(octets.length / blockOctets), octets);

/** Key material of a password (Appendix B.2). @param length in octets */
function derive({ hash, password, salt, iterations }: Derivation, what: keyof typeof purpose, length: number): Uint8Array {
  const diversifier = Buffer.alloc(blockOctets, purpose[what]);
  const input = Buffer.concat([filled(salt), filled(utf16(`${password}\0`))]);
  const made: Buffer[] = [];
  for (let octets = 0; octets < length; ) {
    let digest = createHash(hash)
      .update(Buffer.concat([diversifier, input]))
      .digest();
    for (let round = 1; round < iterations; round += 1) digest = createHash(hash).update(digest).digest();
    made.push(digest);
    octets += digest.length;
    addToBlocks(input, digest);
  }
  return Buffer.concat(made).subarray(0, length);
}

/** Step 6C: every block of the input grows by the digest and one, modulo its size. */
function addToBlocks(input: Buffer, digest: Uint8Array): void {
  for (let start = 0; start < input.length; start += blockOctets) {
    let carry = 1;
    for (let at = blockOctets - 1; at >= 0; at -= 1) {
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
    ciphertext: encrypt('des-ede3-cbc', derive(derivation, 'encryption', 24), derive(derivation, 'iv', 8), plaintext),
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
const digestOctets = { sha1: 20, sha256: 32 };

/** A whole store (§4): what it holds, under an HMAC with a key of the password. */
export function pfx(contents: readonly Uint8Array[], derivation: Derivation): Uint8Array {
  const safe = sequence(...contents);
  const mac = createHmac(derivation.hash, derive(derivation, 'mac', digestOctets[derivation.hash]))
    .update(safe)
    .digest();
  const digest = sequence(sequence(oid(digestOf[derivation.hash]), derNull), octetString(mac));
  return sequence(integer(3), plainContent(safe), sequence(digest, octetString(derivation.salt), integer(derivation.iterations)));
}
