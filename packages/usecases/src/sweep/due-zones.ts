import { hasUnfinishedOperation, startOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';

const everySeconds = 300;

/** Begins reading zones whose inventory is older than five minutes. @returns how many readings were started. */
export async function startDueZoneSyncs(ctx: WorkerCtx, limit: number): Promise<number> {
  const now = ctx.clock.now();
  const before = new Date(now.getTime() - everySeconds * 1000);
  const due = await ctx.db.zone.findMany({
    where: { OR: [{ syncedAt: null }, { syncedAt: { lt: before } }] },
    select: { id: true },
    take: limit,
  });
  let started = 0;
  for (const { id } of due) {
    const subject = `zone:${id}`;
    started += await transact(ctx.db, async (tx) => {
      // A reading that failed for good is not begun again at every sweep.
      const recent = await tx.operation.count({ where: { subject, createdAt: { gt: before } }, take: 1 });
      if (recent > 0 || (await hasUnfinishedOperation(tx, subject))) return 0;
      await startOperation(
        tx,
        { kind: 'sync_zone', subject, step: 'read', reason: 'The last reading is old.', movesNext: 'hostmaster', zoneId: id },
        now,
      );
      return 1;
    });
  }
  return started;
}
