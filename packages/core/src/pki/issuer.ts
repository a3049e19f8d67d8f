// The boundary to whatever signs certificates; every implementation passes issuer-conformance.ts.
import type { Capability } from '../descriptor.ts';

/** What is to be issued. Everything that decides the certificate is here, so that a resumed order is the same order. */
export type CertificateOrder = {
  readonly id: string;
  /** A-labels, lower case, the subject's first; DNS names only. */
  readonly names: readonly string[];
  /** PKCS#10, DER. Its signature (proof of possession) and key have been checked against the key policy. */
  readonly csr: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Chosen before signing and stored with the order; upper-case hex without leading zeros pairs missing, positive, ≤ 20 octets (RFC 5280 §4.1.2.2). */
  readonly serial: string;
};

export type IssuedCertificate = {
  /** DER, leaf first, the root left out. */
  readonly chain: readonly Uint8Array[];
};

export type IssuerCapabilities = {
  readonly wildcards: Capability;
  readonly revoke: Capability;
  /** The same order issued twice yields the same serial and to-be-signed bytes. */
  readonly resumable: Capability;
};

/** CRLReason of RFC 5280 §5.3.1, the ones that make sense for a leaf. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  privilegeWithdrawn: 9,
} as const;
export type RevocationReason = keyof typeof revocationReasons;

export interface CertificateIssuer {
  readonly kind: string;
  readonly capabilities: IssuerCapabilities;
  /** Errors: issuer-refused (a rule of the profile), issuer-unavailable, key-unreadable. */
  issue(order: CertificateOrder, signal: AbortSignal): Promise<IssuedCertificate>;
}
