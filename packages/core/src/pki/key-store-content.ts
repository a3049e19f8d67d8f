/** What somebody brought, as it stood in the file and in no order. */
export type KeyStoreContent = {
  /** PKCS #8, DER. */
  readonly keys: readonly Uint8Array[];
  /** DER; nobody has looked into them yet. */
  readonly certificates: readonly Uint8Array[];
};

/** What was encrypted does not open with the password, or does not agree with what the store says of itself. */
export class WrongPassphrase extends Error {
  override readonly name = 'WrongPassphrase';
}
