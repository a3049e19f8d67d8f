import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';

/** The one HPKE suite in use (RFC 9180): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. P-256 because FIPS modules have it too. */
export const hpkeSuite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** Length of `enc`, an uncompressed P-256 point (RFC 9180 §7.1). */
export const encapsulatedLength = 65;

/** First octet of what is sealed, so that another suite can follow. */
export const sealedFormat = 1;

/** Both the HPKE info and the AEAD's associated data name the context: a ciphertext moved to another row does not open there. */
export function sealContext(context: string): { readonly info: Uint8Array<ArrayBuffer>; readonly aad: Uint8Array<ArrayBuffer> } {
  return { info: new TextEncoder().encode('hostmaster seal v1'), aad: new TextEncoder().encode(context) };
}
