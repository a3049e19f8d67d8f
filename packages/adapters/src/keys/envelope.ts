// Envelope encryption of keys at rest: each secret has its own AES-256-GCM data key, and the data key is wrapped with
// the key-encryption key that lives outside the database. Changing the key-encryption key re-wraps 32 octets a row.
// Layout: format, wrap nonce (12), wrapped data key (32 + 16), nonce (12), ciphertext, tag (16).
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import type { SealedSecret } from '@hostmaster/core/pki/key-store';
import { keyIdOf } from './key-id.ts';

const keyEncryptionKeyLength = 32;
const format = 1;
const nonceLength = 12;
const tagLength = 16;
const wrappedLength = nonceLength + 32 + tagLength;

/** The one error of everything that does not open; it never says which of key, context or ciphertext was wrong. */
export function keyUnreadable(cause?: unknown): HostmasterError {
  return new HostmasterError('key-unreadable', 'The key cannot be opened with the keys at hand.', { cause });
}

function encrypt(key: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength }).setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array {
  if (sealed.length < nonceLength + tagLength) throw keyUnreadable();
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength), { authTagLength: tagLength })
    .setAAD(aad)
    .setAuthTag(sealed.subarray(sealed.length - tagLength));
  return Buffer.concat([decipher.update(sealed.subarray(nonceLength, sealed.length - tagLength)), decipher.final()]);
}

/** The associated data of a layer: which layer, and for what the secret is meant. */
const boundTo = (layer: 'key' | 'secret', context: string): Uint8Array =>
  Buffer.from(`hostmaster envelope v1\0${layer}\0${context}`, 'utf8');

/** Errors: key-unreadable where the key-encryption key is not 32 octets. */
export function checkKeyEncryptionKey(kek: Uint8Array): void {
  if (kek.length !== keyEncryptionKeyLength) throw new HostmasterError('key-unreadable', 'The key-encryption key must be 32 octets.');
}

/** Encrypts under a fresh data key, bound to the context. Errors: key-unreadable. */
export function wrap(kek: Uint8Array, plaintext: Uint8Array, context: string): SealedSecret {
  checkKeyEncryptionKey(kek);
  const dataKey = randomBytes(32);
  const wrapped = encrypt(kek, dataKey, boundTo('key', context));
  const ciphertext = Buffer.concat([new Uint8Array([format]), wrapped, encrypt(dataKey, plaintext, boundTo('secret', context))]);
  dataKey.fill(0);
  return { keyId: keyIdOf(kek), ciphertext };
}

/** The data key of a secret, which is under one of the keys. Errors: key-unreadable. */
function dataKeyOf(keks: readonly Uint8Array[], { keyId, ciphertext }: SealedSecret, context: string): Uint8Array {
  const kek = keks.find((candidate) => keyIdOf(candidate) === keyId);
  if (kek === undefined || ciphertext[0] !== format || ciphertext.length <= 1 + wrappedLength) throw keyUnreadable();
  try {
    return decrypt(kek, ciphertext.subarray(1, 1 + wrappedLength), boundTo('key', context));
  } catch (cause) {
    throw keyUnreadable(cause);
  }
}

/** The same secret under another key-encryption key: its data key alone is opened and wrapped anew. Errors: key-unreadable. */
export function rewrap(keks: readonly Uint8Array[], kek: Uint8Array, secret: SealedSecret, context: string): SealedSecret {
  const dataKey = dataKeyOf(keks, secret, context);
  const wrapped = encrypt(kek, dataKey, boundTo('key', context));
  dataKey.fill(0);
  return {
    keyId: keyIdOf(kek),
    ciphertext: Buffer.concat([new Uint8Array([format]), wrapped, secret.ciphertext.subarray(1 + wrappedLength)]),
  };
}

/** Opens what `wrap` made under one of the keys, with the same context. Errors: key-unreadable. */
export function unwrap(keks: readonly Uint8Array[], secret: SealedSecret, context: string): Uint8Array {
  const dataKey = dataKeyOf(keks, secret, context);
  try {
    return decrypt(dataKey, secret.ciphertext.subarray(1 + wrappedLength), boundTo('secret', context));
  } catch (cause) {
    throw keyUnreadable(cause);
  }
}
