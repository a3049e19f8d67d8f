import type { WorkerCtx } from '../context.ts';

const everySeconds = 60;

/** Takes endpoints whose next look is due and sets the one after; several workers never take the same. @returns their ids. */
export async function takeDueChecks(ctx: WorkerCtx, limit: number): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    UPDATE endpoint SET next_check_at = now() + make_interval(secs => ${everySeconds} * (0.9 + 0.2 * random()))
     WHERE id IN (SELECT id FROM endpoint WHERE next_check_at <= now() AND state IN ('live', 'degraded')
                   ORDER BY next_check_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  return rows.map(({ id }) => id);
}
