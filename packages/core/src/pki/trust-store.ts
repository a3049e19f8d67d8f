// Roots in the containers that programs read them from. A trust store keeps no secret: its password only says whether the file is
// whole, and is published with it. The same roots always give the same bytes, so that a fingerprint says which ones a host has.
import { createHash } from 'node:crypto';
import { contextConstructed, integer, oid, sequence, setOf } from './der.ts';
import { jks, jksTrusted } from './jks.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { attribute, certificateBag, friendlyName, pfx, plainContent } from './pkcs12.ts';

export type TrustAnchor = {
  /** DER. */
  readonly certificate: Uint8Array;
  /** What the store calls it, each its own. ASCII. */
  readonly alias: string;
  readonly since: Date;
};

const macIterations = 10_000;

/** Java takes a certificate for trusted only where the bag says what it is trusted for. */
const trustedBag = ({ certificate, alias }: TrustAnchor): Uint8Array =>
  certificateBag(certificate, friendlyName(alias), attribute(id.javaTrustedKeyUsage, oid(id.anyExtendedKeyUsage)));

/** PKCS #12 (RFC 7292): certificates in the clear, held together by an HMAC with SHA-256. For Java, .NET, Windows. */
export function pkcs12TrustStore(anchors: readonly TrustAnchor[], password: string): Uint8Array {
  const content = plainContent(sequence(...anchors.map(trustedBag)));
  const salt = createHash('sha256').update(sequence(content)).digest().subarray(0, 16);
  return pfx([content], { hash: 'sha256', password, salt, iterations: macIterations });
}

/** JKS, for what is older than Java 9. */
export const jksTrustStore = (anchors: readonly TrustAnchor[], password: string): Uint8Array => jks(anchors.map(jksTrusted), password);

/** PKCS #7 without a signer (RFC 5652 §5.1): certificates alone, as Windows imports several at once. */
export function pkcs7Bundle(certificates: readonly Uint8Array[]): Uint8Array {
  const signed = sequence(
    integer(1),
    setOf(),
    sequence(oid(id.pkcs7Data)),
    contextConstructed(0, ...[...certificates].sort(Buffer.compare)),
    setOf(),
  );
  return sequence(oid(id.pkcs7SignedData), contextConstructed(0, signed));
}
