// A database as an older version left it, for tests of one migration.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase } from '@hostmaster/embedded/testing/database';
import pg from 'pg';

const folder = join(import.meta.dirname, '../../../../prisma/migrations');
const sqlOf = (name: string): string => readFileSync(join(folder, name, 'migration.sql'), 'utf8');

export type OlderSchema = {
  readonly client: pg.Client;
  /** What an upgrade does to it. */
  migrate(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Call in `beforeAll`, and `close` in `afterAll`.
 * @param migration the folder of the one that is tried
 * @param before what stands there before it: every earlier migration, those before a name, or tables of the test's own (SQL)
 */
export async function createOlderSchema(
  migration: string,
  before: { until: string } | { sql: string } = { until: migration },
): Promise<OlderSchema> {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  // A second world beside the migrated one: what is made unqualified is made here.
  await client.query('CREATE SCHEMA older; SET search_path TO older, public');
  const older = readdirSync(folder).filter((name) => 'until' in before && name < before.until && /^\d/.test(name));
  for (const name of older.sort()) await client.query(sqlOf(name));
  if ('sql' in before) await client.query(before.sql);
  return {
    client,
    migrate: async () => void (await client.query(sqlOf(migration))),
    close: async () => {
      await client.end();
      await database.drop();
    },
  };
}
