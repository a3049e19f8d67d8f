// How a secret goes to one reader and to nobody between (RFC 9180): from the portal to the worker, and from the worker to a browser.
// It runs in both; nothing of Node is used.
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';

/** The one suite in use: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. P-256 because FIPS modules have it too. */
export const hpkeSuite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** Of a public key and of `enc`: an uncompressed P-256 point (§7.1). */
export const pointLength = 65;

/** First octet of what is sealed, so that another suite can follow. */
const format = 1;

/** Both the HPKE info and the AEAD's associated data name the context: a ciphertext moved to another row does not open there. */
const contextOf = (context: string): { readonly info: ArrayBuffer; readonly aad: ArrayBuffer } => ({
  info: new TextEncoder().encode('hostmaster seal v1').buffer,
  aad: new TextEncoder().encode(context).buffer,
});

const own = (octets: Uint8Array): ArrayBuffer => Uint8Array.from(octets).buffer;

/** @param context what it is for, such as `zone:<id>:tsig`; it opens with the same one alone */
export async function sealTo(recipientPublicKey: CryptoKey, plaintext: Uint8Array, context: string): Promise<Uint8Array> {
  const { info, aad } = contextOf(context);
  const { enc, ct } = await hpkeSuite.seal({ recipientPublicKey, info }, own(plaintext), aad);
  const sealed = new Uint8Array(1 + enc.byteLength + ct.byteLength);
  sealed[0] = format;
  sealed.set(new Uint8Array(enc), 1);
  sealed.set(new Uint8Array(ct), 1 + enc.byteLength);
  return sealed;
}

/** Opens what `sealTo` made. Errors: whatever the suite throws where key, context or ciphertext are others. */
export async function openSealed(recipientKey: CryptoKey, sealed: Uint8Array, context: string): Promise<Uint8Array> {
  if (sealed[0] !== format) throw new TypeError('It was sealed in a format that is not known here.');
  const { info, aad } = contextOf(context);
  const enc = own(sealed.subarray(1, 1 + pointLength));
  return new Uint8Array(await hpkeSuite.open({ recipientKey, enc, info }, own(sealed.subarray(1 + pointLength)), aad));
}

/** The public key of an uncompressed P-256 point of 65 octets. Errors: whatever the suite throws for anything else. */
export const recipientOf = (publicKey: Uint8Array): Promise<CryptoKey> => hpkeSuite.kem.deserializePublicKey(own(publicKey));

/** A key pair for one thing that is to be received; its private half is never written down. */
export async function newRecipient(): Promise<{ readonly publicKey: Uint8Array; readonly privateKey: CryptoKey }> {
  const { publicKey, privateKey } = await hpkeSuite.kem.generateKeyPair();
  return { publicKey: new Uint8Array(await hpkeSuite.kem.serializePublicKey(publicKey)), privateKey };
}
