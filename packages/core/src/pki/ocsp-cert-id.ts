// The name that OCSP has for a certificate (RFC 6960 §4.1.1): hashes of its issuer's name and key, and its serial. RFC 5019 §2.1.1
// knows SHA-1 alone, newer clients ask with SHA-256; here a hash is a name and protects nothing.
import { hash } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { derNull, octetString, oid, sequence } from './der.ts';
import { children, readBitOctets, readDer } from './der-reader.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

/** The hashes that a certificate can be asked for by. */
export const certIdHashes = ['sha1', 'sha256'] as const;
export type CertIdHash = (typeof certIdHashes)[number];

/** Octets of the subjectPublicKey, without tag, length and unused bits: what KeyHash is made of. */
const keyOctets = (spki: Uint8Array): Uint8Array => readBitOctets(children(readDer(spki))[1]);

/** KeyHash: by it a response names who signed it. */
export const keyHash = (spki: Uint8Array, algorithm: CertIdHash = 'sha1'): Uint8Array => hash(algorithm, keyOctets(spki), 'buffer');

export type IssuerHashes = { readonly name: Uint8Array; readonly key: Uint8Array };

/** @param issuer the CA that signed the certificates that are asked for */
export const issuerHashes = ({ subject, spki }: Pick<Certificate, 'subject' | 'spki'>, algorithm: CertIdHash): IssuerHashes => ({
  name: hash(algorithm, subject, 'buffer'),
  key: keyHash(spki, algorithm),
});

/** The CertID of a certificate of the issuer, from its serial as an INTEGER. */
export function certIdUnder(issuer: Pick<Certificate, 'subject' | 'spki'>, algorithm: CertIdHash): (serial: Uint8Array) => Uint8Array {
  const { name, key } = issuerHashes(issuer, algorithm);
  const common = Buffer.concat([sequence(oid(id[algorithm]), derNull), octetString(name), octetString(key)]);
  return (serial) => sequence(common, serial);
}
