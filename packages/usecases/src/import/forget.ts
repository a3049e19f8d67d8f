import { broughtMilliseconds } from '@hostmaster/core/pki/brought-certificate';
import { refuseBrought } from '@hostmaster/db/brought-certificate';
import type { Ctx } from '../context.ts';

const late = {
  rule: 'import-waits',
  reason: 'No worker read it within an hour, and it is forgotten.',
  remedy: 'Bring it once more; where workers are at work, it is read at once.',
};

/** Forgets what was brought and nobody read. */
export async function forgetBrought({ db, clock }: Pick<Ctx, 'db' | 'clock'>): Promise<void> {
  await refuseBrought(db, { createdAt: { lt: new Date(clock.now().getTime() - broughtMilliseconds) } }, [late]);
}
