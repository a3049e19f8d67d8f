import { hash } from 'node:crypto';
import { noteFetch } from '@hostmaster/db/bundle-fetch';
import type { Ctx } from '../context.ts';
import { bundlePem, knownAnchors } from '../issuer/anchors.ts';
import { trustStores } from '../issuer/trust-stores.ts';

/**
 * Notes from where the published roots were fetched, and which ones: before another root signs, its owner sees who lacks it. A store
 * counts as the bundle that it was made of; a root by itself is not all of them. Errors: those of the database.
 */
export async function noteBundleFetch({ db, clock }: Pick<Ctx, 'db' | 'clock'>, file: string, address: string): Promise<void> {
  if (file !== 'root.pem' && !Object.hasOwn(trustStores, file)) return;
  const bundle = bundlePem(await knownAnchors({ db, clock }));
  if (bundle !== null) await noteFetch(db, address, hash('sha256', bundle, 'hex'), clock.now());
}
