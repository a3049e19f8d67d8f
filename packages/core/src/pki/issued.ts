import { HostmasterError } from '../errors.ts';
import { dayOf } from '../said-time.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { parseCsr } from './csr.ts';
import { children, readOid, readSmallInteger } from './der-reader.ts';
import { describeCertificate } from './describe-certificate.ts';
import { readSubjectAltName } from './extensions.ts';
import type { CertificateOrder } from './issuer.ts';
import { type LeafContent, otherNames, purposes, serverContent } from './leaf-content.ts';
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
 * What an issuer answered, held against what was ordered: the leaf is for the key of the request, where there is one, for exactly its names,
 * and for the use that it was ordered for, and is still valid.
 * @param chain DER, leaf first. Errors: issuer-refused where it is another one, invalid-input where it is none.
 */
export function readIssued(
  { names, csr, content = serverContent }: Pick<CertificateOrder, 'names' | 'csr' | 'content'>,
  chain: readonly Uint8Array[],
  now: Date,
): IssuedFacts {
  const [leaf] = chain;
  if (leaf === undefined) throw new HostmasterError('issuer-unavailable', 'The issuer answered without a certificate.');
  const { spki, notBefore, notAfter } = readCertificate(leaf);
  if (csr !== null && Buffer.compare(spki, parseCsr(csr).publicKey.spki) !== 0) throw unusable('for another key');
  // It would take the place of one that is still valid.
  if (notAfter <= now) throw unusable(`that expired on ${dayOf(notAfter)}`);
  const fault = leafFault({ names, content }, leaf);
  if (fault !== null) throw unusable(fault);
  const { serial, fingerprint, keyAlgorithm } = describeCertificate(leaf);
  return { serial, names, notBefore, notAfter, fingerprint, keyAlgorithm };
}

type Wanted = Pick<CertificateOrder, 'names' | 'content'>;

/**
 * What of a leaf is not as ordered, a part of a sentence: its names, and what it may be used for; null where it is for exactly that.
 * @param leaf DER. Errors: invalid-input.
 */
export function leafFault({ names, content = serverContent }: Wanted, leaf: Uint8Array): string | null {
  const { extensions } = readCertificate(leaf);
  const { subjectAltNames } = describeCertificate(leaf);
  if (!sameNames(subjectAltNames, names)) return `for ${subjectAltNames.join(', ') || 'no name'}, not for ${names.join(', ')}`;
  const stored = extensions.get(id.subjectAltName);
  const { addresses = [], uris = [] } = stored === undefined ? {} : readSubjectAltName(stored.value);
  const others = [...addresses, ...uris];
  if (!sameNames(others, otherNames(content)))
    return `for ${others.join(', ') || 'its hostnames alone'}, not for ${otherNames(content).join(', ') || 'those alone that were ordered'}`;
  return usageFault(extensions, content);
}

const useWords: Readonly<Record<string, string>> = { [purposes.server]: 'servers', [purposes.client]: 'clients' };
const inWords = (uses: readonly string[]): string => uses.map((use) => useWords[use] ?? use).join(' and ');

/** One that says nothing is for every use (RFC 5280 §4.2.1.12). What is ordered for servers alone may be for more: many a CA has no others. */
function usageFault(extensions: Certificate['extensions'], { usages, mustStaple }: LeafContent): string | null {
  const stored = extensions.get(id.extendedKeyUsage);
  const uses = stored === undefined ? null : children(stored.value).map(readOid);
  const ordered = usages.map((usage) => purposes[usage]);
  const asOrdered =
    usages.join() === 'server' ? uses === null || uses.includes(purposes.server) : uses !== null && sameNames(uses, ordered);
  if (!asOrdered) return `for ${uses === null ? 'every use' : inWords(uses)}, not for ${inWords(ordered)}`;
  const feature = extensions.get(id.tlsFeature);
  const staples = feature !== undefined && children(feature.value).map(readSmallInteger).includes(5);
  return mustStaple && !staples ? 'that does not require its status to be stapled (RFC 7633)' : null;
}
