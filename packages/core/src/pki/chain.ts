// Certificates as people hand them around: PEM bundles. Splits them, and says what is wrong with a chain, name constraints included, of which most libraries say nothing.
import { parseAddress } from '../address/address.ts';
import { HostmasterError } from '../errors.ts';
import { type Certificate, nodeCertificate, readCertificate } from './certificate.ts';
import { children, readNamedBits, readOid } from './der-reader.ts';
import {
  readBasicConstraints,
  readNameConstraints,
  readSubjectAltName,
  satisfiesAddressConstraints,
  satisfiesNameConstraints,
  satisfiesUriConstraints,
} from './extensions.ts';
import { checkPublicKey } from './key-policy.ts';
import { type KeyUsage, purposes, serverContent } from './leaf-content.ts';
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

const basicsOf = ({ extensions }: Certificate): ReturnType<typeof readBasicConstraints> => {
  const basic = extensions.get(id.basicConstraints);
  return basic === undefined ? { ca: false, pathLength: null } : readBasicConstraints(basic.value);
};
const signsCertificates = ({ extensions }: Certificate): boolean | null => {
  const usage = extensions.get(id.keyUsage);
  return usage === undefined ? null : readNamedBits(usage.value).includes(5);
};

/** Of the same name as its issuer, as where a CA changes its key: it counts in no path length, and constraints do not bind its names (RFC 5280 §6.1). */
const isSelfIssued = ({ subject, issuer }: Certificate): boolean => Buffer.compare(subject, issuer) === 0;

/** @param below the intermediates that it signed for, directly or not */
function issuerFault(issuer: Certificate, below: readonly Certificate[]): string | null {
  const { ca, pathLength } = basicsOf(issuer);
  if (!ca) return 'an issuer in the chain is not a CA';
  if (pathLength !== null && below.filter((one) => !isSelfIssued(one)).length > pathLength)
    return 'the chain is longer than an issuer allows';
  if (signsCertificates(issuer) === false) return 'an issuer may not sign certificates';
  return isNameless(issuer) ? 'an issuer in the chain has no name' : null;
}

function leafFault(leaf: Certificate): string | null {
  if (basicsOf(leaf).ca || signsCertificates(leaf) === true || leaf.extensions.has(id.nameConstraints))
    return 'the certificate is one of a CA, not of a server';
  // Where no subject names the holder, who does not understand the alternative names must stop (RFC 5280 §4.2.1.6).
  const names = leaf.extensions.get(id.subjectAltName);
  return isNameless(leaf) && names?.critical === false
    ? 'the certificate has no subject, and its alternative names are not critical'
    : null;
}

/** An empty SEQUENCE is two octets. */
const isNameless = ({ subject }: Certificate): boolean => subject.length === 2;

/** Keys that the key policy refuses are too weak to believe, whoever signed for them. */
function keyFault({ spki }: Certificate): string | null {
  try {
    checkPublicKey(spki);
    return null;
  } catch (error) {
    if (error instanceof HostmasterError) return 'a certificate of the chain has a key that is too weak, or of a kind that is not taken';
    throw error;
  }
}

function commonFault(certificate: Certificate, now: Date, usages: readonly KeyUsage[]): string | null {
  if (now < certificate.notBefore) return 'a certificate of the chain is not yet valid';
  if (now > certificate.notAfter) return 'a certificate of the chain has expired';
  const unknown = [...certificate.extensions].find(([name, { critical }]) => critical && !enforced.has(name));
  if (unknown !== undefined) return `a certificate carries the unknown critical extension ${unknown[0]}`;
  const extension = certificate.extensions.get(id.extendedKeyUsage);
  const allowed = extension === undefined ? null : children(extension.value).map(readOid);
  const missing = allowed === null ? undefined : usages.find((usage) => !allowed.includes(purposes[usage]));
  if (missing !== undefined) return `a certificate is not for ${missing}s`;
  return keyFault(certificate);
}

function linkFault(subject: Certificate, issuer: Certificate): string | null {
  const subjectNode = nodeCertificate(subject.der);
  const issuerNode = nodeCertificate(issuer.der);
  return subjectNode.checkIssued(issuerNode) && subjectNode.verify(issuerNode.publicKey)
    ? null
    : 'a signature in the chain does not verify';
}

/** @param below what the issuer signed for, directly or not: the leaf first */
function constraintsFault(issuer: Certificate, below: readonly Certificate[]): string | null {
  const extension = issuer.extensions.get(id.nameConstraints);
  if (extension === undefined) return null;
  const constraints = readNameConstraints(extension.value);
  if (constraints.unsupported) return 'an issuer carries name constraints of a form that is not supported';
  if (constraints.empty) return 'an issuer carries name constraints that constrain nothing';
  for (const [index, certificate] of below.entries()) {
    const altName = certificate.extensions.get(id.subjectAltName);
    if (altName === undefined || (index > 0 && isSelfIssued(certificate))) continue;
    const { dns, addresses, uris, otherTags } = readSubjectAltName(altName.value);
    if (otherTags.length > 0) return 'a name that is neither a DNS name nor an address nor a URI stands under name constraints';
    const outside =
      dns.find((name) => !satisfiesNameConstraints(constraints, name)) ??
      addresses.find((address) => !satisfiesAddressConstraints(constraints, parseAddress(address) ?? [])) ??
      uris.find((uri) => !satisfiesUriConstraints(constraints, uri));
    if (outside !== undefined) return `the name constraints of an issuer exclude ${outside}`;
  }
  return null;
}

const readable = (der: Uint8Array): Certificate[] => {
  try {
    return [readCertificate(der)];
  } catch (error) {
    if (error instanceof HostmasterError) return [];
    throw error;
  }
};

/**
 * What is wrong with a chain (leaf first, each certificate signed by the next, root left out or last) for this host now, in words; null where
 * nothing of what is looked at is. It explains what a verifier refused, and holds what we issue against RFC 5280 §6: signatures, validity, CA
 * flags, path lengths, usages, keys, name constraints, unknown critical extensions, the host name (RFC 9525). It is no verifier for a relying
 * party: it finds no other path, and looks at no revocation, policy or identifier of keys. @param usages what all of it has to be for
 */
export function chainFault(
  chain: readonly Uint8Array[],
  roots: readonly Uint8Array[],
  hostname: string | null,
  now: Date,
  usages: readonly KeyUsage[] = serverContent.usages,
): string | null {
  try {
    const presented = chain.map(readCertificate);
    const [leaf] = presented;
    const last = presented.at(-1);
    if (leaf === undefined || last === undefined || presented.length > maxChainLength) return 'the chain is empty or too long';
    const trusted = roots.flatMap(readable);
    const anchored = trusted.some((root) => Buffer.compare(root.der, last.der) === 0);
    const root = anchored
      ? last
      : trusted.find((candidate) => Buffer.compare(candidate.subject, last.issuer) === 0 && linkFault(last, candidate) === null);
    if (root === undefined) return 'the chain does not lead to a trusted root';
    const path = anchored ? presented : [...presented, root];
    const issuers = path.slice(1);
    const faults = [
      leafFault(leaf),
      ...path.map((certificate) => commonFault(certificate, now, usages)),
      ...issuers.map((issuer, at) => issuerFault(issuer, path.slice(1, at + 1))),
      ...issuers.map((issuer, at) => linkFault(path[at] ?? leaf, issuer)),
      ...issuers.map((issuer, at) => constraintsFault(issuer, path.slice(0, at + 1))),
      hostname !== null && nodeCertificate(leaf.der).checkHost(hostname, { subject: 'never', partialWildcards: false }) === undefined
        ? `the certificate is not for ${hostname}`
        : null,
    ];
    return faults.find((fault) => fault !== null) ?? null;
  } catch (error) {
    if (error instanceof HostmasterError) return error.message;
    throw error;
  }
}
