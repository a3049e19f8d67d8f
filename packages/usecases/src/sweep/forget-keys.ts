import { exportMilliseconds } from '@hostmaster/core/pki/key-export';
import type { Ctx } from '../context.ts';

/** Forgets private keys that were sealed for a browser once their time is over: that one was taken stays written down, and nothing of it. */
export async function forgetKeys({ db, clock }: Pick<Ctx, 'db' | 'clock'>): Promise<void> {
  const old = { createdAt: { lt: new Date(clock.now().getTime() - exportMilliseconds) } };
  await db.keyExport.deleteMany({ where: { takenAt: null, ...old } });
  await db.keyExport.updateMany({ where: { takenAt: { not: null }, sealed: { not: null }, ...old }, data: { sealed: null } });
}
