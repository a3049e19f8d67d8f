import { hash } from 'node:crypto';
import { noteFetch } from '@hostmaster/db/bundle-fetch';
import type { Ctx } from '../context.ts';
import type { PkiFile } from '../issuer/read-pki-file.ts';

/** Notes from where the published roots were fetched, and which ones: before another root signs, its owner sees who lacks it. Errors: those of the database. */
export async function noteBundleFetch(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  file: string,
  { body }: PkiFile,
  address: string,
): Promise<void> {
  if (file === 'root.pem') await noteFetch(db, address, hash('sha256', body, 'hex'), clock.now());
}
