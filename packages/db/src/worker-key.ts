import type { SealedSecret } from '@hostmaster/core/pki/key-store';
import type { Db } from './client.ts';
import { lock } from './locks.ts';
import { transact } from './transaction.ts';

export type StoredWorkerKeys = { readonly publicKey: Uint8Array; readonly privateKey: SealedSecret };

async function list(db: Pick<Db, 'workerKey'>): Promise<StoredWorkerKeys[]> {
  const rows = await db.workerKey.findMany({ orderBy: { createdAt: 'desc' } });
  return rows.map((row) => ({ publicKey: row.publicKey, privateKey: { keyId: row.privateKeyId, ciphertext: row.privateCiphertext } }));
}

/** Stores the first key pair, or answers the one that another worker stored a moment before. */
function addFirst(db: Db, id: string, keys: StoredWorkerKeys): Promise<StoredWorkerKeys> {
  return transact(db, async (tx) => {
    await lock(tx, 'first-worker-key');
    const [there] = await list(tx);
    if (there !== undefined) return there;
    await tx.workerKey.create({
      data: {
        id,
        publicKey: Buffer.from(keys.publicKey),
        privateKeyId: keys.privateKey.keyId,
        privateCiphertext: Buffer.from(keys.privateKey.ciphertext),
      },
    });
    return keys;
  });
}

/** The worker's HPKE key pairs, newest first; private halves are wrapped. */
export const workerKeys = { list, addFirst };
