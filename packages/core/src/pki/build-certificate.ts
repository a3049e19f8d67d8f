// Builds root, intermediate and leaf certificates (RFC 5280 §4) with the DER writer. The same input gives the same
// to-be-signed bytes, so an order that is resumed after a crash signs the certificate it began and not a second one.
import { type AddressRange, parseAddress } from '../address/address.ts';
import { HostmasterError } from '../errors.ts';
import { type Certificate, ownKeyIdentifier, readCertificate } from './certificate.ts';
import { listAddress, shardOf } from './crl-shard.ts';
import {
  bitString,
  contextConstructed,
  contextPrimitive,
  derNull,
  derTrue,
  integer,
  namedBits,
  octetString,
  oid,
  sequence,
  setOf,
  time,
  utf8String,
} from './der.ts';
import { keyIdentifier } from './key-policy.ts';
import { type KeyUsage, type LeafContent, namedRanges, purposes, serverContent } from './leaf-content.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import type { KeyAlgorithm } from './profile.ts';
import { serialOctets } from './serial.ts';
import { type Signer, signatureAlgorithm } from './signer.ts';

/** Where relying parties fetch what a certificate does not carry; http, because fetching it over TLS would need it first. */
export type AuthorityUrls = {
  /** The issuer's own certificate, DER (RFC 5280 §4.2.2.1 caIssuers). */
  readonly certificate: string;
  /** The issuer's complete CRL, DER (RFC 5280 §4.2.1.13); where those of its shards are follows from it (crl-shard.ts). */
  readonly crl: string;
  /** Its OCSP responder (RFC 6960 §3.1). */
  readonly ocsp: string;
};

/** Where they are published below an address, whose slash at the end makes no difference. */
export function authorityUrls(base: string, slug: string): AuthorityUrls {
  const at = (file: string): string => new URL(`pki/${file}`, `${base.replace(/\/+$/, '')}/`).href;
  return { certificate: at(`${slug}.cer`), crl: at(`${slug}.crl`), ocsp: at(`ocsp/${slug}`) };
}

/** What an issuer's certificate contributes to those it signs. */
export type IssuerIdentity = { readonly subject: Uint8Array; readonly keyIdentifier: Uint8Array; readonly algorithm: KeyAlgorithm };

export type Draft = {
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Uint8Array;
};

export type LeafDraft = Draft & {
  readonly names: readonly string[] /** That of a server where left out. */;
  readonly content?: LeafContent;
};
export type AuthorityDraft = Draft & { readonly commonName: string; readonly organisation: string };

/** KeyUsage bits (RFC 5280 §4.2.1.3). */
const usage = { digitalSignature: 0, keyCertSign: 5, crlSign: 6 } as const;

/** ub-common-name of RFC 5280 appendix A. */
const maxCommonName = 64;

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

export function extension(name: string, value: Uint8Array, critical = false): Uint8Array {
  return critical ? sequence(oid(name), derTrue, octetString(value)) : sequence(oid(name), octetString(value));
}

const attribute = (type: string, text: string): Uint8Array => setOf(sequence(oid(type), utf8String(text)));

function authorityName(draft: Pick<AuthorityDraft, 'commonName' | 'organisation'>): Uint8Array {
  return sequence(attribute(id.organizationName, draft.organisation), attribute(id.commonName, draft.commonName));
}

/** A TBSCertificate of version 3 (RFC 5280 §4.1). Errors: issuer-refused for a serial that is none, invalid-input for a time past 9999. */
export function tbsCertificate(draft: Draft, issuer: IssuerIdentity, subject: Uint8Array, extensions: readonly Uint8Array[]): Uint8Array {
  const serial = serialOctets(draft.serial);
  if (serial === null) throw new HostmasterError('issuer-refused', 'The serial number is not 8 to 20 positive octets in upper-case hex.');
  return sequence(
    contextConstructed(0, integer(2)),
    integer(serial),
    signatureAlgorithm(issuer.algorithm),
    issuer.subject,
    sequence(time(draft.notBefore), time(draft.notAfter)),
    subject,
    draft.spki,
    contextConstructed(3, sequence(...extensions)),
  );
}

const subjectKey = (spki: Uint8Array): Uint8Array => extension(id.subjectKeyIdentifier, octetString(keyIdentifier(spki)));
/** AuthorityKeyIdentifier with the key identifier alone; also of a CRL (RFC 5280 §4.2.1.1, §5.2.1). */
export const authorityKey = (issuer: IssuerIdentity): Uint8Array =>
  extension(id.authorityKeyIdentifier, sequence(contextPrimitive(0, issuer.keyIdentifier)));

const uri = (address: string): Uint8Array => contextPrimitive(6, bytes(address));

/** The name of a place where a CRL is, by each of its addresses: distributionPoint of RFC 5280 §4.2.1.13 and §5.2.5. */
export const distributionPoint = (...addresses: readonly string[]): Uint8Array =>
  contextConstructed(0, contextConstructed(0, ...addresses.map(uri)));

/** @param ocsp null where no responder answers */
function whereToFetch(certificate: string, ocsp: string | null, crl: string): readonly Uint8Array[] {
  const access = [...(ocsp === null ? [] : [sequence(oid(id.ocsp), uri(ocsp))]), sequence(oid(id.caIssuers), uri(certificate))];
  return [
    extension(id.authorityInfoAccess, sequence(...access)),
    extension(id.crlDistributionPoints, sequence(sequence(distributionPoint(crl)))),
  ];
}

const encodedForLeaves = new WeakMap<AuthorityUrls, Map<number, readonly Uint8Array[]>>();

/** The same for every leaf of an issuer's shard: encoded once. */
function whereLeavesLead(urls: AuthorityUrls, serial: string): readonly Uint8Array[] {
  const shard = shardOf(serial);
  const shards = encodedForLeaves.get(urls) ?? new Map<number, readonly Uint8Array[]>();
  const encoded = shards.get(shard) ?? whereToFetch(urls.certificate, urls.ocsp, listAddress(urls.crl, shard));
  encodedForLeaves.set(urls, shards.set(shard, encoded));
  return encoded;
}

/** Address and mask (RFC 5280 §4.2.1.10). */
function subtreeOf({ base, bits }: AddressRange): Uint8Array {
  const mask = base.map((_, at) => (0xff << (8 - Math.min(8, Math.max(0, bits - at * 8)))) & 0xff);
  return sequence(contextPrimitive(7, Uint8Array.from([...base, ...mask])));
}

/**
 * Permitted: the DNS suffixes, the same as hosts of URIs (a leading dot is what is below), and the addresses that are nobody's on the internet.
 * Permitted DNS subtrees alone would leave every URI and address open (RFC 5280 §4.2.1.10).
 */
function nameConstraints(permittedSuffixes: readonly string[]): Uint8Array {
  const domains = permittedSuffixes.map((suffix) => sequence(contextPrimitive(2, bytes(suffix))));
  const hosts = permittedSuffixes.flatMap((suffix) => [suffix, `.${suffix}`].map((host) => sequence(contextPrimitive(6, bytes(host)))));
  return extension(id.nameConstraints, sequence(contextConstructed(0, ...domains, ...hosts, ...namedRanges.map(subtreeOf))), true);
}

const keyPurposes = (usages: readonly KeyUsage[]): Uint8Array =>
  extension(id.extendedKeyUsage, sequence(...usages.map((one) => oid(purposes[one]))));
const ofServers = keyPurposes(['server']);
/** status_request (RFC 7633 §4.1). */
const mustStaple = extension(id.tlsFeature, sequence(integer(5)));
const leafKeyUsage = extension(id.keyUsage, namedBits(usage.digitalSignature), true);

/** The to-be-signed bytes of a self-signed root. */
export function rootTbs(draft: AuthorityDraft, algorithm: KeyAlgorithm): Uint8Array {
  const subject = authorityName(draft);
  const self: IssuerIdentity = { subject, keyIdentifier: keyIdentifier(draft.spki), algorithm };
  return tbsCertificate(draft, self, subject, [
    extension(id.basicConstraints, sequence(derTrue), true),
    extension(id.keyUsage, namedBits(usage.keyCertSign, usage.crlSign), true),
    subjectKey(draft.spki),
    authorityKey(self),
  ]);
}

/** The to-be-signed bytes of an issuing CA: path length 0, for servers and clients, only names under the suffixes. */
export function intermediateTbs(
  draft: AuthorityDraft,
  issuer: IssuerIdentity,
  permittedSuffixes: readonly string[],
  urls: AuthorityUrls,
): Uint8Array {
  if (permittedSuffixes.length === 0) throw new HostmasterError('invalid-input', 'An issuing CA needs at least one permitted suffix.');
  return tbsCertificate(draft, issuer, authorityName(draft), [
    ...intermediateExtensions(draft.spki, permittedSuffixes),
    authorityKey(issuer),
    // What a root revoked is in its list: few certificates, and no responder.
    ...whereToFetch(urls.certificate, null, urls.crl),
  ]);
}

/**
 * The to-be-signed bytes of the certificate by which a CA has another key sign its OCSP responses (RFC 6960 §4.2.2.2). Nobody asks
 * whether it is revoked (ocsp-nocheck), so that it must be short-lived.
 */
export function ocspSignerTbs(draft: AuthorityDraft, issuer: IssuerIdentity): Uint8Array {
  return tbsCertificate(draft, issuer, authorityName(draft), [
    leafKeyUsage,
    extension(id.extendedKeyUsage, sequence(oid(id.ocspSigning))),
    extension(id.ocspNoCheck, derNull),
    subjectKey(draft.spki),
    authorityKey(issuer),
  ]);
}

/** What an issuing CA is bounded by, in its certificate and in its request alike. */
const intermediateExtensions = (spki: Uint8Array, permittedSuffixes: readonly string[]): readonly Uint8Array[] => [
  extension(id.basicConstraints, sequence(derTrue, integer(0)), true),
  extension(id.keyUsage, namedBits(usage.digitalSignature, usage.keyCertSign, usage.crlSign), true),
  keyPurposes(['server', 'client']),
  nameConstraints(permittedSuffixes),
  subjectKey(spki),
];

/** A request (PKCS#10, DER) for the certificate of an issuing CA: it asks for everything that such a one holds. @param urls of its root */
export function authorityCsr(
  signer: Signer,
  name: Pick<AuthorityDraft, 'commonName' | 'organisation'>,
  permittedSuffixes: readonly string[],
  urls: AuthorityUrls,
): Promise<Uint8Array> {
  const wanted = sequence(...intermediateExtensions(signer.spki, permittedSuffixes), ...whereToFetch(urls.certificate, null, urls.crl));
  const attributes = contextConstructed(0, sequence(oid(id.extensionRequest), setOf(wanted)));
  return signStructure(sequence(integer(0), authorityName(name), signer.spki, attributes), signer);
}

type Others = Pick<LeafContent, 'addresses' | 'spiffeId'>;

/** SubjectAltName of DNS names, addresses and a SPIFFE ID (RFC 5280 §4.2.1.6); critical when the subject is empty. */
export function subjectAltName(names: readonly string[], critical: boolean, { addresses, spiffeId }: Others = serverContent): Uint8Array {
  const all = [
    ...names.map((name) => contextPrimitive(2, bytes(name))),
    ...addresses.map((address) => contextPrimitive(7, Uint8Array.from(parseAddress(address) ?? []))),
    ...(spiffeId === null ? [] : [uri(spiffeId)]),
  ];
  return extension(id.subjectAltName, sequence(...all), critical);
}

/** A subject of the first name, or the empty one where that name is too long for a common name. */
export function leafSubject(names: readonly string[]): Uint8Array {
  const first = names[0] ?? '';
  return first === '' || first.length > maxCommonName ? sequence() : sequence(attribute(id.commonName, first));
}

/** The to-be-signed bytes of a leaf. Lint them (lint.ts) before signing. */
export function leafTbs(draft: LeafDraft, issuer: IssuerIdentity, urls: AuthorityUrls): Uint8Array {
  const subject = leafSubject(draft.names);
  const { content = serverContent } = draft;
  return tbsCertificate(draft, issuer, subject, [
    leafKeyUsage,
    content === serverContent ? ofServers : keyPurposes(content.usages),
    subjectAltName(draft.names, subject.length === 2, content),
    subjectKey(draft.spki),
    authorityKey(issuer),
    ...whereLeavesLead(urls, draft.serial),
    ...(content.mustStaple ? [mustStaple] : []),
  ]);
}

/** What the certificate of a signer gives to those it issues. */
function issuerIdentity(certificate: Certificate, algorithm: KeyAlgorithm): IssuerIdentity {
  return { subject: certificate.subject, keyIdentifier: ownKeyIdentifier(certificate), algorithm };
}

/** Signs to-be-signed bytes (a TBSCertificate, a TBSCertList) into the whole structure, DER. Errors: key-unreadable. */
export async function signStructure(toBeSigned: Uint8Array, signer: Signer): Promise<Uint8Array> {
  return sequence(toBeSigned, signatureAlgorithm(signer.algorithm), bitString(await signer.sign(toBeSigned)));
}

/** The identity of a CA certificate given as DER, for the signer that holds its key. Errors: invalid-input if they do not belong together. */
export function identityFor(certificateDer: Uint8Array, signer: Signer): IssuerIdentity {
  const certificate = readCertificate(certificateDer);
  if (Buffer.compare(certificate.spki, signer.spki) !== 0)
    throw new HostmasterError('invalid-input', 'The CA certificate does not belong to the key.');
  return issuerIdentity(certificate, signer.algorithm);
}
