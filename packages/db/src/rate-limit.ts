import type { Reader } from './client.ts';

/** Counts tries in the fixed window that `windowStart` opens, and answers how many that makes. Atomic. */
export async function countTries(db: Reader, key: string, windowStart: Date, tries: number): Promise<number> {
  const rows = await db.$queryRaw<{ count: number }[]>`
    INSERT INTO rate_limit AS r (key, window_start, count) VALUES (${key}, ${windowStart}, ${tries}::int)
    ON CONFLICT (key) DO UPDATE
       SET count = CASE WHEN r.window_start = excluded.window_start THEN r.count + excluded.count ELSE excluded.count END, window_start = excluded.window_start
    RETURNING count`;
  return rows[0]?.count ?? tries;
}

/** Takes one try of the same window back. */
export async function uncountTry(db: Reader, key: string, windowStart: Date): Promise<void> {
  await db.rateLimit.updateMany({ where: { key, windowStart, count: { gt: 0 } }, data: { count: { decrement: 1 } } });
}
