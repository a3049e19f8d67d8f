// An installation that is upgraded learns from its audit trail which tokens made which, and ends what should have ended.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@hostmaster/embedded/testing/database';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../../prisma/migrations');
const migration = '20261128220000_token_maker';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  await client.query('CREATE SCHEMA older; SET search_path TO older');
  await client.query(`
    CREATE TABLE service_token (id UUID PRIMARY KEY, owner_id UUID NOT NULL, expires_at TIMESTAMPTZ NOT NULL, revoked_at TIMESTAMPTZ);
    CREATE TABLE audit_event (action TEXT, actor_kind TEXT, actor_id TEXT, subject_id TEXT);
    CREATE FUNCTION acting_token() RETURNS UUID LANGUAGE sql AS 'SELECT NULL::uuid';`);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const id = (n: number) => `00000000-0000-0000-0000-00000000000${n}`;
const [owner, top, made, last, alone, stranger] = [1, 2, 3, 4, 5, 6].map(id);

it('a token is of the one that made it, and ends with that one', async () => {
  expect(readdirSync(folder)).toContain(migration);
  await client.query(`
    INSERT INTO service_token VALUES
      ('${top}', '${owner}', '2027-01-01Z', '2026-11-01Z'), ('${made}', '${owner}', '2028-01-01Z', NULL),
      ('${last}', '${owner}', '2026-12-01Z', '2026-10-01Z'), ('${alone}', '${owner}', '2028-01-01Z', NULL);
    INSERT INTO audit_event VALUES
      ('token.create', 'person', '${owner}', '${top}'), ('token.create', 'service', '${top}', '${made}'),
      ('token.create', 'service', '${made}', '${last}'), ('token.create', 'service', '${stranger}', '${alone}'),
      ('token.revoke', 'service', '${top}', '${alone}');`);
  await client.query(readFileSync(join(folder, migration, 'migration.sql'), 'utf8'));
  const { rows } = await client.query('SELECT id, maker_id, expires_at, revoked_at FROM service_token ORDER BY id');
  const at = (text: string) => new Date(`${text}T00:00:00Z`);
  expect(rows).toEqual([
    { id: top, maker_id: null, expires_at: at('2027-01-01'), revoked_at: at('2026-11-01') },
    { id: made, maker_id: top, expires_at: at('2027-01-01'), revoked_at: at('2026-11-01') },
    { id: last, maker_id: made, expires_at: at('2026-12-01'), revoked_at: at('2026-10-01') },
    { id: alone, maker_id: null, expires_at: at('2028-01-01'), revoked_at: null },
  ]);
});
