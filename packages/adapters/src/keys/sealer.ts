// All that the web process holds of the key store: the worker's public key. What is sealed here can be stored by the
// portal and be read by the worker alone. Nothing that opens a secret may be added to or imported by this file.
import { HostmasterError } from '@hostmaster/core/errors';
import { recipientOf, sealTo } from '@hostmaster/core/pki/hpke';
import type { SealedSecret, Sealer } from '@hostmaster/core/pki/key-store';
import { keyIdOf } from './key-id.ts';

/** A secret is a password, a TSIG key or a PEM key: nothing larger is sealed. */
const maxSecretLength = 64 * 1024;

/** Seals to the worker's public key, an uncompressed P-256 point of 65 octets. Errors: key-unreadable for another key, invalid-input for a secret over 64 KiB. */
export async function createSealer(publicKey: Uint8Array): Promise<Sealer> {
  const keyId = keyIdOf(publicKey);
  const recipient = await recipientOf(publicKey).catch((cause: unknown) => {
    throw new HostmasterError('key-unreadable', 'The public key of the worker cannot be read.', { cause });
  });
  return {
    seal: async (plaintext: Uint8Array, context: string): Promise<SealedSecret> => {
      if (plaintext.length > maxSecretLength) throw new HostmasterError('invalid-input', 'A secret may hold at most 64 KiB.');
      return { keyId, ciphertext: await sealTo(recipient, plaintext, context) };
    },
  };
}
