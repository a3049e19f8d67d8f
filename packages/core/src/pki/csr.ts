// Reads a certificate signing request (PKCS#10, RFC 2986) that a stranger may have written. It is parsed with the
// strict reader and not with a general ASN.1 library, so that what is accepted is small and every loop is bounded.
// Its signature is the proof of possession; what it asks for beyond names and a key is told and not taken, except that asking
// to be a CA is refused.
import { verify } from 'node:crypto';
import { HostmasterError, type Violation } from '../errors.ts';
import { wishWords } from './csr-wishes.ts';
import { tag } from './der.ts';
import { children, type DerValue, expectTag, readBitOctets, readDer, readOid, readSmallInteger, readText } from './der-reader.ts';
import { readDistinguishedName } from './distinguished-name.ts';
import { type Extension, readBasicConstraints, readExtensions, readSubjectAltName } from './extensions.ts';
import { checkPublicKey, type PublicKey } from './key-policy.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { signatureHashes } from './signature-hash.ts';

export type CertificateRequest = {
  /** The request as DER, without PEM armour. */
  readonly der: Uint8Array;
  readonly publicKey: PublicKey;
  /** DNS names of the SAN and the common name together: lower case, sorted, each once. */
  readonly names: readonly string[];
  /** Addresses and URIs of the SAN: sorted, each once. */
  readonly otherNames: readonly string[];
  /** In words what else it asks for, each once: no certificate holds any of it because it was asked for. */
  readonly notTaken: readonly string[];
};

/** 100 names of 253 octets and a 4096-bit key fit twice. */
const maxCsrLength = 64 * 1024;

function refusal(rule: string, why: string, remedy: string): HostmasterError {
  const reason = `The certificate request is not acceptable: ${why}`;
  return new HostmasterError('invalid-input', reason, { violations: [{ rule, path: 'csr', reason, remedy }] });
}

const armour = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----/;

/** The one block of a PEM text; tools write words around it (RFC 7468 §2). */
function soleBlock(text: string): Uint8Array {
  const labels = text.match(/-----BEGIN [^\n]*?-----/g) ?? [];
  if (labels.some((label) => label.includes('PRIVATE KEY'))) {
    const remedy = 'Make a new key, since this one has been sent here, and send its request alone.';
    throw refusal('csr-private-key', 'a private key was sent with it, which nobody else may have.', remedy);
  }
  const body = labels.length === 1 ? armour.exec(text)?.[1] : undefined;
  if (body === undefined) {
    const found =
      labels.length > 1 ? `there are ${labels.length} PEM blocks, and one is wanted.` : 'it is not one PEM block CERTIFICATE REQUEST.';
    throw refusal('csr-format', found, 'Send the output of `openssl req -new`.');
  }
  return Uint8Array.from(Buffer.from(body, 'base64'));
}

function requestBytes(input: string | Uint8Array): Uint8Array {
  if (input.length > 2 * maxCsrLength) throw refusal('csr-size', 'it is too large.', `Send at most ${maxCsrLength} bytes of DER.`);
  if (typeof input === 'string') return soleBlock(input);
  const text = Buffer.from(input).toString('latin1');
  return text.includes('-----BEGIN ') ? soleBlock(text) : Uint8Array.from(input);
}

type Requested = Pick<CertificateRequest, 'names' | 'otherNames' | 'notTaken'>;

/** The common names of a subject (RFC 5280 §4.1.2.4), and what else stands in it. */
function readSubject(subject: DerValue): Omit<Requested, 'otherNames'> {
  const names: string[] = [];
  const notTaken: string[] = [];
  for (const { identifier, value } of readDistinguishedName(subject)) {
    if (identifier !== id.commonName) notTaken.push(wishWords('subject', identifier));
    if (identifier !== id.commonName || value === undefined) continue;
    const name = readText(value);
    if (name === null || !/^[A-Za-z0-9*._-]+$/.test(name)) {
      throw refusal(
        'csr-common-name',
        'its common name is not a host name.',
        'Leave the common name out, or repeat one of the host names.',
      );
    }
    names.push(name);
  }
  return { names, notTaken };
}

/** The extensions that are asked for in either attribute, and what other attributes there are. The same extension may stand in both, as Windows writes it, if it says the same. */
function readAttributes(attributes: DerValue | undefined): {
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly notTaken: readonly string[];
} {
  const all = new Map<string, Extension>();
  const others: string[] = [];
  for (const attribute of attributes === undefined ? [] : children(expectTag(attributes, 0xa0, 'the attributes'), 16)) {
    const [type, values] = children(attribute, 2);
    const name = readOid(type);
    if (name !== id.extensionRequest && name !== id.windowsExtensionRequest) {
      others.push(wishWords('attribute', name));
      continue;
    }
    const [list] = children(expectTag(values, tag.set, 'the requested extensions'), 1);
    for (const [extension, asked] of readExtensions(expectTag(list, tag.sequence, 'the requested extensions'))) {
      const before = all.get(extension);
      if (before !== undefined && read.has(extension) && Buffer.compare(before.value.raw, asked.value.raw) !== 0)
        throw refusal('csr-extensions', `it asks for the extension ${extension} twice, differently.`, 'Ask for each extension once.');
      all.set(extension, asked);
    }
  }
  const unread = [...all.keys()].filter((extension) => !read.has(extension)).map((extension) => wishWords('extension', extension));
  return { extensions: all, notTaken: [...unread, ...others] };
}

/** The extensions of a request that are read here; whatever the others hold, nothing is made of it. */
const read: ReadonlySet<string> = new Set([id.basicConstraints, id.subjectAltName]);

function verifyPossession(info: DerValue, algorithm: DerValue, signature: Uint8Array, publicKey: PublicKey): void {
  const [kind, ...parameters] = children(expectTag(algorithm, tag.sequence, 'the signature algorithm'), 2);
  const name = readOid(kind);
  const scheme = signatureHashes.get(name);
  if (scheme === undefined || scheme.rsa !== (publicKey.algorithm === 'rsa')) throw unknownSignature(name);
  // RFC 5758 §3.2 leaves them out for ECDSA; RFC 4055 §5 writes NULL for RSA and takes nothing as well.
  if (!parameters.every((each) => scheme.rsa && each.tag === 0x05 && each.content.length === 0)) {
    const remedy = `Have it signed by a tool that writes ${scheme.rsa ? 'NULL or nothing' : 'nothing'} there, for example OpenSSL.`;
    throw refusal('csr-signature-algorithm', 'its signature algorithm has parameters that the standard does not allow.', remedy);
  }
  if (!verify(scheme.hash, info.raw, publicKey.key, signature)) {
    const remedy = 'Sign the request with the private key that belongs to its public key.';
    throw refusal('csr-signature', 'its signature does not verify, so possession of the key is not proved.', remedy);
  }
}

function unknownSignature(name: string): HostmasterError {
  if (name === id.rsassaPss) {
    const remedy = 'Sign the request with PKCS#1 v1.5 padding, which OpenSSL does unless `rsa_padding_mode:pss` is set.';
    return refusal('csr-signature-algorithm', 'it is signed with RSASSA-PSS, which is not taken here.', remedy);
  }
  const reason = `its signature algorithm ${name} is not ECDSA or RSA with SHA-256, SHA-384 or SHA-512.`;
  return refusal('csr-signature-algorithm', reason, 'Sign the request with SHA-256 (`openssl req -sha256`).');
}

/** The alternative names as they stand; DNS names are ASCII (RFC 5280 §4.2.1.6). */
function alternativeNames({ value }: Extension): ReturnType<typeof readSubjectAltName> {
  const odd = children(value, 1024).some(
    ({ tag: kind, content }) => (kind === 0x82 || kind === 0x86) && content.some((octet) => octet > 0x7e || octet < 0x21),
  );
  if (!odd) return readSubjectAltName(value);
  const remedy = 'Write names that are not ASCII as A-labels (xn--…), and no blanks.';
  throw refusal('csr-san-text', 'one of its alternative names holds an octet that is no printable ASCII.', remedy);
}

function readRequested(subject: DerValue, attributes: DerValue | undefined): Requested {
  const { extensions, notTaken } = readAttributes(attributes);
  const basic = extensions.get(id.basicConstraints);
  if (basic !== undefined && readBasicConstraints(basic.value).ca) {
    throw refusal('csr-ca', 'it asks to be a certificate authority.', 'Leave basicConstraints out of the request.');
  }
  const altName = extensions.get(id.subjectAltName);
  const names = altName === undefined ? { dns: [], addresses: [], uris: [], otherTags: [] } : alternativeNames(altName);
  if (names.otherTags.length > 0) {
    const reason = 'it asks for alternative names that are no DNS names, addresses or URIs (for example an e-mail address).';
    throw refusal('csr-san-type', reason, 'Ask for DNS names, addresses and a SPIFFE ID only.');
  }
  const said = readSubject(subject);
  const all = new Set([...names.dns, ...said.names].map((name) => name.toLowerCase()));
  if (all.size === 0) throw refusal('csr-names', 'it names no host.', 'Put the host names into the subjectAltName extension.');
  const otherNames = [...new Set([...names.addresses, ...names.uris])].sort();
  return { names: [...all].sort(), otherNames, notTaken: [...new Set([...notTaken, ...said.notTaken])] };
}

/**
 * Parses PEM (one block, whatever text is around it) or DER and checks everything a request must hold by itself: size, strict DER, the key policy,
 * the signature (SHA-2 only), no alternative names but DNS names, addresses and URIs. Whether the names may be issued is for `checkRequestedNames` and the policy.
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
  return { der, publicKey, ...readRequested(subject, attributes) };
}

/**
 * What differs between a request's names and the order's, both ways; empty when they are the same set.
 * @param orderNames every alternative name: hostnames, and what else is ordered
 */
export function checkRequestedNames(
  request: Pick<CertificateRequest, 'names' | 'otherNames'>,
  orderNames: readonly string[],
): readonly Violation[] {
  const ordered = new Set(orderNames);
  const wanted = [...request.names, ...request.otherNames];
  const asked = new Set(wanted);
  const extra = wanted.filter((name) => !ordered.has(name));
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
