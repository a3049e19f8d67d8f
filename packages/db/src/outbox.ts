import type { JobName, JobPayload } from '@hostmaster/core/contract/jobs';
import type { Db, Tx } from './client.ts';

/** Channel on which a committed nudge wakes the relay; the table tells it by itself. */
export const outboxChannel = 'hostmaster_outbox';

/** Writes a nudge in the caller's transaction; the relay is woken when it commits. */
export async function nudge<N extends JobName>(tx: Tx, job: N, payload: JobPayload<N>): Promise<void> {
  await tx.outbox.create({ data: { job, payload }, select: { id: true } });
}

export type OutboxRow = { readonly id: string; readonly job: string; readonly payload: unknown };

/**
 * Takes up to `limit` nudges, hands them to `enqueue`, and deletes them when it succeeded. Rows locked by another relay are
 * skipped; a crash between enqueue and commit enqueues again, which the job id (the row's id) makes harmless.
 * @returns how many were relayed.
 */
export function relayOutbox(db: Db, limit: number, enqueue: (rows: readonly OutboxRow[]) => Promise<void>): Promise<number> {
  return db.$transaction(
    async (tx) => {
      const rows = await tx.$queryRaw<
        OutboxRow[]
      >`SELECT id, job, payload FROM outbox ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
      if (rows.length === 0) return 0;
      await enqueue(rows);
      await tx.outbox.deleteMany({ where: { id: { in: rows.map((row) => row.id) } } });
      return rows.length;
    },
    { timeout: 15_000 },
  );
}
