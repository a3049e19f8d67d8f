import type { Reader } from './client.ts';

/** Counts one try in the fixed window that `windowStart` opens, and answers how many that makes. Atomic. */
export async function countTry(db: Reader, key: string, windowStart: Date): Promise<number> {
  const rows = await db.$queryRaw<{ count: number }[]>`
    INSERT INTO rate_limit AS r (key, window_start, count) VALUES (${key}, ${windowStart}, 1)
    ON CONFLICT (key) DO UPDATE
       SET count = CASE WHEN r.window_start = excluded.window_start THEN r.count + 1 ELSE 1 END, window_start = excluded.window_start
    RETURNING count`;
  return rows[0]?.count ?? 1;
}

/** Takes one try of the same window back. */
export async function uncountTry(db: Reader, key: string, windowStart: Date): Promise<void> {
  await db.rateLimit.updateMany({ where: { key, windowStart, count: { gt: 0 } }, data: { count: { decrement: 1 } } });
}
