import { keyIdOf } from '@hostmaster/adapters/keys/key-id';
import { createKeyStore, generateWorkerKeys, type WorkerKeyStore, type WorkerKeys } from '@hostmaster/adapters/keys/key-store';
import type { Db } from '@hostmaster/db/client';
import { workerKeys } from '@hostmaster/db/worker-key';
import type { KeyEncryptionKeys } from './env.ts';

/** Opens the worker's key store; at the first start of an installation its key pair is made. Errors: key-unreadable. */
export async function openKeyStore(db: Db, { kek, retiredKeks }: KeyEncryptionKeys): Promise<WorkerKeyStore> {
  const stored = await workerKeys.list(db);
  const [newest, ...older] = stored.length > 0 ? stored : [await firstKeys(db, kek)];
  if (newest === undefined) throw new Error('The worker has no key pair.');
  return createKeyStore({ kek, retiredKeks, workerKey: newest, retiredWorkerKeys: older });
}

async function firstKeys(db: Db, kek: Uint8Array): Promise<WorkerKeys> {
  const made = await generateWorkerKeys(kek);
  return workerKeys.addFirst(db, keyIdOf(made.publicKey), made);
}
