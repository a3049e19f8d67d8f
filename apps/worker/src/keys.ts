import { keyIdOf } from '@hostmaster/adapters/keys/key-id';
import { createKeyStore, generateWorkerKeys, type WorkerKeyStore, type WorkerKeys } from '@hostmaster/adapters/keys/key-store';
import { createTokenKeys } from '@hostmaster/adapters/keys/pkcs11/token-keys';
import type { Db } from '@hostmaster/db/client';
import { workerKeys } from '@hostmaster/db/worker-key';
import type { KeyEncryptionKeys, TokenSettings } from './env.ts';

type Options = KeyEncryptionKeys & { readonly token?: TokenSettings | null };

/** Opens the worker's key store, and not yet the token; at the first start of an installation its key pair is made. Errors: key-unreadable. */
export async function openKeyStore(db: Db, { kek, retiredKeks, token = null }: Options): Promise<WorkerKeyStore> {
  const stored = await workerKeys.list(db);
  const [newest, ...older] = stored.length > 0 ? stored : [await firstKeys(db, kek)];
  if (newest === undefined) throw new Error('The worker has no key pair.');
  const keys = { kek, retiredKeks, workerKey: newest, retiredWorkerKeys: older };
  return createKeyStore(token === null ? keys : { ...keys, token: createTokenKeys(token) });
}

async function firstKeys(db: Db, kek: Uint8Array): Promise<WorkerKeys> {
  const made = await generateWorkerKeys(kek);
  return workerKeys.addFirst(db, keyIdOf(made.publicKey), made);
}
