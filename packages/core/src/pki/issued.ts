import { HostmasterError } from '../errors.ts';
import { dayOf } from '../said-time.ts';
import { readCertificate } from './certificate.ts';
import { parseCsr } from './csr.ts';
import { describeCertificate } from './describe-certificate.ts';
import { readSubjectAltName } from './extensions.ts';
import type { CertificateOrder } from './issuer.ts';
import { otherNames, serverContent } from './leaf-content.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

/** What was issued, read from the leaf. */
export type IssuedFacts = {
  /** Upper-case hex pairs. */
  readonly serial: string;
  /** DNS names, the subject's first. */
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 over the DER, lower-case hex. */
  readonly fingerprint: string;
  readonly keyAlgorithm: string;
};

const unusable = (why: string): HostmasterError => new HostmasterError('issuer-refused', `The issuer answered with a certificate ${why}.`);

/** Whether both are the same names, in whatever order. */
export const sameNames = (a: readonly string[], b: readonly string[]): boolean => [...a].sort().join(' ') === [...b].sort().join(' ');

/**
 * What an issuer answered, held against what was ordered: the leaf is for the key of the request, where there is one, and for exactly its names, and is still valid.
 * @param chain DER, leaf first. Errors: issuer-refused where it is another one, invalid-input where it is none.
 */
export function readIssued(
  { names, csr, content = serverContent }: Pick<CertificateOrder, 'names' | 'csr' | 'content'>,
  chain: readonly Uint8Array[],
  now: Date,
): IssuedFacts {
  const [leaf] = chain;
  if (leaf === undefined) throw new HostmasterError('issuer-unavailable', 'The issuer answered without a certificate.');
  const { spki, notBefore, notAfter, extensions } = readCertificate(leaf);
  if (csr !== null && Buffer.compare(spki, parseCsr(csr).publicKey.spki) !== 0) throw unusable('for another key');
  // It would take the place of one that is still valid.
  if (notAfter <= now) throw unusable(`that expired on ${dayOf(notAfter)}`);
  const { subjectAltNames, serial, fingerprint, keyAlgorithm } = describeCertificate(leaf);
  if (!sameNames(subjectAltNames, names)) throw unusable(`for ${subjectAltNames.join(', ') || 'no name'}, not for ${names.join(', ')}`);
  const stored = extensions.get(id.subjectAltName);
  const { addresses = [], uris = [] } = stored === undefined ? {} : readSubjectAltName(stored.value);
  const others = [...addresses, ...uris];
  if (!sameNames(others, otherNames(content)))
    throw unusable(
      `for ${others.join(', ') || 'its hostnames alone'}, not for ${otherNames(content).join(', ') || 'those alone that were ordered'}`,
    );
  return { serial, names, notBefore, notAfter, fingerprint, keyAlgorithm };
}
