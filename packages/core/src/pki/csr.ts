// Reads a certificate signing request (PKCS#10, RFC 2986) that a stranger may have written. It is parsed with the
// strict reader and not with a general ASN.1 library, so that what is accepted is small and every loop is bounded.
// Its signature is the proof of possession; what it asks for beyond names and a key is ignored, except that asking
// to be a CA is refused.
import { verify } from 'node:crypto';
import { HostmasterError, type Violation } from '../errors.ts';
import { tag } from './der.ts';
import { children, type DerValue, expectTag, readBitOctets, readDer, readOid, readSmallInteger } from './der-reader.ts';
import { readBasicConstraints, readExtensions, readSubjectAltName } from './extensions.ts';
import { checkPublicKey, type PublicKey } from './key-policy.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

export type CertificateRequest = {
  /** The request as DER, without PEM armour. */
  readonly der: Uint8Array;
  readonly publicKey: PublicKey;
  /** DNS names of the SAN and the common name together: lower case, sorted, each once. */
  readonly names: readonly string[];
};

/** 100 names of 253 octets and a 4096-bit key fit twice. */
const maxCsrLength = 64 * 1024;

const signatureHashes = new Map<string, { hash: string; rsa: boolean }>([
  [id.ecdsaWithSha256, { hash: 'sha256', rsa: false }],
  [id.ecdsaWithSha384, { hash: 'sha384', rsa: false }],
  [id.ecdsaWithSha512, { hash: 'sha512', rsa: false }],
  [id.sha256WithRsaEncryption, { hash: 'sha256', rsa: true }],
  [id.sha384WithRsaEncryption, { hash: 'sha384', rsa: true }],
  [id.sha512WithRsaEncryption, { hash: 'sha512', rsa: true }],
]);

const refusal = (rule: string, reason: string, remedy: string): HostmasterError =>
  new HostmasterError('invalid-input', `The certificate request is not acceptable: ${reason}`, {
    violations: [{ rule, path: 'csr', reason, remedy }],
  });

function requestBytes(input: string | Uint8Array): Uint8Array {
  if (input.length > 2 * maxCsrLength) throw refusal('csr-size', 'it is too large.', `Send at most ${maxCsrLength} bytes of DER.`);
  const isText = typeof input === 'string' || input[0] === 0x2d;
  if (!isText) return Uint8Array.from(input);
  const text = typeof input === 'string' ? input : Buffer.from(input).toString('latin1');
  const match = /^\s*-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----\s*$/.exec(
    text,
  );
  if (match?.[1] === undefined) {
    throw refusal('csr-format', 'it is not one PEM block CERTIFICATE REQUEST.', 'Send the output of `openssl req -new`.');
  }
  return Uint8Array.from(Buffer.from(match[1], 'base64'));
}

/** The common names of a subject (RFC 5280 §4.1.2.4). */
function commonNames(subject: DerValue): string[] {
  const names: string[] = [];
  for (const relativeName of children(expectTag(subject, tag.sequence, 'the subject'), 32)) {
    for (const attribute of children(expectTag(relativeName, tag.set, 'a relative name'), 8)) {
      const [type, value] = children(attribute, 2);
      if (readOid(type) !== id.commonName || value === undefined) continue;
      const name = Buffer.from(value.content).toString('latin1');
      if (!/^[A-Za-z0-9*._-]+$/.test(name)) {
        throw refusal(
          'csr-common-name',
          'its common name is not a host name.',
          'Leave the common name out, or repeat one of the host names.',
        );
      }
      names.push(name);
    }
  }
  return names;
}

function requestedExtensions(attributes: DerValue | undefined): ReturnType<typeof readExtensions> {
  if (attributes === undefined) return new Map();
  for (const attribute of children(expectTag(attributes, 0xa0, 'the attributes'), 16)) {
    const [type, values] = children(attribute, 2);
    if (readOid(type) !== id.extensionRequest) continue;
    const [list] = children(expectTag(values, tag.set, 'the requested extensions'), 1);
    return readExtensions(expectTag(list, tag.sequence, 'the requested extensions'));
  }
  return new Map();
}

function verifyPossession(info: DerValue, algorithm: DerValue, signature: Uint8Array, publicKey: PublicKey): void {
  const name = readOid(children(expectTag(algorithm, tag.sequence, 'the signature algorithm'), 2)[0]);
  const scheme = signatureHashes.get(name);
  if (scheme === undefined || scheme.rsa !== (publicKey.algorithm === 'rsa')) {
    const reason = `its signature algorithm ${name} is not ECDSA or RSA with SHA-256, SHA-384 or SHA-512.`;
    throw refusal('csr-signature-algorithm', reason, 'Sign the request with SHA-256 (`openssl req -sha256`).');
  }
  if (!verify(scheme.hash, info.raw, publicKey.key, signature)) {
    const remedy = 'Sign the request with the private key that belongs to its public key.';
    throw refusal('csr-signature', 'its signature does not verify, so possession of the key is not proved.', remedy);
  }
}

function requestedNames(subject: DerValue, attributes: DerValue | undefined): readonly string[] {
  const extensions = requestedExtensions(attributes);
  const basic = extensions.get(id.basicConstraints);
  if (basic !== undefined && readBasicConstraints(basic.value).ca) {
    throw refusal('csr-ca', 'it asks to be a certificate authority.', 'Leave basicConstraints out of the request.');
  }
  const altName = extensions.get(id.subjectAltName);
  const names = altName === undefined ? { dns: [], otherTags: [] } : readSubjectAltName(altName.value);
  if (names.otherTags.length > 0) {
    const reason = 'it asks for alternative names that are not DNS names (for example an IP address).';
    throw refusal('csr-san-type', reason, 'Ask for DNS names only.');
  }
  const all = new Set([...names.dns, ...commonNames(subject)].map((name) => name.toLowerCase()));
  if (all.size === 0) throw refusal('csr-names', 'it names no host.', 'Put the host names into the subjectAltName extension.');
  return [...all].sort();
}

/**
 * Parses PEM (one block) or DER and checks everything a request must hold by itself: size, strict DER, the key policy,
 * the signature (SHA-2 only), DNS names only. Whether the names may be issued is for `checkRequestedNames` and the policy.
 * Errors: invalid-input with the broken rule.
 */
export function parseCsr(pemOrDer: string | Uint8Array): CertificateRequest {
  const der = requestBytes(pemOrDer);
  if (der.length > maxCsrLength) throw refusal('csr-size', 'it is too large.', `Send at most ${maxCsrLength} bytes of DER.`);
  const [info, algorithm, signature, ...rest] = children(expectTag(readDer(der), tag.sequence, 'the request'), 4);
  if (info === undefined || algorithm === undefined || rest.length > 0) throw refusal('csr-format', 'it is not PKCS#10.', 'Send PKCS#10.');
  const [version, subject, spki, attributes] = children(expectTag(info, tag.sequence, 'the request info'), 4);
  if (readSmallInteger(version) !== 0 || subject === undefined)
    throw refusal('csr-format', 'its version is not 1.', 'Send PKCS#10 version 1.');
  const publicKey = checkPublicKey(expectTag(spki, tag.sequence, 'the public key').raw);
  verifyPossession(info, algorithm, readBitOctets(signature), publicKey);
  return { der, publicKey, names: requestedNames(subject, attributes) };
}

/** What differs between a request's names and the order's, both ways; empty when they are the same set. */
export function checkRequestedNames(request: CertificateRequest, orderNames: readonly string[]): readonly Violation[] {
  const ordered = new Set(orderNames);
  const asked = new Set(request.names);
  const extra = request.names.filter((name) => !ordered.has(name));
  const missing = orderNames.filter((name) => !asked.has(name));
  return [
    ...extra.map((name) => ({
      rule: 'csr-extra-name',
      path: 'csr',
      reason: `The certificate request asks for ${name}, which is not part of the order.`,
      remedy: 'Ask for exactly the names of the order.',
    })),
    ...missing.map((name) => ({
      rule: 'csr-missing-name',
      path: 'csr',
      reason: `The certificate request does not ask for ${name}.`,
      remedy: 'Ask for exactly the names of the order.',
    })),
  ];
}
