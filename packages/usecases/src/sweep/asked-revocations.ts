import { endpointsToRevokeAt } from '@hostmaster/db/revocation-request';
import { transact } from '@hostmaster/db/transaction';
import type { Ctx } from '../context.ts';
import { startReconcile } from '../reconcile/start.ts';

/** One that failed for good is not begun again at every sweep. */
const againAfterSeconds = 300;

/**
 * Begins the revocation of what somebody asked to revoke while other work was under way, which ended without it.
 * @returns how many operations were started.
 */
export async function startAskedRevocations({ db, clock }: Pick<Ctx, 'db' | 'clock'>, limit: number): Promise<number> {
  const now = clock.now();
  const ids = (await endpointsToRevokeAt(db, now, new Date(now.getTime() - againAfterSeconds * 1000), limit)).map(({ id }) => id);
  if (ids.length === 0) return 0;
  const endpoints = await db.endpoint.findMany({
    where: { id: { in: ids } },
    select: { id: true, hostname: true, view: true, zoneId: true },
  });
  let started = 0;
  for (const { id: endpointId, ...endpoint } of endpoints) {
    const wish = { purpose: 'revocation' as const, ...endpoint, endpointId, reason: 'Somebody asked to revoke a certificate.' };
    if ((await transact(db, (tx) => startReconcile(tx, wish, now))) !== null) started += 1;
  }
  return started;
}
