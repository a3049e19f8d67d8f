import { hasUnfinishedOperation, startOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { endpointSubject } from '../request/approve.ts';

/**
 * Begins the renewal of certificates that are due (a third of their lifetime is left); nobody needs to ask.
 * @returns how many operations were started.
 */
export async function startDueRenewals(ctx: WorkerCtx, limit: number): Promise<number> {
  const now = ctx.clock.now();
  const due = await ctx.db.certificate.findMany({
    where: { state: { in: ['issued', 'served'] }, renewAfter: { lte: now }, endpoint: { state: { in: ['live', 'degraded', 'pending'] } } },
    select: { endpointId: true, serial: true, endpoint: { select: { zoneId: true, revision: true } } },
    orderBy: { renewAfter: 'asc' },
    take: limit,
  });
  let started = 0;
  for (const { endpointId, endpoint } of new Map(due.map((row) => [row.endpointId, row])).values()) {
    const subject = endpointSubject(endpointId);
    started += await transact(ctx.db, async (tx) => {
      if (await hasUnfinishedOperation(tx, subject)) return 0;
      const trail = [{ step: 'admitted', state: 'done', at: now.toISOString(), message: `Revision ${endpoint.revision} is approved.` }];
      await startOperation(
        tx,
        {
          kind: 'reconcile_endpoint',
          subject,
          step: 'admitted',
          reason: 'The certificate is due for renewal.',
          movesNext: 'hostmaster',
          endpointId,
          zoneId: endpoint.zoneId,
          trail,
        },
        now,
      );
      return 1;
    });
  }
  return started;
}
