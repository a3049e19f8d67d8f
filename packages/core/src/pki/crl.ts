import { authorityKey, distributionPoint, extension, type IssuerIdentity, signStructure } from './build-certificate.ts';
import { contextConstructed, contextPrimitive, enumerated, integer, octetString, oid, sequence, tag, template, time, tlv } from './der.ts';
import { type RevocationReason, revocationReasons } from './issuer.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { serialInteger } from './serial.ts';
import { type Signer, signatureAlgorithm } from './signer.ts';

export type RevokedCertificate = { readonly serial: string; readonly revokedAt: Date; readonly reason: RevocationReason };

export type CrlDraft = {
  /** Rises with every list of the issuer (RFC 5280 §5.2.3). */
  readonly number: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly revoked: readonly RevokedCertificate[];
  /** Of a list of one shard, every address that its leaves may name it by; null where it is complete. */
  readonly addresses: readonly string[] | null;
};

/** Critical: without it the list of a shard would say of all others that they are not revoked (RFC 5280 §5.2.5). */
const issuingDistributionPoint = (addresses: readonly string[]): Uint8Array => {
  const onlyContainsUserCerts = contextPrimitive(1, new Uint8Array([0xff]));
  return extension(id.issuingDistributionPoint, sequence(distributionPoint(...addresses), onlyContainsUserCerts), true);
};

/** crlEntryExtensions; RFC 5280 §5.3.1: unspecified is said by leaving the reason out. */
const reasonCode = (reason: RevocationReason): Uint8Array =>
  reason === 'unspecified' ? new Uint8Array() : sequence(sequence(oid(id.reasonCode), octetString(enumerated(revocationReasons[reason]))));

const entry = template(sequence);

function revokedEntries(revoked: readonly RevokedCertificate[]): readonly Uint8Array[] {
  const reasons = new Map<RevocationReason, Uint8Array>();
  return revoked.map(({ serial, revokedAt, reason }) => {
    const code = reasons.get(reason) ?? reasonCode(reason);
    reasons.set(reason, code);
    return entry(serialInteger(serial), time(revokedAt), code);
  });
}

/** The to-be-signed bytes of a version 2 CRL (RFC 5280 §5), with CRL number, authority key identifier and its scope. Errors: invalid-input. */
function crlTbs(draft: CrlDraft, issuer: IssuerIdentity): Uint8Array {
  const entries = revokedEntries(draft.revoked);
  const extensions = sequence(
    authorityKey(issuer),
    extension(id.crlNumber, integer(draft.number)),
    ...(draft.addresses === null ? [] : [issuingDistributionPoint(draft.addresses)]),
  );
  return sequence(
    integer(1),
    signatureAlgorithm(issuer.algorithm),
    issuer.subject,
    time(draft.thisUpdate),
    time(draft.nextUpdate),
    // An empty list of entries is left out (RFC 5280 §5.1.2.6).
    ...(entries.length === 0 ? [] : [tlv(tag.sequence, entries)]),
    contextConstructed(0, extensions),
  );
}

/** A signed CRL, DER. Errors: invalid-input, key-unreadable. */
export async function buildCrl(draft: CrlDraft, issuer: IssuerIdentity, signer: Signer): Promise<Uint8Array> {
  return signStructure(crlTbs(draft, issuer), signer);
}
