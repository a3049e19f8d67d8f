import { startOperation } from '@hostmaster/db/operation';
import { unfinishedSql } from '@hostmaster/db/state-lists';
import { transact } from '@hostmaster/db/transaction';
import type { Ctx } from '../context.ts';

/** How old a reading of a zone may get before its next one begins. */
export const zoneReadSeconds = 300;

/** Begins reading zones whose inventory is older than five minutes. @returns how many readings were started. */
export async function startDueZoneSyncs(ctx: Pick<Ctx, 'db' | 'clock'>, limit: number): Promise<number> {
  const now = ctx.clock.now();
  const before = new Date(now.getTime() - zoneReadSeconds * 1000);
  // A reading that waits, or that failed for good a moment ago, is left out here, so that it does not keep other zones from theirs.
  const due = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT z.id FROM zone z
     WHERE z.given_up_at IS NULL AND (z.synced_at IS NULL OR z.synced_at < ${before}::timestamptz)
       AND NOT EXISTS (SELECT 1 FROM operation o
                        WHERE o.subject = 'zone:' || z.id
                          AND (o.created_at > ${before}::timestamptz OR o.state IN ${unfinishedSql}))
     ORDER BY z.synced_at NULLS FIRST, z.id LIMIT ${limit}`;
  let started = 0;
  for (const { id } of due) {
    const wish = { kind: 'zone', purpose: 'read', subject: `zone:${id}`, zoneId: id, reason: 'The last reading is old.' } as const;
    if ((await transact(ctx.db, (tx) => startOperation(tx, wish, now))) !== null) started += 1;
  }
  return started;
}
