// Proves the stand-in schema engine against a real PostgreSQL, with the steps a developer and a deployment take.
// Runs it even where the stock engine is present, because an air-gapped site depends on it.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OwnPostgres, startOwnPostgres } from '@hostmaster/embedded/testing/own-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const tools = fileURLToPath(new URL('.', import.meta.url));
const schema = `
generator client {
  provider = "prisma-client"
  output   = "./generated"
}
datasource db {
  provider = "postgresql"
}
enum Colour {
  RED
  GREEN
}
model Thing {
  id     String @id @default(uuid(7)) @db.Uuid
  colour Colour
  code   String @db.Char(2)
  tags   String[]
}
`;
const functionWithSemicolons = `
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'things are append-only; no %', TG_OP;
END;
$$;
CREATE TRIGGER append_only BEFORE DELETE ON "Thing" FOR EACH ROW EXECUTE FUNCTION refuse();
`;

describe('the stand-in schema engine', () => {
  // Beneath the package, so that the scratch config finds prisma in node_modules.
  const modules = join(tools, '..', 'node_modules');
  mkdirSync(modules, { recursive: true }); // npm makes it only where a package cannot be shared
  const folder = mkdtempSync(join(modules, '.scratch-schema-'));
  let server: OwnPostgres; // its own, because shadow databases are looked for on the whole server
  let bare: string;

  const prisma = (...args: string[]): Promise<{ code: number; output: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, DATABASE_URL: bare, PRISMA_SCHEMA_ENGINE_BINARY: join(tools, 'schema-engine.mjs') };
      const command = [join(tools, 'prisma.mjs'), ...args, '--config', join(folder, 'prisma.config.ts')];
      execFile(process.execPath, command, { env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: out + err }),
      );
    });
  const query = async (text: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: bare });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    writeFileSync(join(folder, 'schema.prisma'), schema);
    writeFileSync(
      join(folder, 'prisma.config.ts'),
      `import { defineConfig } from 'prisma/config';
export default defineConfig({ schema: 'schema.prisma', migrations: { path: 'migrations' }, datasource: { url: process.env.DATABASE_URL ?? '' } });
`,
    );
    server = await startOwnPostgres();
    const url = new URL(server.url);
    url.pathname = '/bare'; // does not exist yet: the engine makes it
    bare = url.href;
  });
  afterAll(async () => {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('creates the database and writes and applies a first migration', async () => {
    expect(await prisma('migrate', 'dev', '--name', 'first')).toMatchObject({ code: 0 });
    const [migration] = readdirSync(join(folder, 'migrations'));
    expect(readFileSync(join(folder, 'migrations', migration ?? '', 'migration.sql'), 'utf8')).toContain('CREATE TABLE "Thing"');
    expect(await query('SELECT migration_name FROM _prisma_migrations')).toEqual([{ migration_name: migration }]);
  });

  it('applies a hand-written script with $$-quoted bodies whole', async () => {
    const migration = join(folder, 'migrations', '99990101000000_append_only');
    mkdirSync(migration);
    writeFileSync(join(migration, 'migration.sql'), functionWithSemicolons);
    expect(await prisma('migrate', 'deploy')).toMatchObject({ code: 0 });
    await query(`INSERT INTO "Thing" VALUES (gen_random_uuid(), 'RED', 'ab', '{}')`);
    await expect(query('DELETE FROM "Thing"')).rejects.toThrow('things are append-only; no DELETE');
  });

  const drift = [
    'migrate',
    'diff',
    '--from-migrations',
    join(folder, 'migrations'),
    '--to-schema',
    join(folder, 'schema.prisma'),
    '--exit-code',
  ];

  it('finds no drift between the migrations and the schema they were made from, and leaves no shadow database', async () => {
    expect(await prisma(...drift)).toMatchObject({ code: 0 });
    expect(await query(`SELECT datname FROM pg_database WHERE datname LIKE 'prisma_shadow%'`)).toEqual([]);
  });

  it('fails the drift check when the schema has moved on', async () => {
    writeFileSync(join(folder, 'schema.prisma'), schema.replace('tags   String[]', 'tags   String[]\n  size   Int?'));
    expect(await prisma(...drift)).toMatchObject({ code: 2, output: expect.stringContaining('size') });
  });

  it('says what is wrong with a script, and that the migration failed', async () => {
    const migration = join(folder, 'migrations', '99990102000000_broken');
    mkdirSync(migration);
    writeFileSync(join(migration, 'migration.sql'), 'ALTER TABLE "Nothing" ADD COLUMN n int;');
    expect(await prisma('migrate', 'deploy')).toMatchObject({
      code: 1,
      output: expect.stringContaining('No such table: Nothing'),
    });
  });

  it('says that the server cannot be reached', async () => {
    await server.stop();
    expect(await prisma('migrate', 'deploy')).toMatchObject({ code: 1, output: expect.stringContaining('P1001') });
  });
});
