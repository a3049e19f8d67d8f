// Reads a list of revoked certificates that a CA elsewhere has signed (RFC 5280 §5), as far as it must be known before it is published.
import { verify } from 'node:crypto';
import { HostmasterError } from '../errors.ts';
import { type Certificate, nodeCertificate } from './certificate.ts';
import { tag } from './der.ts';
import { children, type DerValue, expectTag, readBitOctets, readDer, readInteger, readOid, readTime } from './der-reader.ts';
import { readExtensions } from './extensions.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { signatureHashes } from './signature-hash.ts';

export type RevocationList = {
  readonly der: Uint8Array;
  /** Name, DER. */
  readonly issuer: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly number: number;
  /** Serials of what it revokes, as contents of their INTEGERs in lower-case hex. */
  readonly revoked: ReadonlySet<string>;
  readonly tbs: Uint8Array;
  readonly algorithm: string;
  readonly signature: Uint8Array;
};

const maxLength = 1024 * 1024;
const notTaken = (why: string): HostmasterError => new HostmasterError('invalid-input', `Not a list that can be taken: ${why}.`);
const isTime = (value: DerValue | undefined): boolean => value?.tag === tag.utcTime || value?.tag === tag.generalizedTime;

/** The one list of a PEM text. Its signature is not verified. Errors: invalid-input. */
export function readCrlPem(pem: string): RevocationList {
  if (pem.length > 2 * maxLength) throw notTaken('it is too large');
  const [block, ...more] = pem.matchAll(/-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/g);
  const body = block?.[1];
  if (body === undefined || more.length > 0) throw notTaken('it is not one PEM block X509 CRL');
  return readCrl(Uint8Array.from(Buffer.from(body, 'base64')));
}

function readCrl(der: Uint8Array): RevocationList {
  if (der.length > maxLength) throw notTaken('it is too large');
  const [tbs, algorithm, signature] = children(expectTag(readDer(der), tag.sequence, 'the list'), 3);
  const [, , issuer, thisUpdate, nextUpdate, ...more] = children(expectTag(tbs, tag.sequence, 'the list'), 7);
  if (!isTime(nextUpdate)) throw notTaken('it does not say when the next one is due');
  const extensions = more.find((part) => part.tag === 0xa0);
  const known = extensions === undefined ? new Map() : readExtensions(readDer(extensions.content));
  const unknown = [...known].find(([, { critical }]) => critical);
  // A delta, or a list of some certificates only, which whoever takes it for the whole list would misread (RFC 5280 §5.2.4, §5.2.5).
  if (unknown !== undefined) throw notTaken(`it has the critical extension ${unknown[0]}`);
  const number = known.get(id.crlNumber);
  if (number === undefined) throw notTaken('it has no number');
  const octets = readInteger(number.value);
  const value = Number(BigInt(`0x${Buffer.from(octets).toString('hex')}`));
  if (value < 0 || value > 2_147_483_647 || (octets[0] ?? 0) >= 0x80) throw notTaken('its number is out of range');
  return {
    der,
    issuer: expectTag(issuer, tag.sequence, 'the issuer').raw,
    thisUpdate: readTime(thisUpdate),
    nextUpdate: readTime(nextUpdate),
    number: value,
    revoked: revokedIn(more.find((part) => part.tag === tag.sequence)),
    tbs: tbs?.raw ?? new Uint8Array(),
    algorithm: readOid(children(expectTag(algorithm, tag.sequence, 'the algorithm'), 2)[0]),
    signature: readBitOctets(signature),
  };
}

/** More than a list of a megabyte can hold. */
const mostRevoked = 100_000;

const revokedIn = (list: DerValue | undefined): ReadonlySet<string> =>
  new Set(
    (list === undefined ? [] : children(list, mostRevoked)).map((entry) =>
      serialIn(children(expectTag(entry, tag.sequence, 'a revocation'), 3)[0]),
    ),
  );
const serialIn = (value: DerValue | undefined): string => serialText(readInteger(value));

const serialText = (serial: Uint8Array): string => Buffer.from(serial).toString('hex');
/** Whether a list revokes a certificate of the CA that signed it. */
export const revokes = ({ revoked }: RevocationList, { serial }: Pick<Certificate, 'serial'>): boolean => revoked.has(serialText(serial));

/** Whether this CA has signed it. */
export function isSignedBy({ issuer, tbs, algorithm, signature }: RevocationList, ca: Certificate): boolean {
  const { hash } = signatureHashes.get(algorithm) ?? {};
  if (hash === undefined || Buffer.compare(issuer, ca.subject) !== 0) return false;
  return verify(hash, tbs, nodeCertificate(ca.der).publicKey, signature);
}
