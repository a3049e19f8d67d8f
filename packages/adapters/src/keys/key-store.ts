// The worker's side of the key store: opens what the portal sealed to its public key, wraps private keys for their
// rows, and signs with CA keys without handing them out: those that are wrapped, and those that are in a token. The key-encryption key
// comes from outside the database.
import { createPrivateKey } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { hpkeSuite, openSealed } from '@hostmaster/core/pki/hpke';
import {
  authorityKeyContext,
  type KeyRewrapper,
  type KeyStore,
  type SealedSecret,
  tokenOf,
  workerKeyContext,
} from '@hostmaster/core/pki/key-store';
import type { AuthorityKey } from '@hostmaster/core/pki/profile';
import { type Signer, signerFor } from '@hostmaster/core/pki/signer';
import { checkKeyEncryptionKey, keyUnreadable, rewrap, unwrap, wrap } from './envelope.ts';
import { generateKey } from './generate-key.ts';
import { keyIdOf } from './key-id.ts';
import type { TokenKeys } from './pkcs11/token-keys.ts';
import { createSealer } from './sealer.ts';

/** The key pair that secrets are sealed to: its public half for the portal, its private half wrapped. */
export type WorkerKeys = { readonly publicKey: Uint8Array; readonly privateKey: SealedSecret };

export type WorkerKeyStore = KeyStore &
  KeyRewrapper & {
    /** Wraps a private key (PKCS#8, DER) or another secret of the worker's own for its row. */
    wrapKey(plaintext: Uint8Array, context: string): SealedSecret;
    /** Opens what `wrapKey` made with the same context. Errors: key-unreadable. */
    unwrapKey(secret: SealedSecret, context: string): Uint8Array;
    /** A signer for a wrapped PKCS#8 key, or for a key in the token; it stays where it is. Errors: key-unreadable. */
    signer(secret: SealedSecret, context: string): Signer;
    /** Makes the key of a CA: in the token, where this worker has one, else wrapped. Errors: key-unreadable (the token cannot be used). */
    makeAuthorityKey(algorithm: AuthorityKey): Promise<StoredKey>;
    /** Opens the token, to see that it can be. @returns its label; null where this worker has none. Errors: key-unreadable. */
    openToken(): Promise<string | null>;
    /** Closes the token. */
    close(): Promise<void>;
  };
/** A key that was just made, and what its row keeps. */
export type StoredKey = { readonly signer: Signer; readonly key: SealedSecret };

export type KeyStoreOptions = {
  /** 32 octets. New keys are wrapped under it. */
  readonly kek: Uint8Array;
  readonly workerKey: WorkerKeys;
  /** Still able to open what is under them, until that is re-wrapped. */
  readonly retiredKeks?: readonly Uint8Array[];
  readonly retiredWorkerKeys?: readonly WorkerKeys[];
  /** Where the keys of CAs are made; without one they are wrapped. */
  readonly token?: TokenKeys;
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
    signer(secret, context) {
      const where = tokenOf(secret.keyId);
      if (where === null) return wrappedSigner(unwrap(keks, secret, context));
      if (options.token === undefined) throw noToken(where);
      return options.token.signer(secret, context);
    },
    makeAuthorityKey: (algorithm) =>
      options.token?.make(algorithm) ?? makeWrappedKey(algorithm, authorityKeyContext, (...secret) => wrap(options.kek, ...secret)),
    openToken: async () => {
      await options.token?.open();
      return options.token?.label ?? null;
    },
    close: async () => options.token?.close(),
  };
}

const noToken = (label: string): HostmasterError =>
  new HostmasterError(
    'key-unreadable',
    `The key is in the token ${label}, and this worker has none. Set HOSTMASTER_PKCS11_MODULE, HOSTMASTER_PKCS11_TOKEN and HOSTMASTER_PKCS11_PIN (or HOSTMASTER_PKCS11_PIN_FILE) of it and restart it.`,
  );

/** Errors: key-unreadable. */
function wrappedSigner(opened: Uint8Array): Signer {
  const pkcs8 = Buffer.from(opened);
  try {
    return signerFor(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  } catch (cause) {
    throw keyUnreadable(cause);
  } finally {
    pkcs8.fill(0);
  }
}

/** Makes a key that is kept wrapped. @param contextOf what it is wrapped for, by its public half */
export async function makeWrappedKey(
  algorithm: AuthorityKey,
  contextOf: (spki: Uint8Array) => string,
  wrapKey: WorkerKeyStore['wrapKey'],
): Promise<StoredKey> {
  const { pkcs8, spki } = await generateKey(algorithm);
  const signer = signerFor(createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }));
  return { signer, key: wrapKey(pkcs8, contextOf(spki)) };
}
