// Builds OCSP responses (RFC 6960 §4.2) of the lightweight profile (RFC 5019 §2.2): one certificate each, the responder named by its
// key, its certificate beside the signature, and no nonce, since they are signed before anybody asks.
import type { Certificate } from './certificate.ts';
import {
  bitString,
  contextConstructed,
  contextPrimitive,
  enumerated,
  generalizedTime,
  octetString,
  oid,
  sequence,
  template,
} from './der.ts';
import { type RevocationReason, revocationReasons } from './issuer.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { type CertIdHash, certIdUnder, keyHash } from './ocsp-cert-id.ts';
import { serialInteger } from './serial.ts';
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

/** As in a list, unspecified is said by leaving the reason out (RFC 5280 §5.3.1). */
const revocationReason = (reason: RevocationReason): Uint8Array =>
  reason === 'unspecified' ? new Uint8Array() : contextConstructed(0, enumerated(revocationReasons[reason]));

const certStatus = (revoked: CertificateStatus['revoked']): Uint8Array =>
  revoked === null ? good : contextConstructed(1, generalizedTime(revoked.at), revocationReason(revoked.reason));

/** What a batch of responses has in common. */
export type OcspBatch = (status: CertificateStatus) => Promise<OcspResponses>;

/**
 * Signs responses about certificates of one issuer.
 * @param responder DER of the certificate that the issuer signed for the signer's key
 * @returns for some times, what signs a response for each hash. Errors: invalid-input, key-unreadable.
 */
export function ocspResponses(issuer: Certificate, responder: Uint8Array, signer: Signer): (times: OcspTimes) => OcspBatch {
  const certIds = { sha1: certIdUnder(issuer, 'sha1'), sha256: certIdUnder(issuer, 'sha256') };
  const responderId = contextConstructed(2, octetString(keyHash(signer.spki)));
  const algorithm = signatureAlgorithm(signer.algorithm);
  const certificates = contextConstructed(0, sequence(responder));
  const successful = enumerated(0);
  const basic = oid(id.ocspBasic);

  const signature = template(bitString);
  const response = template((...basicParts) =>
    sequence(successful, contextConstructed(0, sequence(basic, octetString(sequence(...basicParts))))),
  );
  const sign = async (data: Uint8Array): Promise<Uint8Array> => response(data, algorithm, signature(await signer.sign(data)), certificates);

  return ({ producedAt, thisUpdate, nextUpdate }) => {
    const begin = Buffer.concat([responderId, generalizedTime(producedAt)]);
    const validity = Buffer.concat([generalizedTime(thisUpdate), contextConstructed(0, generalizedTime(nextUpdate))]);
    const dataFor = (hash: CertIdHash) =>
      template((serial, said, times) => sequence(begin, sequence(sequence(certIds[hash](serial), said, times))));
    const [bySha1, bySha256] = [dataFor('sha1'), dataFor('sha256')];
    return async ({ serial, revoked }) => {
      const parts = [serialInteger(serial), certStatus(revoked), validity];
      return { sha1: await sign(bySha1(...parts)), sha256: await sign(bySha256(...parts)) };
    };
  };
}
