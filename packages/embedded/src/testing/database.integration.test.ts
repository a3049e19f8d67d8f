import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrationsOnDisk } from '../migrate.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startOwnPostgres } from './own-postgres.ts';

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('a test database', () => {
  let one: TestDatabase;
  let other: TestDatabase;
  beforeAll(async () => {
    [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([one.drop(), other.drop()]);
  });

  it('holds every migration of this checkout', async () => {
    const rows = await query(one.url, 'SELECT migration_name AS name, checksum FROM _prisma_migrations ORDER BY 1');
    expect(rows).toEqual(migrationsOnDisk());
  });

  it('shares nothing with another', async () => {
    await query(one.url, 'CREATE TABLE mine (n int)');
    await expect(query(other.url, 'SELECT * FROM mine')).rejects.toMatchObject({ code: '42P01' });
  });

  it('is gone after drop, although somebody is still connected', async () => {
    const third = await createTestDatabase();
    const client = new pg.Client({ connectionString: third.url });
    client.on('error', () => {});
    await client.connect();
    await third.drop();
    await expect(query(third.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });

  it('does not keep the process of a test alive', async () => {
    const script = `const { createTestDatabase } = await import(${JSON.stringify(new URL('./database.ts', import.meta.url).href)});
      await (await createTestDatabase()).drop(); process.stdout.write('done');`;
    const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script];
    expect((await promisify(execFile)(process.execPath, args, { timeout: 30_000 })).stdout).toBe('done');
  });
});

describe('a PostgreSQL of its own', () => {
  it('keeps what was committed across a crash', async () => {
    const server = await startOwnPostgres();
    try {
      await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS n');
      await server.crash();
      await server.start();
      expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    } finally {
      await server.remove();
    }
  }, 60_000);
});
