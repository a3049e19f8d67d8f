import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Db, openDb } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { asDatabaseError } from './transaction.ts';

let ground: Ground;
let db: Db;
beforeAll(async () => {
  ground = await createGround();
  db = openDb(ground.url, { connections: 1 });
});
afterAll(async () => {
  await db.$disconnect();
  await ground.close();
});

const prepared = async (text: string): Promise<number> => {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_prepared_statements WHERE statement LIKE ${`%${text}%`}`;
  return row?.count ?? 0;
};

it('has a connection prepare a statement once, however often it is sent and with whatever values', async () => {
  for (const slug of ['one', 'two', 'three']) await db.team.findUnique({ where: { slug } });
  expect(await prepared('"public"."team"')).toBe(1);
});

it('keeps a bounded number of statements, and sends the others all the same', async () => {
  for (let at = 0; at < 600; at += 1) {
    const [row] = await db.$queryRaw<{ at: number }[]>(Prisma.sql`SELECT ${Prisma.raw(String(at))}::int AS at`);
    expect(row).toEqual({ at });
  }
  expect(await prepared('')).toBe(500);
});

it('gives up on a statement that is not answered in its time, as a database that stands still answers none', async () => {
  const hasty = openDb(ground.url, { connections: 1, queryMilliseconds: 100 });
  const asked = await hasty.$queryRaw`SELECT pg_sleep(3)`.catch((error: unknown) => asDatabaseError(error));
  expect(asked).toMatchObject({ code: 'unavailable' });
  await hasty.$disconnect();
});
