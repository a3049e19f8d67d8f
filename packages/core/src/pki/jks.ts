// JKS, the store of Java before 9. There is no document of it: this is how `java.security.KeyStore` of type JKS reads and writes.
import { createHash } from 'node:crypto';
import { derNull, octetString, oid, sequence } from './der.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { utf16 } from './pkcs12.ts';

const magic = 0xfeed_feed;
const version = 2;
const keyEntry = 1;
const trustedEntry = 2;
/** What the format mixes into its digest. */
const whitener = 'Mighty Aphrodite';

/** As `DataOutputStream.writeUTF` writes ASCII. */
function javaText(text: string): Buffer {
  const octets = Buffer.from(text, 'ascii');
  return Buffer.concat([uint16(octets.length), octets]);
}
function uint16(value: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeUInt16BE(value);
  return octets;
}
function uint32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}
function milliseconds(date: Date): Buffer {
  const octets = Buffer.alloc(8);
  octets.writeBigInt64BE(BigInt(date.getTime()));
  return octets;
}
const certificateOf = (certificate: Uint8Array): Uint8Array => Buffer.concat([javaText('X.509'), uint32(certificate.length), certificate]);

const sha1 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

type Entry = { /** ASCII, lower case: Java makes it so. */ readonly alias: string; readonly since: Date };

/** @param certificate DER */
export const jksTrusted = ({ alias, since, certificate }: Entry & { readonly certificate: Uint8Array }): Uint8Array =>
  Buffer.concat([uint32(trustedEntry), javaText(alias), milliseconds(since), certificateOf(certificate)]);

type Key = Entry & {
  /** PKCS#8, DER. */
  readonly privateKey: Uint8Array;
  /** DER, leaf first. */
  readonly chain: readonly Uint8Array[];
};

/** A private key under the password of the store, with its chain. @param salt 20 octets, used once */
export const jksKey = ({ alias, since, privateKey, chain }: Key, password: string, salt: Uint8Array): Uint8Array => {
  const hidden = sequence(sequence(oid(id.javaKeyProtector), derNull), octetString(hide(privateKey, utf16(password), salt)));
  return Buffer.concat([
    ...[uint32(keyEntry), javaText(alias), milliseconds(since), uint32(hidden.length), hidden, uint32(chain.length)],
    ...chain.map(certificateOf),
  ]);
};

/** The key under a stream of digests, each of the password and the one before; what is there is checked by the last twenty octets. */
function hide(privateKey: Uint8Array, password: Uint8Array, salt: Uint8Array): Uint8Array {
  const stream: Buffer[] = [];
  for (let digest = salt, octets = 0; octets < privateKey.length; octets += digest.length) {
    digest = sha1(password, digest);
    stream.push(digest as Buffer);
  }
  const mask = Buffer.concat(stream);
  return Buffer.concat([salt, privateKey.map((octet, at) => octet ^ (mask[at] ?? 0)), sha1(password, privateKey)]);
}

/** @param entries each `jksTrusted(…)` or `jksKey(…)` */
export function jks(entries: readonly Uint8Array[], password: string): Uint8Array {
  const store = Buffer.concat([uint32(magic), uint32(version), uint32(entries.length), ...entries]);
  return Buffer.concat([store, sha1(utf16(password), Buffer.from(whitener), store)]);
}
