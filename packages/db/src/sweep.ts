import type { Db } from './client.ts';

/**
 * Takes those of the sweeps whose time has come and that no other worker is at, for at most `leaseSeconds`: one that dies over a
 * sweep keeps it from the others no longer than that. @returns the names of those taken.
 */
export async function takeSweeps(db: Db, names: readonly string[], leaseSeconds: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    INSERT INTO sweep AS s (name, due_at)
    SELECT name, now() + make_interval(secs => ${leaseSeconds}) FROM unnest(${[...names]}::text[]) AS wanted(name) ORDER BY name
    ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at WHERE s.due_at <= now()
    RETURNING name`;
  return rows.map(({ name }) => name);
}

/** Gives a sweep back: it is due again after `everySeconds`. */
export async function endSweep(db: Db, name: string, everySeconds: number): Promise<void> {
  await db.$executeRaw`UPDATE sweep SET swept_at = now(), due_at = now() + make_interval(secs => ${everySeconds}) WHERE name = ${name}`;
}
