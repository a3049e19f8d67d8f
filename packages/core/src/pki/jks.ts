// JKS, the store of Java before 9, written and read. There is no document of it: this is how `java.security.KeyStore` of type JKS does both.
import { createHash } from 'node:crypto';
import { HostmasterError } from '../errors.ts';
import { visibleWords } from '../foreign-words.ts';
import { derNull, octetString, oid, sequence, tag } from './der.ts';
import { children, expectTag, readDer } from './der-reader.ts';
import { type KeyStoreContent, WrongPassphrase } from './key-store-content.ts';
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

/** Of SHA-1. */
const digestOctets = 20;

/** The key under a stream of digests, each of the password and the one before; what is there is checked by the last twenty octets. */
const hide = (privateKey: Uint8Array, password: Uint8Array, salt: Uint8Array): Uint8Array =>
  Buffer.concat([salt, masked(privateKey, password, salt), sha1(password, privateKey)]);

/** Hides, and shows what was hidden. */
function masked(octets: Uint8Array, password: Uint8Array, salt: Uint8Array): Uint8Array {
  const stream: Uint8Array[] = [];
  for (let digest = salt, length = 0; length < octets.length; length += digest.length) {
    digest = sha1(password, digest);
    stream.push(digest);
  }
  const mask = Buffer.concat(stream);
  return octets.map((octet, at) => octet ^ (mask[at] ?? 0));
}

/** @param entries each `jksTrusted(…)` or `jksKey(…)` */
export function jks(entries: readonly Uint8Array[], password: string): Uint8Array {
  const store = Buffer.concat([uint32(magic), uint32(version), uint32(entries.length), ...entries]);
  return Buffer.concat([store, sha1(utf16(password), Buffer.from(whitener), store)]);
}

/** More than any store of a server holds. */
const mostEntries = 64;
const mostInChain = 16;

/** Reads one part after the other; errors: invalid-input where there is none. */
class Parts {
  #at = 0;
  readonly #octets: Buffer;
  constructor(octets: Uint8Array) {
    this.#octets = Buffer.from(octets);
  }
  take(length: number): Buffer {
    const part = this.#octets.subarray(this.#at, this.#at + length);
    if (part.length < length) throw unreadable('it is cut short');
    this.#at += length;
    return part;
  }
  number(): number {
    return this.take(4).readUInt32BE();
  }
  text(): string {
    return this.take(this.take(2).readUInt16BE()).toString('latin1');
  }
  get over(): boolean {
    return this.#at === this.#octets.length;
  }
}

const unreadable = (what: string): HostmasterError => new HostmasterError('invalid-input', `Not a JKS that can be read: ${what}.`);

/** What `hide` made; null where the password is another one. */
function unhide(hidden: Uint8Array, password: Uint8Array): Uint8Array | null {
  if (hidden.length <= 2 * digestOctets) throw unreadable('a key is cut short');
  const salt = hidden.subarray(0, digestOctets);
  const privateKey = masked(hidden.subarray(digestOctets, -digestOctets), password, salt);
  return sha1(password, privateKey).equals(hidden.subarray(-digestOctets)) ? privateKey : null;
}

export const isJks = (file: Uint8Array): boolean => file.length >= 4 && Buffer.from(file).readUInt32BE() === magic;

/** Reads a store. A key with a password of its own is told by its alias. Errors: invalid-input, WrongPassphrase. */
export function readJks(file: Uint8Array, password: string): KeyStoreContent {
  if (file.length <= digestOctets) throw unreadable('it is cut short');
  const store = file.subarray(0, -digestOctets);
  const parts = new Parts(store);
  const [, edition, entries] = [parts.number(), parts.number(), parts.number()];
  if (edition !== 1 && edition !== version) throw unreadable(`its version is ${edition}`);
  if (entries > mostEntries) throw unreadable(`it has more than ${mostEntries} entries`);
  if (!sha1(utf16(password), Buffer.from(whitener), store).equals(file.subarray(-digestOctets))) throw new WrongPassphrase();
  const keys: Uint8Array[] = [];
  const certificates: Uint8Array[] = [];
  const certificate = (): void => {
    if (edition === version && parts.text() !== 'X.509') throw unreadable('a certificate is none of X.509');
    certificates.push(Uint8Array.from(parts.take(parts.number())));
  };
  for (let entry = 0; entry < entries; entry += 1) {
    const kind = parts.number();
    const alias = parts.text();
    parts.take(8);
    if (kind === trustedEntry) certificate();
    else if (kind === keyEntry) {
      const [, hidden] = children(expectTag(readDer(parts.take(parts.number())), tag.sequence, 'a key'), 2);
      const key = unhide(expectTag(hidden, tag.octetString, 'a key').content, utf16(password));
      if (key === null) throw unreadable(`the key ${visibleWords(alias)} has a password of its own`);
      keys.push(key);
      const length = parts.number();
      if (length > mostInChain) throw unreadable('a chain is too long');
      for (let at = 0; at < length; at += 1) certificate();
    } else throw unreadable('an entry is neither a key nor a certificate');
  }
  if (!parts.over) throw unreadable('there are octets after the end');
  return { keys, certificates };
}
