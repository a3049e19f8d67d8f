// Reads a certificate, or its to-be-signed part, with the strict reader (RFC 5280 §4.1). The lint judges what we are
// about to sign through it, and the chain check judges what others signed.
import { hash, X509Certificate } from 'node:crypto';
import { HostmasterError } from '../errors.ts';
import { tag } from './der.ts';
import { children, type DerValue, expectTag, readBitOctets, readDer, readInteger, readSmallInteger, readTime } from './der-reader.ts';
import { type Extension, readExtensions } from './extensions.ts';
import { keyIdentifier } from './key-policy.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

export type TbsCertificate = {
  /** Contents of the serial's INTEGER. */
  readonly serial: Uint8Array;
  /** AlgorithmIdentifier, DER. */
  readonly signatureAlgorithm: Uint8Array;
  /** Name, DER. */
  readonly issuer: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly extensions: ReadonlyMap<string, Extension>;
};

export type Certificate = TbsCertificate & {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
};

/** Certificates beyond this size are not read; a leaf with 100 long names takes 30 kB. */
export const maxCertificateLength = 64 * 1024;

const notOurs = (what: string): HostmasterError => new HostmasterError('invalid-input', `Not a certificate that can be read: ${what}.`);

function readTbs(value: DerValue): TbsCertificate {
  const parts = children(expectTag(value, tag.sequence, 'the certificate'), 10);
  const [version, serial, algorithm, issuer, validity, subject, spki, ...optional] = parts;
  const versionNumber = readSmallInteger(children(expectTag(version, 0xa0, 'the version'), 1)[0]);
  if (versionNumber !== 2) throw notOurs('its version is not 3');
  const [notBefore, notAfter] = children(expectTag(validity, tag.sequence, 'the validity'), 2);
  const [extensions, ...unexpected] = optional;
  if (unexpected.length > 0) throw notOurs('it carries unique identifiers');
  return {
    serial: readInteger(serial),
    signatureAlgorithm: expectTag(algorithm, tag.sequence, 'the signature algorithm').raw,
    issuer: expectTag(issuer, tag.sequence, 'the issuer').raw,
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    subject: expectTag(subject, tag.sequence, 'the subject').raw,
    spki: expectTag(spki, tag.sequence, 'the public key').raw,
    extensions: extensions === undefined ? new Map() : readExtensions(readDer(expectTag(extensions, 0xa3, 'the extensions').content)),
  };
}

/** Reads a TBSCertificate of version 3. Errors: invalid-input. */
export function readTbsCertificate(der: Uint8Array): TbsCertificate {
  if (der.length > maxCertificateLength) throw notOurs('it is too large');
  return readTbs(readDer(der));
}

/** Reads a Certificate of version 3; its signature is not verified. Errors: invalid-input. */
export function readCertificate(der: Uint8Array): Certificate {
  if (der.length > maxCertificateLength) throw notOurs('it is too large');
  const [tbs, algorithm, signature] = children(expectTag(readDer(der), tag.sequence, 'the certificate'), 3);
  const read = readTbs(expectTag(tbs, tag.sequence, 'the certificate'));
  if (Buffer.compare(expectTag(algorithm, tag.sequence, 'the algorithm').raw, read.signatureAlgorithm) !== 0) {
    throw notOurs('its two signature algorithms differ');
  }
  return { ...read, der, tbs: tbs?.raw ?? new Uint8Array(), signature: readBitOctets(signature) };
}

/** How those that it signs name its key: as it says itself, which is the way of whoever made it, else as we would (RFC 5280 §4.2.1.1). */
export function ownKeyIdentifier({ extensions, spki }: Pick<TbsCertificate, 'extensions' | 'spki'>): Uint8Array {
  const own = extensions.get(id.subjectKeyIdentifier);
  return own === undefined ? keyIdentifier(spki) : expectTag(own.value, tag.octetString, 'the key identifier').content;
}

/** SHA-256 over the DER, lower-case hex. */
export const certificateFingerprint = ({ der }: Pick<Certificate, 'der'>): string => hash('sha256', der, 'hex');

/** Node's view of the same bytes. Errors: invalid-input where OpenSSL cannot read them. */
export function nodeCertificate(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new HostmasterError('invalid-input', 'Not a certificate that can be read.', { cause });
  }
}
