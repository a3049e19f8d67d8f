// What a certificate says of itself, for people: read by @peculiar/x509, which knows far more kinds of certificates than
// we write, and names distinguished names the way that RFC 4514 does. What decides anything is read by our own parser.
import { keyName } from './profile.ts';
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { SubjectAlternativeNameExtension, X509Certificate } from '@peculiar/x509';
import { HostmasterError } from '../errors.ts';
import { visibleWords } from '../foreign-words.ts';
import { maxCertificateLength } from './certificate.ts';

export type CertificateDescription = {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names, as they stand in the certificate; what is not seen in one is its code point. */
  readonly subjectAltNames: readonly string[];
  /** Whatever else it speaks for, with its kind before it: `IP:10.1.2.3`, `URI:spiffe://…`. */
  readonly otherNames: readonly string[];
  /** Upper-case hex pairs. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 over the DER, lower-case hex. */
  readonly fingerprint: string;
  /** For example `ecdsa-p256`, `rsa-2048`; `unknown` for what we do not issue. */
  readonly keyAlgorithm: string;
};

const curves: Readonly<Record<string, string>> = { 'P-256': 'ecdsa-p256', 'P-384': 'ecdsa-p384' };

/** As OpenSSL calls the forms of a GeneralName (RFC 5280 §4.2.1.6). */
const kinds: Readonly<Record<string, string>> = {
  ip: 'IP',
  url: 'URI',
  email: 'email',
  dn: 'DirName',
  guid: 'GUID',
  upn: 'UPN',
  id: 'RID',
};

type Algorithm = { readonly name: string; readonly namedCurve?: string; readonly modulusLength?: number };

/** Errors: invalid-input for what is not a certificate, or is one that cannot be read to its end. */
export function describeCertificate(der: Uint8Array): CertificateDescription {
  if (der.length > maxCertificateLength) throw new HostmasterError('invalid-input', 'The certificate is too large.');
  try {
    // Much of it is read only when it is asked for.
    const certificate = new X509Certificate(Uint8Array.from(der));
    const { namedCurve, modulusLength }: Algorithm = certificate.publicKey.algorithm;
    const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
    return {
      subject: visibleWords(certificate.subject),
      issuer: visibleWords(certificate.issuer),
      subjectAltNames: names.filter(({ type }) => type === 'dns').map(({ value }) => visibleWords(value)),
      otherNames: names.filter(({ type }) => type !== 'dns').map(({ type, value }) => `${kinds[type] ?? type}:${visibleWords(value)}`),
      serial: certificate.serialNumber.toUpperCase(),
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      fingerprint: createHash('sha256').update(der).digest('hex'),
      keyAlgorithm:
        modulusLength === undefined ? (curves[namedCurve ?? ''] ?? 'unknown') : keyName({ algorithm: 'rsa', bits: modulusLength }),
    };
  } catch (cause) {
    throw new HostmasterError('invalid-input', 'Not a certificate that can be read.', { cause });
  }
}
