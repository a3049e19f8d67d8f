// Builds OCSP responses (RFC 6960 §4.2) of the lightweight profile (RFC 5019 §2.2): one certificate each, the responder named by its
// key, its certificate beside the signature, and no nonce, since they are signed before anybody asks.
import type { Certificate } from './certificate.ts';
import { bitString, contextConstructed, contextPrimitive, enumerated, generalizedTime, octetString, oid, sequence } from './der.ts';
import { type RevocationReason, revocationReasons } from './issuer.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { type CertIdHash, certIdHashes, certIdsUnder, keyHash } from './ocsp-cert-id.ts';
import { type Signer, signatureAlgorithm } from './signer.ts';

/** OCSPResponseStatus of what is answered without a signature (RFC 6960 §4.2.1); `unauthorized` is nothing known here (RFC 5019 §2.2.3). */
const failures = { malformedRequest: 1, internalError: 2, tryLater: 3, unauthorized: 6 } as const;
export type OcspFailure = keyof typeof failures;

/** An OCSPResponse that says why there is none, DER. */
export const ocspFailure = (status: OcspFailure): Uint8Array => sequence(enumerated(failures[status]));

export type CertificateStatus = {
  /** Upper-case hex. */
  readonly serial: string;
  /** Null where it is good. */
  readonly revoked: { readonly at: Date; readonly reason: RevocationReason } | null;
};

/** When it was signed, and from when to when it may be believed; whole seconds. */
export type OcspTimes = { readonly producedAt: Date; readonly thisUpdate: Date; readonly nextUpdate: Date };

/** OCSPResponses about one certificate, DER, by the hash of the CertID that they answer. */
export type OcspResponses = Readonly<Record<CertIdHash, Uint8Array>>;

const good = contextPrimitive(0, new Uint8Array());

function certStatus(revoked: CertificateStatus['revoked']): Uint8Array {
  if (revoked === null) return good;
  const at = generalizedTime(revoked.at);
  // As in a list, unspecified is said by leaving the reason out (RFC 5280 §5.3.1).
  if (revoked.reason === 'unspecified') return contextConstructed(1, at);
  return contextConstructed(1, at, contextConstructed(0, enumerated(revocationReasons[revoked.reason])));
}

/** What a batch of responses has in common. */
export type OcspBatch = (status: CertificateStatus) => Promise<OcspResponses>;

/**
 * Signs responses about certificates of one issuer.
 * @param responder DER of the certificate that the issuer signed for the signer's key
 * @returns for some times, what signs a response for each hash. Errors: invalid-input, key-unreadable.
 */
export function ocspResponses(issuer: Certificate, responder: Uint8Array, signer: Signer): (times: OcspTimes) => OcspBatch {
  const certIds = certIdHashes.map((hash) => certIdsUnder(issuer, hash));
  const responderId = contextConstructed(2, octetString(keyHash(signer.spki)));
  const algorithm = signatureAlgorithm(signer.algorithm);
  const certificates = contextConstructed(0, sequence(responder));
  const successful = enumerated(0);
  const basic = oid(id.ocspBasic);

  const sign = async (begin: Uint8Array, single: Uint8Array): Promise<Uint8Array> => {
    const data = sequence(begin, sequence(single));
    const response = sequence(data, algorithm, bitString(await signer.sign(data)), certificates);
    return sequence(successful, contextConstructed(0, sequence(basic, octetString(response))));
  };

  return ({ producedAt, thisUpdate, nextUpdate }) => {
    const begin = Buffer.concat([responderId, generalizedTime(producedAt)]);
    const validity = Buffer.concat([generalizedTime(thisUpdate), contextConstructed(0, generalizedTime(nextUpdate))]);
    return async ({ serial, revoked }) => {
      const said = certStatus(revoked);
      const [sha1, sha256] = await Promise.all(certIds.map((certId) => sign(begin, sequence(certId(serial), said, validity))));
      return { sha1: sha1 ?? new Uint8Array(), sha256: sha256 ?? new Uint8Array() };
    };
  };
}
