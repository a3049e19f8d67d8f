import { displacedBy } from '@hostmaster/core/operation/purpose';
import { sourcesBrought } from '@hostmaster/core/pki/source-traits';
import { inUse, staying, unfinished } from '@hostmaster/db/state-lists';
import { transact } from '@hostmaster/db/transaction';
import type { Ctx } from '../context.ts';
import { startReconcile } from '../reconcile/start.ts';

/** A renewal that failed for good is not begun again at every sweep. */
const againAfterSeconds = 300;

/**
 * Begins the renewal of certificates that are due (a third of their lifetime is left); nobody needs to ask.
 * @returns how many operations were started.
 */
export async function startDueRenewals(ctx: Pick<Ctx, 'db' | 'clock'>, limit: number): Promise<number> {
  const now = ctx.clock.now();
  // Left out here and not below, so that renewals which are stuck do not keep the others from theirs.
  const stuck = {
    OR: [
      { state: { in: unfinished }, purpose: { notIn: [...displacedBy.renewal] } },
      { state: 'failed' as const, finishedAt: { gt: new Date(now.getTime() - againAfterSeconds * 1000) } },
    ],
  };
  const due = await ctx.db.certificate.findMany({
    where: {
      state: { in: inUse },
      renewAfter: { lte: now },
      // Nobody but its team can have another one.
      issuer: { kind: { notIn: [...sourcesBrought] } },
      endpoint: { state: { in: staying }, operations: { none: stuck } },
    },
    select: { endpointId: true, endpoint: { select: { hostname: true, view: true, zoneId: true } } },
    orderBy: { renewAfter: 'asc' },
    take: limit,
  });
  let started = 0;
  for (const { endpointId, endpoint } of new Map(due.map((row) => [row.endpointId, row])).values()) {
    const wish = { purpose: 'renewal' as const, ...endpoint, endpointId, reason: 'The certificate is due for renewal.' };
    if ((await transact(ctx.db, (tx) => startReconcile(tx, wish, now))) !== null) started += 1;
  }
  return started;
}
