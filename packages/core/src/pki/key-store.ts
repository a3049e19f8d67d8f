// The boundary to key material. Rows hold ciphertext with a key id; the key-encryption key is outside the database.
// Web can only seal; the worker opens what it needs when it needs it; CA keys sign and are never exported.

/** Ciphertext as stored in a row. `keyId` names the key that opens it, so that keys rotate. */
export type SealedSecret = { readonly keyId: string; readonly ciphertext: Uint8Array };

export interface Sealer {
  /** HPKE (RFC 9180) to the worker's public key, bound to `context` (for example `zone:<id>:tsig`). */
  seal(plaintext: Uint8Array, context: string): Promise<SealedSecret>;
}

export interface KeyStore extends Sealer {
  /** Opens what was sealed with the same context. Errors: key-unreadable. */
  open(secret: SealedSecret, context: string): Promise<Uint8Array>;
}
