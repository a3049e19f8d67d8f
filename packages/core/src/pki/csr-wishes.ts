// What a certificate signing request can ask for beside its names and its key. Nothing of it reaches the certificate, whose
// profile says what it holds, so whoever sent the request is told.
import { objectIdentifiers as id } from './object-identifiers.ts';

/** RFC 5280 §4.1.2.4 and §4.2, RFC 7633, RFC 2985 §5.4; others are called by their object identifier. */
const words: Readonly<Record<string, string>> = {
  '2.5.4.5': 'serial number in the subject',
  '2.5.4.6': 'country in the subject',
  '2.5.4.7': 'locality in the subject',
  '2.5.4.8': 'state in the subject',
  [id.organizationName]: 'organization in the subject',
  '2.5.4.11': 'organizational unit in the subject',
  '1.2.840.113549.1.9.1': 'email address in the subject',
  [id.subjectKeyIdentifier]: 'subject key identifier',
  [id.keyUsage]: 'key usage',
  [id.nameConstraints]: 'name constraints',
  '2.5.29.32': 'certificate policies',
  [id.extendedKeyUsage]: 'extended key usage',
  '1.3.6.1.5.5.7.1.24': 'TLS feature (OCSP must-staple)',
  '1.2.840.113549.1.9.2': 'unstructured name',
  '1.2.840.113549.1.9.7': 'challenge password',
};

const kinds = { subject: 'attribute', extension: 'extension', attribute: 'attribute' } as const;

/** In words what an object identifier asks for. @param kind where it stands in the request */
export const wishWords = (kind: keyof typeof kinds, identifier: string): string =>
  words[identifier] ?? `${kinds[kind]} ${identifier}${kind === 'subject' ? ' in the subject' : ''}`;
