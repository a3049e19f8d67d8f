// The worker's side of the key store: opens what the portal sealed to its public key, wraps private keys for their
// rows, and signs with CA keys without handing them out. The key-encryption key comes from outside the database.
import { createPrivateKey } from 'node:crypto';
import { hpkeSuite, openSealed } from '@hostmaster/core/pki/hpke';
import { type KeyRewrapper, type KeyStore, type SealedSecret, workerKeyContext } from '@hostmaster/core/pki/key-store';
import { type Signer, signerFor } from '@hostmaster/core/pki/signer';
import { checkKeyEncryptionKey, keyUnreadable, rewrap, unwrap, wrap } from './envelope.ts';
import { keyIdOf } from './key-id.ts';
import { createSealer } from './sealer.ts';

/** The key pair that secrets are sealed to: its public half for the portal, its private half wrapped. */
export type WorkerKeys = { readonly publicKey: Uint8Array; readonly privateKey: SealedSecret };

export type WorkerKeyStore = KeyStore &
  KeyRewrapper & {
    /** Wraps a private key (PKCS#8, DER) or another secret of the worker's own for its row. */
    wrapKey(plaintext: Uint8Array, context: string): SealedSecret;
    /** Opens what `wrapKey` made with the same context. Errors: key-unreadable. */
    unwrapKey(secret: SealedSecret, context: string): Uint8Array;
    /** A signer for a wrapped PKCS#8 key; the key stays inside. Errors: key-unreadable. */
    signer(secret: SealedSecret, context: string): Signer;
  };

export type KeyStoreOptions = {
  /** 32 octets. New keys are wrapped under it. */
  readonly kek: Uint8Array;
  readonly workerKey: WorkerKeys;
  /** Still able to open what is under them, until that is re-wrapped. */
  readonly retiredKeks?: readonly Uint8Array[];
  readonly retiredWorkerKeys?: readonly WorkerKeys[];
};

/** A fresh key pair for sealing, its private half wrapped under the key-encryption key (32 octets). */
export async function generateWorkerKeys(kek: Uint8Array): Promise<WorkerKeys> {
  checkKeyEncryptionKey(kek);
  const pair = await hpkeSuite.kem.generateKeyPair();
  const publicKey = new Uint8Array(await hpkeSuite.kem.serializePublicKey(pair.publicKey));
  const privateKey = new Uint8Array(await hpkeSuite.kem.serializePrivateKey(pair.privateKey));
  return { publicKey, privateKey: wrap(kek, privateKey, workerKeyContext(keyIdOf(publicKey))) };
}

/** Errors: key-unreadable where the key-encryption key does not open the worker's key. */
export async function createKeyStore(options: KeyStoreOptions): Promise<WorkerKeyStore> {
  const keks = [options.kek, ...(options.retiredKeks ?? [])];
  for (const kek of keks) checkKeyEncryptionKey(kek);
  const privateKeys = new Map<string, CryptoKey>();
  for (const { publicKey, privateKey } of [options.workerKey, ...(options.retiredWorkerKeys ?? [])]) {
    const raw = Uint8Array.from(unwrap(keks, privateKey, workerKeyContext(keyIdOf(publicKey))));
    privateKeys.set(keyIdOf(publicKey), await hpkeSuite.kem.deserializePrivateKey(raw.buffer));
    raw.fill(0);
  }
  const sealer = await createSealer(options.workerKey.publicKey);

  return {
    seal: sealer.seal,

    open: async ({ keyId, ciphertext }, context) => {
      const recipientKey = privateKeys.get(keyId);
      if (recipientKey === undefined) throw keyUnreadable();
      try {
        return await openSealed(recipientKey, ciphertext, context);
      } catch (cause) {
        throw keyUnreadable(cause);
      }
    },

    wrapsUnder: keyIdOf(options.kek),
    rewrap: (secret, context) => rewrap(keks, options.kek, secret, context),
    wrapKey: (plaintext, context) => wrap(options.kek, plaintext, context),
    unwrapKey: (secret, context) => unwrap(keks, secret, context),
    signer: (secret, context) => {
      const pkcs8 = Buffer.from(unwrap(keks, secret, context));
      try {
        return signerFor(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
      } catch (cause) {
        throw keyUnreadable(cause);
      } finally {
        pkcs8.fill(0);
      }
    },
  };
}
