// What a CA is held against that was made elsewhere, before it is believed here: a root that is connected, and a CA below it. Every
// broken rule is told at once, each with what would mend it. Sources: RFC 5280 §4.2 and §6.1.
import { X509Certificate } from 'node:crypto';
import { rangeText } from '../address/address.ts';
import type { Violation } from '../errors.ts';
import { HostmasterError } from '../errors.ts';
import { visibleWords } from '../foreign-words.ts';
import { type Hostname, isWithin } from '../hostname/hostname.ts';
import { isStoredHostname } from '../hostname/parse-hostname.ts';
import { dayOf } from '../said-time.ts';
import { type Certificate, nodeCertificate, readCertificate } from './certificate.ts';
import { splitPem } from './chain.ts';
import { tag } from './der.ts';
import { children, readDer, readNamedBits, readOid } from './der-reader.ts';
import { excludesAddresses, readBasicConstraints, readNameConstraints } from './extensions.ts';
import { checkPublicKey } from './key-policy.ts';
import { withinNamedRanges } from './leaf-content.ts';
import { isSerialInBounds, serialOutOfBounds } from './lint.ts';
import { lintSignedElsewhere } from './lint-intermediate.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { serverProfile } from './profile.ts';
import type { Validity } from './renewal.ts';
import { isSafeSignature } from './signature-hash.ts';
import { outlivesLeavesFrom } from './succession.ts';

const path = 'certificatePem';
const copied = 'Sign the request again and take over what it asks for: `openssl x509 -req -copy_extensions copy` does.';
const otherRoot = 'Connect another root, or make one here.';
const otherSerial =
  'Sign it again with a serial of 8 to 20 random octets: `openssl x509 -req` and `openssl req -x509` take `-set_serial 0x$(openssl rand -hex 16)`, and `openssl ca` has `rand_serial = yes`.';

const newRoot = 'Make the certificate again with the extensions of a CA: `openssl req -x509` writes them.';

const broken = (rule: string, reason: string, remedy: string): Violation => ({ rule, path, reason, remedy });

/** The certificates of a PEM text; what cannot be read is a violation. A private key among them is one too: it was sent to where none belongs. */
export function readAuthorityPem(pem: string): { readonly chain: readonly Certificate[]; readonly violations: readonly Violation[] } {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    const remedy = 'Take the key out of the text, and think of whoever may have seen it. A key is brought with Import alone.';
    return { chain: [], violations: [broken('ca-without-key', 'There is a private key in the text.', remedy)] };
  }
  try {
    const chain = splitPem(pem).map(readCertificate);
    const blocks = (pem.match(/-----BEGIN CERTIFICATE-----/g) ?? []).length;
    if (chain.length === blocks) return { chain, violations: [] };
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    const found = firstVersion(pem);
    if (found !== null) return { chain: [], violations: [found] };
  }
  return { chain: [], violations: [broken('ca-pem', 'This is no certificate in PEM.', 'Give the certificate as PEM, whole.')] };
}

/** What OpenSSL signs where it is told of no extensions: a certificate, and of no use to a CA. Null where it is anything else. */
function firstVersion(pem: string): Violation | null {
  const [block] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem) ?? [];
  if (block === undefined) return null;
  try {
    const certificate = new X509Certificate(block);
    const [tbs] = children(readDer(certificate.raw));
    // The first version is told by nothing standing before the serial (RFC 5280 §4.1.2.1).
    if (tbs === undefined || children(tbs)[0]?.tag !== tag.integer) return null;
    const reason = 'It is a certificate of version 1, which has no extensions: it does not say that it is a CA.';
    return broken('ca-profile', reason, certificate.subject === certificate.issuer ? newRoot : copied);
  } catch {
    return null;
  }
}

/** What is wrong with a certificate that is to be a root here now; empty where nothing is. */
export function rootFaults(certificate: Certificate, now: Date): readonly Violation[] {
  const { extensions } = certificate;
  const faults: (Violation | null)[] = [
    ...validityFaults(certificate, now, otherRoot),
    isSerialInBounds(certificate.serial) ? null : broken('ca-serial', serialOutOfBounds, otherSerial),
    keyFault(certificate, otherRoot),
    signatureFault(certificate, certificate)
      ? broken('root-certificate', 'It is no root: it has not signed itself.', 'Give the certificate at the top of the chain.')
      : null,
    ...usageFaults(certificate, otherRoot),
  ];
  const basic = extensions.get(id.basicConstraints);
  if (basic !== undefined && readBasicConstraints(basic.value).pathLength === 0)
    faults.push(broken('ca-path-length', 'Its path length is 0: it may sign no CA, and leaves are never signed by a root.', otherRoot));
  if (extensions.has(id.nameConstraints))
    faults.push(broken('ca-names', 'It has name constraints of its own, and those of a root are read by hardly anybody.', otherRoot));
  return faults.filter((fault) => fault !== null);
}

export type SignedFor = {
  readonly root: Certificate;
  /** SubjectPublicKeyInfo, DER, of the key that is kept here. */
  readonly spki: Uint8Array;
  /** Of the managed zones. */
  readonly apexes: readonly Hostname[];
};

/** What is wrong with the certificate of a CA that is to sign leaves here now; empty where nothing is. */
export function intermediateFaults(certificate: Certificate, { root, spki, apexes }: SignedFor, now: Date): readonly Violation[] {
  const linted = lintSignedElsewhere(certificate.tbs, root)
    // These are told in words of their own.
    .filter(({ rule }) => rule !== 'name-constraints' && rule !== 'issuer-name')
    .map(({ rule, reason }) =>
      rule === 'serial-bounds' ? broken('ca-serial', reason, otherSerial) : broken('ca-profile', `${reason} (${rule})`, copied),
    );
  const faults = [
    Buffer.compare(certificate.spki, spki) === 0
      ? null
      : broken('ca-key', 'It is for another key than the one that is kept here.', 'Give what was signed for this request.'),
    signatureFault(certificate, root)
      ? broken('ca-signer', 'It is not signed by the root that the request was made for.', 'Have it signed with the key of that root.')
      : null,
    ...validityFaults(certificate, now, 'Have it signed again, for some years from now.'),
    keyFault(certificate, 'Ask for another request.'),
    unknownCritical(certificate, copied),
    ...nameFaults(certificate, apexes),
    ...linted,
  ];
  return faults.filter((fault) => fault !== null);
}

/** The domains that a CA may sign below, as its name constraints say; those that are no host names are left out. */
export function permittedBy({ extensions }: Certificate): readonly Hostname[] {
  const constraints = extensions.get(id.nameConstraints);
  return constraints === undefined ? [] : readNameConstraints(constraints.value).permittedDns.filter(isStoredHostname);
}

function nameFaults(certificate: Certificate, apexes: readonly Hostname[]): readonly Violation[] {
  const extension = certificate.extensions.get(id.nameConstraints);
  if (extension === undefined) return [broken('ca-names', 'It has no name constraints: it may sign for any name there is.', copied)];
  const constraints = readNameConstraints(extension.value);
  const { permittedDns, excludedDns, unsupported, addresses } = constraints;
  const faults: Violation[] = [];
  const fault = (reason: string, remedy = copied) => faults.push(broken('ca-names', reason, remedy));
  if (!extension.critical) fault('Its name constraints are not critical: who does not know them passes them over.');
  if (permittedDns.length === 0) fault('Its name constraints permit no DNS name, and so every one.');
  if (excludedDns.length > 0 || unsupported) fault('Its name constraints hold more than permitted domains and addresses.');
  if (!excludesAddresses(constraints) && addresses.permitted.length === 0)
    fault('Its name constraints say nothing of IP addresses, and so it may sign for any.');
  const open = addresses.permitted.find((range) => !withinNamedRanges(range));
  if (open !== undefined) fault(`It may sign for ${rangeText(open)}, where addresses of others are.`);
  for (const suffix of permittedDns)
    if (!(isStoredHostname(suffix) && apexes.some((apex) => isWithin(suffix, apex))))
      fault(
        `It may sign for ${visibleWords(suffix)}, which is in no zone that is connected.`,
        `Connect the zone first, or have it signed without ${visibleWords(suffix)}.`,
      );
  return faults;
}

function usageFaults(certificate: Certificate, remedy: string): readonly (Violation | null)[] {
  const { extensions } = certificate;
  const basic = extensions.get(id.basicConstraints);
  const usage = extensions.get(id.keyUsage);
  const bits = usage === undefined ? [] : readNamedBits(usage.value);
  const purposes = extensions.get(id.extendedKeyUsage);
  return [
    basic?.critical === true && readBasicConstraints(basic.value).ca
      ? null
      : broken('ca-flag', 'It is no CA: its basic constraints do not say so, critically.', remedy),
    bits.includes(5) ? null : broken('ca-key-usage', 'Its key usage does not allow it to sign certificates.', remedy),
    purposes !== undefined && !children(purposes.value).map(readOid).includes(id.serverAuth)
      ? broken('ca-key-usage', 'Its extended key usage leaves servers out.', remedy)
      : null,
    isSafeSignature(readOid(children(readDer(certificate.signatureAlgorithm))[0]))
      ? null
      : broken('ca-signature', 'It is not signed with SHA-256, SHA-384 or SHA-512 by ECDSA or RSA (PKCS #1).', remedy),
    unknownCritical(certificate, remedy),
  ];
}

/** Critical extensions that are judged here; who meets another one must refuse the certificate (RFC 5280 §4.2). */
const known: ReadonlySet<string> = new Set([id.basicConstraints, id.keyUsage, id.extendedKeyUsage, id.nameConstraints]);

function unknownCritical({ extensions }: Certificate, remedy: string): Violation | null {
  const found = [...extensions].find(([name, { critical }]) => critical && !known.has(name));
  return found === undefined ? null : broken('ca-profile', `It has the critical extension ${found[0]}, which nobody here knows.`, remedy);
}

function validityFaults({ notBefore, notAfter }: Validity, now: Date, remedy: string): readonly (Violation | null)[] {
  return [
    now < notBefore
      ? broken('ca-validity', `It is valid from ${dayOf(notBefore)} on only.`, 'Wait until then, or see to the clocks.')
      : null,
    now > notAfter ? broken('ca-validity', `It has expired on ${dayOf(notAfter)}.`, remedy) : tooShort(notAfter, now, remedy),
  ];
}

/** What ends before a whole certificate below it would is passed over by everything that asks for one. */
function tooShort(notAfter: Date, now: Date, remedy: string): Violation | null {
  const least = outlivesLeavesFrom(now);
  if (notAfter >= least) return null;
  const reason = `It ends on ${dayOf(notAfter)}, and must last until ${dayOf(least)} at least: what is signed below it is valid for ${serverProfile.lifetimeDays} days.`;
  return broken('ca-validity', reason, remedy);
}

function keyFault({ spki }: Certificate, remedy: string): Violation | null {
  try {
    checkPublicKey(spki);
    return null;
  } catch (error) {
    if (error instanceof HostmasterError) return broken('key-policy', error.message, remedy);
    throw error;
  }
}

/** Whether it is not what the issuer's key has signed. */
function signatureFault(certificate: Certificate, issuer: Certificate): boolean {
  if (Buffer.compare(certificate.issuer, issuer.subject) !== 0) return true;
  try {
    return !nodeCertificate(certificate.der).verify(nodeCertificate(issuer.der).publicKey);
  } catch {
    // A key of a kind that OpenSSL cannot verify with has signed nothing that anybody believes.
    return true;
  }
}
