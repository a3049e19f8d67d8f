import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { derNull, oid, sequence } from './der.ts';
import { checkPublicKey } from './key-policy.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import type { KeyAlgorithm } from './profile.ts';

/** A private key that signs and is never seen: what a CA certificate, a leaf request or a CRL is signed with. */
export type Signer = {
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** Signs with SHA-384 for P-384, else SHA-256; ECDSA as Ecdsa-Sig-Value (RFC 3279 §2.2.3). Errors: key-unreadable. */
  sign(toBeSigned: Uint8Array): Promise<Uint8Array>;
};

/** The hash that goes with a key: as strong as its curve. */
export function signatureHash(algorithm: KeyAlgorithm): 'sha256' | 'sha384' {
  return algorithm === 'ecdsa-p384' ? 'sha384' : 'sha256';
}

const identifiers: Record<KeyAlgorithm, Uint8Array> = {
  'ecdsa-p256': sequence(oid(id.ecdsaWithSha256)),
  'ecdsa-p384': sequence(oid(id.ecdsaWithSha384)),
  // RFC 4055 §5: the parameters of RSA with SHA-2 are NULL, not absent.
  rsa: sequence(oid(id.sha256WithRsaEncryption), derNull),
};

/** AlgorithmIdentifier of the signatures that a key of this algorithm makes (RFC 5758 §3.2, RFC 4055 §5). */
export function signatureAlgorithm(algorithm: KeyAlgorithm): Uint8Array {
  return identifiers[algorithm];
}

/** A signer over a private key in memory. Errors: invalid-input for a key that the key policy does not allow. */
export function signerFor(privateKey: KeyObject): Signer {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const { algorithm } = checkPublicKey(spki);
  return { algorithm, spki, sign: async (toBeSigned) => sign(signatureHash(algorithm), toBeSigned, privateKey) };
}
