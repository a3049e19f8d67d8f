// The boundary to whatever shows a CA that names are ours (RFC 8555 §8).

/**
 * The challenges that are answered here, by what answers them: records in DNS (§8.4), the portal's door over plain HTTP (§8.3), or an edge
 * that reads the directory of the worker, in a TLS handshake (RFC 8737).
 */
export const proofMethods = ['dns-01', 'http-01', 'tls-alpn-01'] as const;
export type ProofMethod = (typeof proofMethods)[number];

export type Proof = {
  /** In A-labels; of a wildcard, without it. */
  readonly hostname: string;
  /** Of the challenge, base64url. */
  readonly token: string;
  /** What it is answered with (§8.1). */
  readonly keyAuthorization: string;
};

/** How a CA looks. */
export type ProofLook = {
  readonly method: ProofMethod;
  /** Where it asks for a proof over HTTP. */
  readonly httpPort: number;
  /** The resolver with which it looks names up, where that is not what everybody sees. */
  readonly resolver?: string;
  /** Where it asks for one in a TLS handshake. */
  readonly tlsPort: number;
};

/** What keeps a proof from being seen: a sentence, and whose it is. */
export type ProofWait = { readonly message: string; readonly movesNext: string };

export interface Proofs {
  /**
   * Sees to it that the proofs of an order stand where the CA will look, and looks there itself; asked again, it looks again. Null: all of
   * them are seen. Errors: dns-*.
   */
  put(orderId: string, look: ProofLook, proofs: readonly Proof[], signal: AbortSignal): Promise<ProofWait | null>;
  /** Takes back all that was put for an order, and nothing else; nothing happens where nothing was. Errors: dns-*, delivery-failed. */
  takeBack(orderId: string, signal: AbortSignal): Promise<void>;
}

/** Where proofs stand that an edge shows in handshakes (RFC 8737 §3), one for each name. */
export interface HandshakeProofs {
  /** Whether what ends TLS from there says that it shows them. Errors: delivery-failed where it cannot be asked. */
  areShown(): Promise<boolean>;
  /** Has it shown from the next handshake on, in place of another of the name, with a key of its own. Errors: delivery-failed. */
  show(proof: Pick<Proof, 'hostname' | 'keyAuthorization'>): Promise<void>;
  /** Takes that of a name away, with its key; nothing happens where there is none. Errors: delivery-failed. */
  hide(hostname: string): Promise<void>;
}

/** The terminations at which a proof is shown in a handshake: an edge, which ends TLS with what stands in the directory of the worker. */
export const edgeTerminations: readonly string[] = ['edge', 're-encrypt'];

/** How a contract has control shown; one that names nothing that is answered here does it by dns-01, which works for every name. */
export const proofMethodOf = ({ challenge }: { readonly challenge: string }): ProofMethod =>
  proofMethods.find((method) => method === challenge) ?? 'dns-01';
