// An installation that is upgraded keeps the passwords of its people, and when they last signed in.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOlderSchema, type OlderSchema } from './testing/older-schema.ts';

let older: OlderSchema;
beforeAll(async () => {
  older = await createOlderSchema('20261128220000_people');
});
afterAll(() => older.close());

const [ada, sam] = ['1', '2'].map((n) => `00000000-0000-0000-0000-00000000000${n}`);

it('who had a password has it still, who had none has none, and sessions go on', async () => {
  await older.client.query(`
    INSERT INTO person (id, email, name, password_hash) VALUES ('${ada}', 'ada@example.test', 'Ada', 'kept'), ('${sam}', 'sam@example.test', 'Sam', NULL);
    INSERT INTO session (id, person_id, created_at, expires_at)
      VALUES ('${ada}', '${ada}', '2026-11-20T12:00:00Z', '2026-11-21T00:00:00Z'), ('${sam}', '${ada}', '2026-11-19T12:00:00Z', '2026-11-20T00:00:00Z');`);
  await older.migrate();
  expect((await older.client.query('SELECT person_id, hash FROM password')).rows).toEqual([{ person_id: ada, hash: 'kept' }]);
  const { rows } = await older.client.query('SELECT last_sign_in_at FROM person ORDER BY email');
  expect(rows.map(({ last_sign_in_at: at }) => at?.toISOString() ?? null)).toEqual(['2026-11-20T12:00:00.000Z', null]);
  expect((await older.client.query('SELECT method, browser FROM session')).rows).toHaveLength(2);
});
