// Reads PKCS #12 (RFC 7292) as others write it: of today and of twenty years ago, in DER and in BER. How much is in it, how deep it
// nests and what its password costs is bounded before it is paid.
import { timingSafeEqual } from 'node:crypto';
import { HostmasterError } from '../errors.ts';
import { derOfBer } from './ber.ts';
import { tag } from './der.ts';
import { children, type DerValue, expectTag, readDer, readOid, readSmallInteger } from './der-reader.ts';
import { type KeyStoreContent, WrongPassphrase } from './key-store-content.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { decryptWithPassword, type Effort, readIterations } from './password-encryption.ts';
import { type Pkcs12Hash, pkcs12MacSlowly } from './pkcs12.ts';

const mostContents = 32;
const mostBags = 128;
/** Bags in bags. */
const deepest = 4;

const explicit = 0xa0;
const implicitOctets = 0x80;

const hashOf: ReadonlyMap<string, Pkcs12Hash> = new Map([
  [id.sha1, 'sha1'],
  [id.sha224, 'sha224'],
  [id.sha256, 'sha256'],
  [id.sha384, 'sha384'],
  [id.sha512, 'sha512'],
]);

const unknown = (what: string): HostmasterError => new HostmasterError('invalid-input', `Not PKCS #12 that can be read: ${what}.`);

const octets = (value: DerValue | undefined, what: string): Uint8Array => expectTag(value, tag.octetString, what).content;
const sequenceOf = (value: DerValue | undefined, what: string, limit: number): DerValue[] =>
  children(expectTag(value, tag.sequence, what), limit);
const within = (value: DerValue | undefined, what: string): DerValue | undefined => children(expectTag(value, explicit, what), 1)[0];

/** The password as its MAC has it: some write the empty one as no octets at all. A store without a MAC is opened with what was given. */
async function checkMac(mac: DerValue | undefined, safe: Uint8Array, password: string, effort: Effort): Promise<string | null> {
  if (mac === undefined) return password;
  const [digestInfo, salt, count] = sequenceOf(mac, 'the MAC', 3);
  const [algorithm, digest] = sequenceOf(digestInfo, 'the digest', 2);
  const name = readOid(sequenceOf(algorithm, 'the algorithm of the MAC', 2)[0]);
  const hash = hashOf.get(name);
  if (hash === undefined) throw unknown(`its MAC is by ${name}`);
  for (const each of password === '' ? ['', null] : [password]) {
    const derivation = { hash, password: each, salt: octets(salt, 'a salt'), iterations: count === undefined ? 1 : readIterations(count) };
    const said = octets(digest, 'the digest');
    effort.spendPkcs12(derivation, said.length);
    const own = await pkcs12MacSlowly(derivation, safe);
    if (own.length === said.length && timingSafeEqual(own, said)) return each;
  }
  throw new WrongPassphrase();
}

/** SafeContents of one content: in the clear, or under the password. */
async function opened(content: DerValue, password: string | null, effort: Effort): Promise<Uint8Array> {
  const [kind, value] = sequenceOf(content, 'a content', 2);
  const name = readOid(kind);
  if (name === id.pkcs7Data) return octets(within(value, 'a content'), 'a content');
  if (name !== id.pkcs7EncryptedData) throw unknown('a part of it is encrypted for a key');
  const [, info] = sequenceOf(within(value, 'the encrypted content'), 'the encrypted content', 3);
  const [, algorithm, hidden] = sequenceOf(info, 'the encrypted content', 3);
  if (hidden === undefined || (hidden.tag !== implicitOctets && hidden.tag !== explicit)) throw unknown('encrypted content is missing');
  // In pieces, where it was written as such (X.690 §8.14.2).
  const ciphertext =
    hidden.tag === implicitOctets ? hidden.content : Buffer.concat(children(hidden).map((piece) => octets(piece, 'a piece of it')));
  return decryptWithPassword(algorithm, ciphertext, password, effort);
}

/** Reads a store. Errors: invalid-input, WrongPassphrase. */
export async function readPkcs12(file: Uint8Array, password: string, effort: Effort): Promise<KeyStoreContent> {
  const [version, content, mac] = sequenceOf(readDer(derOfBer(file)), 'the store', 3);
  if (readSmallInteger(version) !== 3) throw unknown('its version is not 3');
  const [kind, value] = sequenceOf(content, 'what it holds', 2);
  if (readOid(kind) !== id.pkcs7Data) throw unknown('it is signed, and not under a password');
  const safe = octets(within(value, 'what it holds'), 'what it holds');
  const proven = await checkMac(mac, safe, password, effort);
  const keys: Uint8Array[] = [];
  const certificates: Uint8Array[] = [];
  let bags = 0;

  const take = async (safeContents: Uint8Array, depth: number): Promise<void> => {
    if (depth > deepest) throw unknown('its bags nest too deep');
    for (const bag of sequenceOf(readDer(derOfBer(safeContents)), 'its bags', mostBags)) {
      bags += 1;
      if (bags > mostBags) throw unknown(`it holds more than ${mostBags} bags`);
      const [bagKind, bagValue] = sequenceOf(bag, 'a bag', 3);
      const inside = within(bagValue, 'a bag');
      if (inside === undefined) throw unknown('a bag is empty');
      const name = readOid(bagKind);
      if (name === id.pkcs12SafeContentsBag) await take(inside.raw, depth + 1);
      if (name === id.pkcs12KeyBag) keys.push(inside.raw);
      if (name === id.pkcs12ShroudedKeyBag) {
        const [algorithm, hidden] = sequenceOf(inside, 'a key', 2);
        keys.push(await decryptWithPassword(algorithm, octets(hidden, 'a key'), proven, effort));
      }
      if (name === id.pkcs12CertBag) {
        const [certificateKind, certificate] = sequenceOf(inside, 'a certificate', 2);
        if (readOid(certificateKind) === id.x509CertificateBag)
          certificates.push(octets(within(certificate, 'a certificate'), 'a certificate'));
      }
    }
  };
  for (const part of sequenceOf(readDer(derOfBer(safe)), 'its contents', mostContents)) await take(await opened(part, proven, effort), 0);
  return { keys, certificates };
}
