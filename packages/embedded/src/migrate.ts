// Brings a database to the schema of this checkout. Asking Prisma costs more than a second, so a database that already
// holds exactly the migrations on disk is recognised first, by the names and checksums Prisma records.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostmasterError } from '@hostmaster/core/errors';
import pg from 'pg';
import { repositoryRoot } from './repository.ts';

type Migration = { readonly name: string; readonly checksum: string };

/** The migrations on disk in order; the checksum is Prisma's: SHA-256 of the script, in hexadecimal. */
export function migrationsOnDisk(root = repositoryRoot()): Migration[] {
  const folder = join(root, 'prisma', 'migrations');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'migration.sql')))
    .map(({ name }) => ({
      name,
      checksum: createHash('sha256')
        .update(readFileSync(join(folder, name, 'migration.sql')))
        .digest('hex'),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function isCurrent(url: string, wanted: readonly Migration[]): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ found: boolean }>(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`);
    if (!tables[0]?.found) return false;
    const { rows: applied } = await client.query<{ name: string; checksum: string }>(
      `SELECT migration_name AS name, checksum FROM _prisma_migrations
       WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL ORDER BY migration_name COLLATE "C"`,
    );
    return JSON.stringify(applied) === JSON.stringify(wanted);
  } finally {
    await client.end();
  }
}

function runPrisma(root: string, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const tool = join(root, 'packages', 'db', 'tools', 'prisma.mjs');
    const child = spawn(process.execPath, [tool, 'migrate', 'deploy'], {
      env: { ...process.env, DATABASE_URL: url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new HostmasterError('unavailable', `the database could not be migrated:\n${output.trim()}`));
    });
  });
}

/**
 * Applies the migrations that the database lacks.
 * @returns whether there were any
 * @throws HostmasterError `unavailable` with Prisma's words when one fails
 */
export async function migrate(url: string): Promise<boolean> {
  const root = repositoryRoot();
  if (await isCurrent(url, migrationsOnDisk(root))) return false;
  await runPrisma(root, url);
  return true;
}
