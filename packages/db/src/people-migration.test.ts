// An installation that is upgraded keeps the passwords of its people, and when they last signed in.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@hostmaster/embedded/testing/database';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../../prisma/migrations');
const migration = '20261128220000_people';
const sqlOf = (name: string) => readFileSync(join(folder, name, 'migration.sql'), 'utf8');

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  // A second world beside the migrated one: what is made unqualified is made here.
  await client.query('CREATE SCHEMA older; SET search_path TO older');
  const before = readdirSync(folder).filter((name) => name < migration);
  for (const name of before.sort()) await client.query(sqlOf(name));
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const [ada, sam] = ['1', '2'].map((n) => `00000000-0000-0000-0000-00000000000${n}`);

it('who had a password has it still, who had none has none, and sessions go on', async () => {
  await client.query(`
    INSERT INTO person (id, email, name, password_hash) VALUES ('${ada}', 'ada@example.test', 'Ada', 'kept'), ('${sam}', 'sam@example.test', 'Sam', NULL);
    INSERT INTO session (id, person_id, created_at, expires_at)
      VALUES ('${ada}', '${ada}', '2026-11-20T12:00:00Z', '2026-11-21T00:00:00Z'), ('${sam}', '${ada}', '2026-11-19T12:00:00Z', '2026-11-20T00:00:00Z');`);
  await client.query(sqlOf(migration));
  expect((await client.query('SELECT person_id, hash FROM password')).rows).toEqual([{ person_id: ada, hash: 'kept' }]);
  const { rows } = await client.query('SELECT last_sign_in_at FROM person ORDER BY email');
  expect(rows.map(({ last_sign_in_at: at }) => at?.toISOString() ?? null)).toEqual(['2026-11-20T12:00:00.000Z', null]);
  expect((await client.query('SELECT method, browser FROM session')).rows).toHaveLength(2);
});
