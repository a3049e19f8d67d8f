// What a certificate and its precertificate have in common (RFC 6962 §3.2): all that is signed, but the timestamps of the logs.
import { hash } from 'node:crypto';
import { HostmasterError } from '../errors.ts';
import { readCertificate } from '../pki/certificate.ts';
import { sequence, tlv } from '../pki/der.ts';
import { children, readDer, readOid } from '../pki/der-reader.ts';

const timestamps = '1.3.6.1.4.1.11129.2.4.2';
const extensionsTag = 0xa3;

/** SHA-256 of what was to be signed before logs had answered, as hex: what its precertificate is known by; null for what cannot be read. */
export function precertificateFingerprint(der: Uint8Array): string | null {
  try {
    const parts = children(readDer(readCertificate(der).tbs)).map((part) => {
      if (part.tag !== extensionsTag) return part.raw;
      const extensions = children(readDer(part.content)).filter((each) => readOid(children(each)[0]) !== timestamps);
      return tlv(extensionsTag, [sequence(...extensions.map(({ raw }) => raw))]);
    });
    return hash('sha256', sequence(...parts), 'hex');
  } catch (error) {
    if (error instanceof HostmasterError) return null;
    throw error;
  }
}
