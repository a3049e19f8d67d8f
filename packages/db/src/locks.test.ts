import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LockName, lock, lockOf, type SubjectLockName } from './locks.ts';
import { createGround, type Ground } from './testing/ground.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

const names = Object.keys({ authority: 0, preparation: 0, 'first-worker-key': 0 } satisfies Record<LockName, 0>) as LockName[];
const ofSubjects = Object.keys({ tokens: 0, work: 0, quota: 0, revocation: 0, 'key-export': 0, campaign: 0 } satisfies Record<
  SubjectLockName,
  0
>) as SubjectLockName[];

describe('the locks that no row stands for', () => {
  it('are each a lock of its own, also of one subject', async () => {
    const held = await ground.db.$transaction(async (tx) => {
      for (const name of names) await lock(tx, name);
      for (const name of ofSubjects) for (const subject of ['one', 'other']) await lockOf(tx, name, subject);
      const [row] = await tx.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()`;
      return row?.count;
    });
    expect(held).toBe(names.length + 2 * ofSubjects.length);
  });

  it('are taken here and nowhere else', () => {
    const root = join(import.meta.dirname, '..', '..', '..');
    const taking = ['packages/db/src', 'packages/usecases/src', 'packages/http/src', 'apps/worker/src', 'apps/web/src'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
        .map((path) => join(folder, path))
        .filter((path) => readFileSync(join(root, path), 'utf8').includes('pg_advisory')),
    );
    expect(taking).toEqual(['packages/db/src/locks.ts']);
  });
});
