// The boundary to whatever puts proofs of control into DNS (RFC 8555 §8.4).

export type DnsProof = {
  /** Where the CA looks: a name as it stands in DNS. */
  readonly name: string;
  /** One character-string, in presentation format. */
  readonly text: string;
};

/** What keeps a proof from being seen: a sentence, and whose it is. */
export type ProofWait = { readonly message: string; readonly movesNext: string };

export interface DnsProofs {
  /**
   * Sees to it that the proofs of an order stand in DNS, beside whatever else does, and asks every server of the zone for them; asked again,
   * it looks again. Null: all of them answer them. Errors: issuer-refused (no zone of ours holds the name), dns-*.
   */
  put(orderId: string, proofs: readonly DnsProof[], signal: AbortSignal): Promise<ProofWait | null>;
  /** Takes back all that was put for an order, and nothing else; nothing happens where nothing was. Errors: dns-*. */
  takeBack(orderId: string, signal: AbortSignal): Promise<void>;
}
