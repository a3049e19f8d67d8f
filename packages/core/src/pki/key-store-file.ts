// A private key with its chain, in the containers that servers read it from.
import { createHash } from 'node:crypto';
import { octetString, sequence } from './der.ts';
import { jks, jksKey } from './jks.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import {
  attribute,
  bag,
  certificateBag,
  encryptedContent,
  friendlyName,
  type Pkcs12Strength,
  pfx,
  pkcs12Strengths,
  plainContent,
} from './pkcs12.ts';

export type KeyWithChain = {
  /** PKCS#8, DER. */
  readonly privateKey: Uint8Array;
  /** DER, leaf first. */
  readonly chain: readonly Uint8Array[];
  /** What the store calls it. ASCII, lower case. */
  readonly alias: string;
};
type Random = (octets: number) => Uint8Array;

/** PKCS #12 (RFC 7292): key and certificates encrypted under the password, the leaf bound to its key. */
export function pkcs12KeyStore(
  { privateKey, chain, alias }: KeyWithChain,
  password: string,
  strength: Pkcs12Strength,
  random: Random,
): Uint8Array {
  const { hash, encrypt } = pkcs12Strengths[strength];
  const [leaf = new Uint8Array(), ...above] = chain;
  const ofKey = [friendlyName(alias), attribute(id.localKeyId, octetString(createHash('sha1').update(leaf).digest()))];
  const certificates = sequence(certificateBag(leaf, ...ofKey), ...above.map((each) => certificateBag(each)));
  const { algorithm, ciphertext } = encrypt(password, privateKey, random);
  const shrouded = bag(id.pkcs12ShroudedKeyBag, sequence(algorithm, octetString(ciphertext)), ...ofKey);
  return pfx([encryptedContent(encrypt(password, certificates, random)), plainContent(sequence(shrouded))], {
    ...{ hash, password, salt: random(16), iterations: 10_000 },
  });
}

/** JKS, for what is older than Java 9: its key is hidden, which is less than encrypted. */
export const jksKeyStore = (key: KeyWithChain, password: string, now: Date, random: Random): Uint8Array =>
  jks([jksKey({ ...key, since: now }, password, random(20))], password);
