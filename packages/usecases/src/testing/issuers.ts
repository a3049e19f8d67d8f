import { chainToPem } from '@hostmaster/core/pki/chain';
import type { Db } from '@hostmaster/db/client';
import type { WorkerCtx } from '../context.ts';

/** Columns of an internal CA under the root of the world that may sign for these suffixes alone. */
export async function intermediateFor({ db, worker }: { readonly db: Db; readonly worker: WorkerCtx }, suffixes: readonly string[]) {
  const root = await worker.issuer(await db.issuer.findUniqueOrThrow({ where: { slug: 'root' } }));
  const made = await root.authority?.signIntermediate?.(suffixes);
  if (!made) throw new TypeError('the root signs no CA');
  return { chainPem: chainToPem([made.certificate]), keyId: made.key.keyId, keyCiphertext: Buffer.from(made.key.ciphertext) };
}
