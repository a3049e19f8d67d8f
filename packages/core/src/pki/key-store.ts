// The boundary to key material. Rows hold ciphertext with a key id; the key-encryption key is outside the database.
// Web can only seal; the worker opens what it needs when it needs it; CA keys sign and are never exported.
import { keyIdentifier } from './key-policy.ts';

/**
 * Ciphertext as stored in a row. `keyId` names the key that opens it, so that keys rotate. Of a key in a token it names that, and the
 * ciphertext is none: it says which key of the token it is, and its public half.
 */
export type SealedSecret = { readonly keyId: string; readonly ciphertext: Uint8Array };

/** How the ids of tokens begin, and no other one: as the URI of a token does (RFC 7512). */
export const tokenKeyIds = 'pkcs11:token=';
/** @param label of the token */
export const tokenKeyId = (label: string): string => `${tokenKeyIds}${encodeURIComponent(label)}`;
/** The label of the token that a key is in; null where it is wrapped in its row. */
export const tokenOf = (keyId: string): string | null =>
  keyId.startsWith(tokenKeyIds) ? decodeURIComponent(keyId.slice(tokenKeyIds.length)) : null;

/** What a private key is wrapped for follows from whose it is, so that it does not open in a foreign row. */
export const leafKeyContext = (label: string): string => `leaf-key:${label}`;
/** @param spki of its certificate */
export const authorityKeyContext = (spki: Uint8Array): string => `ca-key:${Buffer.from(keyIdentifier(spki)).toString('hex')}`;
/** @param spki of its certificate */
export const ocspKeyContext = (spki: Uint8Array): string => `ocsp-key:${Buffer.from(keyIdentifier(spki)).toString('hex')}`;
/** @param issuer slug of the issuer whose account it is the key of */
export const accountKeyContext = (issuer: string): string => `account-key:${issuer}`;
/** @param id that of its public half */
export const workerKeyContext = (id: string): string => `worker-key:${id}`;

/** Brings keys under the key-encryption key in force, without opening them. */
export interface KeyRewrapper {
  /** The id of the key-encryption key that new keys are wrapped under. */
  readonly wrapsUnder: string;
  /** Errors: key-unreadable, where the key that it is under is not at hand. */
  rewrap(secret: SealedSecret, context: string): SealedSecret;
}

export interface Sealer {
  /** HPKE (RFC 9180) to the worker's public key, bound to `context` (for example `zone:<id>:tsig`). */
  seal(plaintext: Uint8Array, context: string): Promise<SealedSecret>;
}

export interface KeyStore extends Sealer {
  /** Opens what was sealed with the same context. Errors: key-unreadable. */
  open(secret: SealedSecret, context: string): Promise<Uint8Array>;
}
