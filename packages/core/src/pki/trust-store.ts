// Roots in the containers that programs read them from. A trust store keeps no secret: its password only says whether the file is
// whole, and is published with it. The same roots always give the same bytes, so that a fingerprint says which ones a host has.
import { createHash, createHmac } from 'node:crypto';
import { contextConstructed, integer, octetString, oid, sequence, setOf, tlv } from './der.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

export type TrustAnchor = {
  /** DER. */
  readonly certificate: Uint8Array;
  /** What the store calls it, each its own. ASCII. */
  readonly alias: string;
  readonly since: Date;
};

const bmpString = 0x1e;
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const sha256Octets = 32;
const sha256Block = 64;
const macIterations = 10_000;

/** Repeated to whole blocks (RFC 7292, Appendix B.2, steps 2 and 3). */
function filled(octets: Uint8Array): Buffer {
  const length = sha256Block * Math.ceil(octets.length / sha256Block);
  return Buffer.alloc(length, octets);
}

/** The key of the MAC (RFC 7292, Appendix B.2 with ID 3); one round, since a key of SHA-256 is as long as its digest. */
function macKey(password: string, salt: Uint8Array): Uint8Array {
  let digest = createHash('sha256')
    .update(Buffer.concat([Buffer.alloc(sha256Block, 3), filled(salt), filled(utf16(`${password}\0`))]))
    .digest();
  for (let round = 1; round < macIterations; round += 1) digest = createHash('sha256').update(digest).digest();
  return digest;
}

const data = (content: Uint8Array): Uint8Array => sequence(oid(id.pkcs7Data), contextConstructed(0, octetString(content)));

/** Java takes a certificate for trusted only where the bag says what it is trusted for. */
const trustedBag = ({ certificate, alias }: TrustAnchor): Uint8Array =>
  sequence(
    oid(id.pkcs12CertBag),
    contextConstructed(0, sequence(oid(id.x509CertificateBag), contextConstructed(0, octetString(certificate)))),
    setOf(
      sequence(oid(id.friendlyName), setOf(tlv(bmpString, [utf16(alias)]))),
      sequence(oid(id.javaTrustedKeyUsage), setOf(oid(id.anyExtendedKeyUsage))),
    ),
  );

/** PKCS #12 (RFC 7292): certificates in the clear, held together by an HMAC with SHA-256. For Java, .NET, Windows. */
export function pkcs12TrustStore(anchors: readonly TrustAnchor[], password: string): Uint8Array {
  const safe = sequence(data(sequence(...anchors.map(trustedBag))));
  const salt = createHash('sha256').update(safe).digest().subarray(0, 16);
  const mac = createHmac('sha256', macKey(password, salt)).update(safe).digest();
  const digest = sequence(sequence(oid(id.sha256), new Uint8Array([0x05, 0])), octetString(mac.subarray(0, sha256Octets)));
  return sequence(integer(3), data(safe), sequence(digest, octetString(salt), integer(macIterations)));
}

const jksMagic = 0xfeed_feed;
const jksVersion = 2;
const jksTrusted = 2;
/** What the format mixes into its digest. */
const jksWhitener = 'Mighty Aphrodite';

/** As `DataOutputStream.writeUTF` writes ASCII. */
function javaText(text: string): Buffer {
  const octets = Buffer.from(text, 'ascii');
  return Buffer.concat([uint16(octets.length), octets]);
}
function uint16(value: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeUInt16BE(value);
  return octets;
}
function uint32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}
function milliseconds(date: Date): Buffer {
  const octets = Buffer.alloc(8);
  octets.writeBigInt64BE(BigInt(date.getTime()));
  return octets;
}

/** JKS, for what is older than Java 9. */
export function jksTrustStore(anchors: readonly TrustAnchor[], password: string): Uint8Array {
  const entries = anchors.flatMap(({ certificate, alias, since }) => [
    uint32(jksTrusted),
    javaText(alias),
    milliseconds(since),
    javaText('X.509'),
    uint32(certificate.length),
    certificate,
  ]);
  const store = Buffer.concat([uint32(jksMagic), uint32(jksVersion), uint32(anchors.length), ...entries]);
  const digest = createHash('sha1').update(utf16(password)).update(jksWhitener).update(store).digest();
  return Buffer.concat([store, digest]);
}

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
