// Certificates that stay with their issuer, as one whose key never leaves it does: it says what uses them and whether it renews them, and
// lets them go once nobody wants them.

/** What an issuer says of a certificate that it keeps. */
export type KeptFacts = {
  /** Upper-case hex of the leaf that it has now; null while there is none. */
  readonly serial: string | null;
  /** What serves it, each by the name that whoever runs it knows. */
  readonly inUseBy: readonly string[];
  readonly renewal: KeptRenewal;
};
export type KeptRenewal = {
  /** Whether it renews it by itself; null where it does not say. */
  readonly eligible: boolean | null;
  /** How far a renewal is, in its own word; null where none was begun. */
  readonly status: string | null;
  /** What keeps it from being renewed, a sentence; null where nothing is known to. */
  readonly why: string | null;
};

export type KeptCertificates = {
  /** @param reference that of the order. Null: it has none such any more. Errors: issuer-refused, issuer-unavailable. */
  look(reference: string, signal: AbortSignal): Promise<KeptFacts | null>;
  /** Has it deleted with its key; one that is gone already is left so. Errors: in-use, with what serves it; issuer-refused, issuer-unavailable. */
  remove(reference: string, signal: AbortSignal): Promise<void>;
};
