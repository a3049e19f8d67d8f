// Reads a private key that somebody brings in PEM. What opens an encrypted one is derived before its content is known, at a cost that
// whoever encrypted it has chosen: that is bounded before it is paid.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { tag } from '@hostmaster/core/pki/der';
import { children, type DerValue, expectTag, readDer, readOid, readSmallInteger } from '@hostmaster/core/pki/der-reader';

const maxPemLength = 64 * 1024;
/** OpenSSL takes 2,048, careful tools a million; a second of a processor's time. */
const mostIterations = 2_000_000;
/** N × r × p of scrypt (RFC 7914 §2), of which OpenSSL takes 131,072. */
const mostScrypt = 2_097_152;
/** RFC 8018 §A.2 and §A.4, RFC 7914 §7. */
const pbes2 = '1.2.840.113549.1.5.13';
const pbkdf2 = '1.2.840.113549.1.5.12';
const scrypt = '1.3.6.1.4.1.11591.4.11';

function refusal(rule: string, reason: string, remedy: string): HostmasterError {
  const violations: readonly Violation[] = [{ rule, path: 'keyPem', reason, remedy }];
  return new HostmasterError('invalid-input', `${reason} ${remedy}`, { violations });
}

const toPkcs8 = 'Give it as PKCS #8: `openssl pkcs8 -topk8 -in key.pem` writes it.';

/** The content of the one block, and under which label. */
function soleBlock(pem: string): { readonly label: string; readonly der: Uint8Array } {
  const blocks = [...pem.matchAll(/-----BEGIN ([A-Z ]*PRIVATE KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g)];
  const [, label, body] = blocks[0] ?? [];
  const begun = pem.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----/g) ?? [];
  if (pem.length > maxPemLength || label === undefined || body === undefined || blocks.length !== 1 || begun.length !== 1)
    throw refusal('private-key', 'This is not one private key in PEM.', toPkcs8);
  return { label, der: Uint8Array.from(Buffer.from(body, 'base64')) };
}

/** Errors: invalid-input where opening it would take too long, or nobody here knows how. */
function checkCost(der: Uint8Array): void {
  const [algorithm] = children(expectTag(readDer(der), tag.sequence, 'the encrypted key'), 2);
  const [scheme, parameters] = children(expectTag(algorithm, tag.sequence, 'the encryption'), 2);
  if (readOid(scheme) !== pbes2) throw refusal('private-key', 'It is encrypted in a way that is not safe or not known.', toPkcs8);
  const [derivation] = children(expectTag(parameters, tag.sequence, 'the encryption'), 2);
  const [kind, costs] = children(expectTag(derivation, tag.sequence, 'the key derivation'), 2);
  const [, ...numbers] = children(expectTag(costs, tag.sequence, 'the key derivation'), 5);
  const name = readOid(kind);
  const cost = name === pbkdf2 ? costOf(numbers, 1) / mostIterations : name === scrypt ? costOf(numbers, 3) / mostScrypt : null;
  if (cost === null) throw refusal('private-key', 'Its passphrase is stretched in a way that is not known.', toPkcs8);
  if (cost > 1) throw refusal('private-key', 'Its passphrase is stretched for so long that nobody here waits for it.', toPkcs8);
}

/** The product of the first integers; those that are missing or too large to be read count as endless. */
function costOf(numbers: readonly DerValue[], count: number): number {
  const read = numbers.slice(0, count);
  if (read.length < count || read.some(({ content }) => content.length > 4)) return Number.POSITIVE_INFINITY;
  return read.reduce((product, number) => product * readSmallInteger(number), 1);
}

function open(pem: string, passphrase: string | null): KeyObject {
  const { label, der } = soleBlock(pem);
  const encrypted = label === 'ENCRYPTED PRIVATE KEY';
  if (encrypted && passphrase === null)
    throw refusal('private-key', 'It is encrypted, and no passphrase was given.', 'Give the passphrase.');
  try {
    if (encrypted) checkCost(der);
    return createPrivateKey(encrypted ? { key: pem, format: 'pem', passphrase: passphrase ?? '' } : { key: pem, format: 'pem' });
  } catch (cause) {
    if (cause instanceof HostmasterError && cause.violations.length > 0) throw cause;
    const why = encrypted ? 'It cannot be opened with this passphrase, or is damaged.' : 'It cannot be read.';
    throw refusal('private-key', why, encrypted ? 'Give the passphrase that it was encrypted with.' : toPkcs8);
  }
}

/**
 * The private key of a public one, PKCS#8 and DER; the caller wipes it. Errors: invalid-input with what is wrong; no word of the key is in it.
 * @param spki of the certificate that it is to belong to
 */
export function readPrivateKey(pem: string, passphrase: string | null, spki: Uint8Array): Buffer {
  const key = open(pem, passphrase);
  const own = createPublicKey(key).export({ format: 'der', type: 'spki' });
  if (Buffer.compare(own, spki) !== 0)
    throw refusal('private-key', 'It is not the key of the certificate.', 'Give the key that the certificate was made for.');
  return key.export({ format: 'der', type: 'pkcs8' });
}
