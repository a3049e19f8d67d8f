import type { Reader } from './client.ts';
import type { Operation } from './operation.ts';

type Newest = {
  readonly id: string;
  readonly subject: string;
  readonly state: Operation['state'];
  /** How far it is, or what came of it. */
  readonly reason: string;
  readonly result: unknown;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
};

/** The newest work on each of these subjects; none for one on which there was none. */
export async function newestOf(db: Reader, subjects: readonly string[]): Promise<readonly Newest[]> {
  if (subjects.length === 0) return [];
  return db.$queryRaw<Newest[]>`
    SELECT DISTINCT ON (subject) id, subject, state, reason, result, created_at AS "createdAt", finished_at AS "finishedAt"
      FROM operation WHERE subject = ANY (${subjects}) ORDER BY subject, generation DESC`;
}
