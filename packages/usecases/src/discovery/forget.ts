import { day } from '@hostmaster/core/duration';
import { transact } from '@hostmaster/db/transaction';
import type { Ctx } from '../context.ts';

/** For how long it is kept where something was that is gone, and what was nowhere since. */
export const goneKeptDays = 90;

/** Forgets what is long gone: places that have answered without a certificate for three months, and certificates that were seen nowhere since. */
export async function forgetGone({ db, clock }: Pick<Ctx, 'db' | 'clock'>): Promise<void> {
  const before = new Date(clock.now().getTime() - goneKeptDays * day);
  // What stands in a log stands there for ever: it is kept until long after its end.
  const over = [{ logSightings: { none: {} } }, { notAfter: { lt: before } }, { notAfter: null }];
  await transact(db, async (tx) => {
    await tx.sighting.deleteMany({ where: { goneAt: { lt: before } } });
    await tx.discoveredCertificate.deleteMany({ where: { lastSeenAt: { lt: before }, sightings: { none: {} }, OR: over } });
  });
}
