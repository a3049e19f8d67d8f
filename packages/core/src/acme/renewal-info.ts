import { HostmasterError } from '../errors.ts';
import { readCertificate } from '../pki/certificate.ts';
import { children } from '../pki/der-reader.ts';
import { objectIdentifiers } from '../pki/object-identifiers.ts';

/** By what a server finds a certificate whose renewal is asked about (RFC 9773 §4.1). @param leaf DER. Errors: invalid-input. */
export function renewalIdentifier(leaf: Uint8Array): string {
  const { serial, extensions } = readCertificate(leaf);
  const authority = extensions.get(objectIdentifiers.authorityKeyIdentifier);
  const key = authority === undefined ? undefined : children(authority.value).find(({ tag }) => tag === 0x80);
  if (key === undefined) throw new HostmasterError('invalid-input', 'The certificate does not say which key signed it.');
  return `${base64url(key.content)}.${base64url(serial)}`;
}

const base64url = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');
