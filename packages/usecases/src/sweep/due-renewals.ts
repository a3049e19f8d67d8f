import { startIfIdle } from '@hostmaster/db/operation';
import { inUse, unfinished } from '@hostmaster/db/state-lists';
import { transact } from '@hostmaster/db/transaction';
import type { Ctx } from '../context.ts';
import { endpointSubject } from '../request/approve.ts';

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
      { state: { in: unfinished } },
      { state: 'failed' as const, finishedAt: { gt: new Date(now.getTime() - againAfterSeconds * 1000) } },
    ],
  };
  const due = await ctx.db.certificate.findMany({
    where: {
      state: { in: inUse },
      renewAfter: { lte: now },
      endpoint: { state: { in: ['live', 'degraded', 'pending'] }, operations: { none: stuck } },
    },
    select: { endpointId: true, serial: true, endpoint: { select: { zoneId: true, revision: true } } },
    orderBy: { renewAfter: 'asc' },
    take: limit,
  });
  let started = 0;
  for (const { endpointId, endpoint } of new Map(due.map((row) => [row.endpointId, row])).values()) {
    const subject = endpointSubject(endpointId);
    started += await transact(ctx.db, async (tx) => {
      const at = now.toISOString();
      const untouched = 'A renewal leaves the records as they are.';
      const trail = [
        { step: 'admitted', state: 'done', at, message: `Revision ${endpoint.revision} is approved.` },
        { step: 'records-applied', state: 'skipped', at, message: untouched },
        { step: 'records-verified', state: 'skipped', at, message: untouched },
      ];
      const operation = await startIfIdle(
        tx,
        {
          kind: 'reconcile_endpoint',
          subject,
          step: 'certificate-issued',
          reason: 'The certificate is due for renewal.',
          movesNext: 'hostmaster',
          endpointId,
          zoneId: endpoint.zoneId,
          trail,
        },
        now,
      );
      return operation === null ? 0 : 1;
    });
  }
  return started;
}
