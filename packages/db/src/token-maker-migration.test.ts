// An installation that is upgraded learns from its audit trail which tokens made which, and ends what should have ended.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOlderSchema, type OlderSchema } from './testing/older-schema.ts';

let older: OlderSchema;
beforeAll(async () => {
  older = await createOlderSchema('20261128220000_token_maker', {
    sql: `
    CREATE TABLE service_token (id UUID PRIMARY KEY, owner_id UUID NOT NULL, expires_at TIMESTAMPTZ NOT NULL, revoked_at TIMESTAMPTZ);
    CREATE TABLE audit_event (action TEXT, actor_kind TEXT, actor_id TEXT, subject_id TEXT);
    CREATE FUNCTION acting_token() RETURNS UUID LANGUAGE sql AS 'SELECT NULL::uuid';`,
  });
});
afterAll(() => older.close());

const id = (n: number) => `00000000-0000-0000-0000-00000000000${n}`;
const [owner, top, made, last, alone, stranger] = [1, 2, 3, 4, 5, 6].map(id);

it('a token is of the one that made it, and ends with that one', async () => {
  await older.client.query(`
    INSERT INTO service_token VALUES
      ('${top}', '${owner}', '2027-01-01Z', '2026-11-01Z'), ('${made}', '${owner}', '2028-01-01Z', NULL),
      ('${last}', '${owner}', '2026-12-01Z', '2026-10-01Z'), ('${alone}', '${owner}', '2028-01-01Z', NULL);
    INSERT INTO audit_event VALUES
      ('token.create', 'person', '${owner}', '${top}'), ('token.create', 'service', '${top}', '${made}'),
      ('token.create', 'service', '${made}', '${last}'), ('token.create', 'service', '${stranger}', '${alone}'),
      ('token.revoke', 'service', '${top}', '${alone}');`);
  await older.migrate();
  const { rows } = await older.client.query('SELECT id, maker_id, expires_at, revoked_at FROM service_token ORDER BY id');
  const at = (text: string) => new Date(`${text}T00:00:00Z`);
  expect(rows).toEqual([
    { id: top, maker_id: null, expires_at: at('2027-01-01'), revoked_at: at('2026-11-01') },
    { id: made, maker_id: top, expires_at: at('2027-01-01'), revoked_at: at('2026-11-01') },
    { id: last, maker_id: made, expires_at: at('2026-12-01'), revoked_at: at('2026-10-01') },
    { id: alone, maker_id: null, expires_at: at('2028-01-01'), revoked_at: null },
  ]);
});
