// Certificates as people hand them around: PEM bundles. Splits them, and verifies a chain up to a trusted root including the name constraints, which most libraries skip.
import { HostmasterError } from '../errors.ts';
import { type Certificate, nodeCertificate, readCertificate } from './certificate.ts';
import { children, readNamedBits, readOid } from './der-reader.ts';
import { readBasicConstraints, readNameConstraints, readSubjectAltName, satisfiesNameConstraints } from './extensions.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

/** More certificates than any sane chain holds. */
const maxChainLength = 10;
const maxPemLength = 1024 * 1024;

/** The certificates of a PEM text, DER, in the order they stand. Errors: invalid-input. */
export function splitPem(pem: string): readonly Uint8Array[] {
  if (pem.length > maxPemLength) throw new HostmasterError('invalid-input', 'The PEM text is too large.');
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new HostmasterError('invalid-input', 'There is no CERTIFICATE block in the PEM text.');
  if (blocks.length > maxChainLength)
    throw new HostmasterError('invalid-input', `A chain may hold at most ${maxChainLength} certificates.`);
  return blocks.map((block) => readCertificate(Uint8Array.from(Buffer.from(block.replace(/-----[A-Z ]+-----/g, ''), 'base64'))).der);
}

/** The chain of an issuer as it is stored: none where it sends its chain with every certificate. Errors: invalid-input. */
export const issuerChain = (pem: string): readonly Uint8Array[] => (pem === '' ? [] : splitPem(pem));

/** Armours DER under a label (RFC 7468): 64 characters a line. */
export function toPem(der: Uint8Array, label = 'CERTIFICATE'): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

export const chainToPem = (chain: readonly Uint8Array[]): string => chain.map((der) => toPem(der)).join('');

/** Whether people may install it as trusted: it is a CA, names itself as its issuer, is signed with its own key, and has not expired. */
export function isTrustAnchor(der: Uint8Array, now: Date): boolean {
  const certificate = readCertificate(der);
  if (Buffer.compare(certificate.subject, certificate.issuer) !== 0 || now > certificate.notAfter) return false;
  const basic = certificate.extensions.get(id.basicConstraints);
  if (basic === undefined || !readBasicConstraints(basic.value).ca) return false;
  const node = nodeCertificate(der);
  return node.verify(node.publicKey);
}

/** Critical extensions whose meaning the check below enforces; any other critical one fails the chain (RFC 5280 §4.2). */
const enforced: ReadonlySet<string> = new Set([
  id.basicConstraints,
  id.keyUsage,
  id.extendedKeyUsage,
  id.nameConstraints,
  id.subjectAltName,
]);

function issuerFault(issuer: Certificate, intermediatesBelow: number): string | null {
  const basic = issuer.extensions.get(id.basicConstraints);
  const { ca, pathLength } = basic === undefined ? { ca: false, pathLength: null } : readBasicConstraints(basic.value);
  if (!ca) return 'an issuer in the chain is not a CA';
  if (pathLength !== null && intermediatesBelow > pathLength) return 'the chain is longer than an issuer allows';
  const usage = issuer.extensions.get(id.keyUsage);
  if (usage !== undefined && !readNamedBits(usage.value).includes(5)) return 'an issuer may not sign certificates';
  return null;
}

function commonFault(certificate: Certificate, now: Date): string | null {
  if (now < certificate.notBefore) return 'a certificate of the chain is not yet valid';
  if (now > certificate.notAfter) return 'a certificate of the chain has expired';
  const unknown = [...certificate.extensions].find(([name, { critical }]) => critical && !enforced.has(name));
  if (unknown !== undefined) return `a certificate carries the unknown critical extension ${unknown[0]}`;
  const purposes = certificate.extensions.get(id.extendedKeyUsage);
  if (purposes !== undefined && !children(purposes.value).map(readOid).includes(id.serverAuth)) return 'a certificate is not for servers';
  return null;
}

function linkFault(subject: Certificate, issuer: Certificate): string | null {
  const subjectNode = nodeCertificate(subject.der);
  const issuerNode = nodeCertificate(issuer.der);
  return subjectNode.checkIssued(issuerNode) && subjectNode.verify(issuerNode.publicKey)
    ? null
    : 'a signature in the chain does not verify';
}

function constraintsFault(leaf: Certificate, issuers: readonly Certificate[]): string | null {
  const altName = leaf.extensions.get(id.subjectAltName);
  const names = altName === undefined ? { dns: [], otherTags: [] } : readSubjectAltName(altName.value);
  const constrained = issuers.map((issuer) => issuer.extensions.get(id.nameConstraints)).filter((found) => found !== undefined);
  if (constrained.length > 0 && names.otherTags.length > 0) return 'a name that is not a DNS name stands under name constraints';
  for (const extension of constrained) {
    const constraints = readNameConstraints(extension.value);
    if (constraints.unsupported) return 'an issuer carries name constraints of a form that is not supported';
    const outside = names.dns.find((name) => !satisfiesNameConstraints(constraints, name));
    if (outside !== undefined) return `the name constraints of an issuer exclude ${outside}`;
  }
  return null;
}

/**
 * Why a chain (leaf first, root left out or last) does not lead to one of the roots for this host now, or null when it does.
 * Checks RFC 5280 §6: signatures, validity, CA flags, path lengths, usages, name constraints, unknown critical extensions;
 * and the host name (RFC 6125). Revocation is not looked at.
 */
export function verifyChain(chain: readonly Uint8Array[], roots: readonly Uint8Array[], hostname: string | null, now: Date): string | null {
  try {
    const presented = chain.map(readCertificate);
    const [leaf] = presented;
    const last = presented.at(-1);
    if (leaf === undefined || last === undefined || presented.length > maxChainLength) return 'the chain is empty or too long';
    const trusted = roots.map(readCertificate);
    const anchored = trusted.some((root) => Buffer.compare(root.der, last.der) === 0);
    const root = anchored
      ? last
      : trusted.find((candidate) => Buffer.compare(candidate.subject, last.issuer) === 0 && linkFault(last, candidate) === null);
    if (root === undefined) return 'the chain does not lead to a trusted root';
    const path = anchored ? presented : [...presented, root];
    const issuers = path.slice(1);
    const faults = [
      ...path.map((certificate) => commonFault(certificate, now)),
      ...issuers.map((issuer, below) => issuerFault(issuer, below)),
      ...issuers.map((issuer, at) => linkFault(path[at] ?? leaf, issuer)),
      constraintsFault(leaf, issuers),
      hostname !== null && nodeCertificate(leaf.der).checkHost(hostname, { subject: 'never' }) === undefined
        ? `the certificate is not for ${hostname}`
        : null,
    ];
    return faults.find((fault) => fault !== null) ?? null;
  } catch (error) {
    if (error instanceof HostmasterError) return error.message;
    throw error;
  }
}
