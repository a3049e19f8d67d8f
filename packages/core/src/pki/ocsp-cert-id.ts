// The name that OCSP has for a certificate (RFC 6960 §4.1.1): hashes of its issuer's name and key, and its serial. RFC 5019 §2.1.1
// knows SHA-1 alone, newer clients ask with SHA-256; here a hash is a name and protects nothing.
import { hash } from 'node:crypto';
import { HostmasterError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { derNull, integer, octetString, oid, sequence } from './der.ts';
import { children, readBitOctets, readDer } from './der-reader.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { serialOctets } from './serial.ts';

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

/** Makes CertIDs under one issuer, by serial (upper-case hex); what they have in common is encoded once. Errors: invalid-input. */
export function certIdsUnder(issuer: Pick<Certificate, 'subject' | 'spki'>, algorithm: CertIdHash): (serial: string) => Uint8Array {
  const { name, key } = issuerHashes(issuer, algorithm);
  const common = Buffer.concat([sequence(oid(id[algorithm]), derNull), octetString(name), octetString(key)]);
  return (serial) => {
    const octets = serialOctets(serial);
    if (octets === null)
      throw new HostmasterError('invalid-input', `The serial ${serial.slice(0, 60)} is not 8 to 20 positive octets in upper-case hex.`);
    return sequence(common, integer(octets));
  };
}
