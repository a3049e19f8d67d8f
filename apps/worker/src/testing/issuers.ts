import { chainToPem } from '@hostmaster/core/pki/chain';
import type { World } from './world.ts';

/** Columns of an internal CA under the root of the world that may sign for these suffixes alone. */
export async function intermediateFor(world: World, suffixes: readonly string[]) {
  const root = await world.worker.issuer(await world.db.issuer.findUniqueOrThrow({ where: { slug: 'root' } }));
  const made = await root.authority?.signIntermediate?.(suffixes);
  if (!made) throw new TypeError('the root signs no CA');
  return { chainPem: chainToPem([made.certificate]), keyId: made.key.keyId, keyCiphertext: Buffer.from(made.key.ciphertext) };
}
