// All that the web process holds of the key store: the worker's public key. What is sealed here can be stored by the
// portal and be read by the worker alone. Nothing that opens a secret may be added to or imported by this file.
import { HostmasterError } from '@hostmaster/core/errors';
import type { SealedSecret, Sealer } from '@hostmaster/core/pki/key-store';
import { hpkeSuite, sealContext, sealedFormat } from './hpke-suite.ts';
import { keyIdOf } from './key-id.ts';

/** A secret is a password, a TSIG key or a PEM key: nothing larger is sealed. */
const maxSecretLength = 64 * 1024;

/** Seals to the worker's public key, an uncompressed P-256 point of 65 octets. Errors: key-unreadable for another key, invalid-input for a secret over 64 KiB. */
export async function createSealer(publicKey: Uint8Array): Promise<Sealer> {
  const keyId = keyIdOf(publicKey);
  const recipientPublicKey = await hpkeSuite.kem.deserializePublicKey(Uint8Array.from(publicKey).buffer).catch((cause: unknown) => {
    throw new HostmasterError('key-unreadable', 'The public key of the worker cannot be read.', { cause });
  });
  return {
    seal: async (plaintext: Uint8Array, context: string): Promise<SealedSecret> => {
      if (plaintext.length > maxSecretLength) throw new HostmasterError('invalid-input', 'A secret may hold at most 64 KiB.');
      const { info, aad } = sealContext(context);
      const { enc, ct } = await hpkeSuite.seal({ recipientPublicKey, info: info.buffer }, Uint8Array.from(plaintext).buffer, aad.buffer);
      return { keyId, ciphertext: Buffer.concat([new Uint8Array([sealedFormat]), new Uint8Array(enc), new Uint8Array(ct)]) };
    },
  };
}
