import type { Lane } from '@hostmaster/core/operation/lane';
import type { LaneSeen } from '@hostmaster/core/operation/workforce';
import type { Db, Reader } from './client.ts';

/** Notes that a worker took something up in a lane, by the clock of the database. */
export async function noteTaken(db: Db, lane: Lane): Promise<void> {
  await db.$executeRaw`
    INSERT INTO lane (name, taken_at) VALUES (${lane}, now()) ON CONFLICT (name) DO UPDATE SET taken_at = now()`;
}

/** Notes what a sweep found: whether something waits in a lane to be taken up. What is known already is not written again. */
export async function noteWaiting(db: Db, lane: Lane, waits: boolean): Promise<void> {
  await db.$executeRaw`
    INSERT INTO lane AS l (name, waiting_since) VALUES (${lane}, CASE WHEN ${waits} THEN now() END)
    ON CONFLICT (name) DO UPDATE SET waiting_since = CASE WHEN ${waits} THEN coalesce(l.waiting_since, now()) END
     WHERE (l.waiting_since IS NOT NULL) <> ${waits}`;
}

/** What is known of the lanes; none that nothing was ever noted of. */
export const seenLanes = (db: Reader): Promise<LaneSeen[]> =>
  db.$queryRaw<LaneSeen[]>`
    SELECT name AS lane, taken_at AS "takenAt", waiting_since AS "waitingSince",
           extract(epoch FROM now() - taken_at)::float8 AS "takenSecondsAgo",
           extract(epoch FROM now() - waiting_since)::float8 AS "waitingSeconds"
      FROM lane ORDER BY name DESC`;
