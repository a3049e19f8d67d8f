// Proofs of control in DNS that a CA looks at again whenever it renews: they stand for as long as a certificate of their order is wanted.
import type { ProofWait } from '../acme/proofs.ts';

/** An alias that a CA asks for, both in A-labels and lower case, without a full stop at the end. */
export type AliasProof = { readonly name: string; readonly target: string };

export interface StandingProofs {
  /**
   * Sees to it that the aliases of an order stand in public DNS, and looks there itself; asked again, it looks again. Null: all of them are
   * seen. They are taken back by whoever finds that nobody wants what they are for. Errors: dns-*.
   */
  put(orderId: string, proofs: readonly AliasProof[], signal: AbortSignal): Promise<ProofWait | null>;
}
