// Reads an OCSPRequest (RFC 6960 §4.1.1), which anybody may send: bounded, strictly DER, and nothing of it is believed but which
// certificates it asks for. Whose signature it carries does not matter, since everybody is answered alike.
import { HostmasterError } from '../errors.ts';
import { tag } from './der.ts';
import { children, type DerValue, expectTag, readDer, readInteger, readOid, readSmallInteger } from './der-reader.ts';
import { readExtensions } from './extensions.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { type CertIdHash, certIdHashes } from './ocsp-cert-id.ts';

/** One for a single certificate takes 80 to 120 octets; one that is signed carries its signer's certificates. */
export const maxOcspRequestLength = 16 * 1024;
const maxRequests = 32;

export type AskedCertificate = {
  /** By which hash it is named; null: by one that nobody here knows. */
  readonly hash: CertIdHash | null;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  /** Upper-case hex pairs without leading zeros; null for a number that is not positive and so is no certificate's. */
  readonly serial: string | null;
};

const refused = (what: string): HostmasterError =>
  new HostmasterError('invalid-input', `Not an OCSP request that can be answered: ${what}.`);

/** All extensions are for the client's convenience, and skipped; one without which it takes no answer cannot be (RFC 6960 §4.4). */
function skipExtensions(value: DerValue | undefined): void {
  if (value === undefined) return;
  const critical = [...readExtensions(readDer(value.content))].find(([, extension]) => extension.critical);
  if (critical !== undefined) throw refused(`its critical extension ${critical[0]} is not known here`);
}

function readSerial(value: DerValue | undefined): string | null {
  const content = readInteger(value);
  if ((content[0] ?? 0x80) >= 0x80) return null;
  const hex = Buffer.from(content[0] === 0 ? content.subarray(1) : content)
    .toString('hex')
    .toUpperCase();
  return hex === '' ? null : hex;
}

function readCertId(value: DerValue | undefined): AskedCertificate {
  const [algorithm, name, key, serial, ...more] = children(expectTag(value, tag.sequence, 'a CertID'), 5);
  if (more.length > 0) throw refused('a CertID holds more than it may');
  const [identifier, parameters] = children(expectTag(algorithm, tag.sequence, 'a hash algorithm'), 2);
  if (parameters !== undefined && parameters.raw.length > 2) throw refused('a hash algorithm has parameters');
  const dotted = readOid(identifier);
  return {
    hash: certIdHashes.find((hash) => id[hash] === dotted) ?? null,
    issuerNameHash: expectTag(name, tag.octetString, 'the hash of the issuer name').content,
    issuerKeyHash: expectTag(key, tag.octetString, 'the hash of the issuer key').content,
    serial: readSerial(serial),
  };
}

function readRequest(value: DerValue): AskedCertificate {
  const [certId, extensions, ...more] = children(expectTag(value, tag.sequence, 'a request'), 3);
  if (more.length > 0) throw refused('a request holds more than it may');
  if (extensions !== undefined) skipExtensions(expectTag(extensions, 0xa0, 'the extensions of a request'));
  return readCertId(certId);
}

/** The optional parts of a TBSRequest by their tags, which stand in this order, each once. */
const order = [0xa0, 0xa1, tag.sequence, 0xa2];

/** The certificates that are asked for, one or more. Errors: invalid-input. */
export function parseOcspRequest(der: Uint8Array): readonly AskedCertificate[] {
  if (der.length > maxOcspRequestLength) throw refused('it is too large');
  const [tbs, signature, ...more] = children(expectTag(readDer(der), tag.sequence, 'the request'), 3);
  if (more.length > 0) throw refused('something follows its signature');
  if (signature !== undefined) expectTag(signature, 0xa0, 'the signature');
  const parts = children(expectTag(tbs, tag.sequence, 'the to-be-signed part'), order.length);
  const places = parts.map((part) => order.indexOf(part.tag));
  if (places.some((place, at) => place <= (places[at - 1] ?? -1))) throw refused('its parts are not those of a request, in their order');
  const part = (wanted: number): DerValue | undefined => parts.find((each) => each.tag === wanted);
  // v1 is the default, which DER leaves out and some clients write.
  const version = part(0xa0);
  if (version !== undefined && readSmallInteger(readDer(version.content)) !== 0) throw refused('its version is not 1');
  skipExtensions(part(0xa2));
  const list = children(expectTag(part(tag.sequence), tag.sequence, 'the list of requests'), maxRequests);
  if (list.length === 0) throw refused('it asks for nothing');
  return list.map(readRequest);
}
