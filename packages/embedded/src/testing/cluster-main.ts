// The keeper of the tests' PostgreSQL: `node --import tsx cluster-main.ts FOLDER`, started by cluster.ts and nobody else.
// The data folder stays between runs, so that a second run finds its migrated template ready; that of `npm test` lies in memory.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { lockFolder } from '../folder-lock.ts';
import { freePort } from '../port.ts';
import { startPostgres } from '../postgres.ts';
import { announcementOf, LEASE_NAME, lockCluster } from './cluster.ts';
import { DATABASE_PREFIX, TEMPLATE_PREFIX } from './database.ts';

const IDLE_MILLISECONDS = 8_000; // bridges the moment between one test file's process and the next
const LOOK_MILLISECONDS = 500;
const TEMPLATES_KEPT = 5;

const folder = process.argv[2];
if (!folder) throw new Error('usage: cluster-main.ts FOLDER');
lockFolder(folder, 'keeper.lock');
rmSync(announcementOf(folder), { force: true });
const server = await startPostgres({
  directory: process.env.HOSTMASTER_TEST_POSTGRES_DATA ?? join(folder, 'data'),
  port: await freePort(),
  database: 'hostmaster',
  superuserPassword: 'test',
  ownerPassword: 'test',
  durability: 'test',
  maxConnections: 300,
});
const client = new pg.Client({ connectionString: server.clusterUrl });
client.on('error', () => {});
await client.connect();

async function dropLeftovers(): Promise<void> {
  const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database ORDER BY oid DESC');
  const names = rows.map((row) => row.datname);
  const templates = names.filter((name) => name.startsWith(TEMPLATE_PREFIX));
  const leftovers = names.filter((name) => name.startsWith(DATABASE_PREFIX) || name.startsWith('prisma_shadow_'));
  for (const name of [...leftovers, ...templates.slice(TEMPLATES_KEPT)]) {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
  }
}

async function countLeases(): Promise<number> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_stat_activity WHERE application_name = $1', [LEASE_NAME]);
  return rowCount ?? 0;
}

// `npm ci` may remove the folder under us; then there is nothing to keep.
async function idle(): Promise<void> {
  for (let lastUse = Date.now(); Date.now() - lastUse < IDLE_MILLISECONDS; await delay(LOOK_MILLISECONDS)) {
    if ((await countLeases()) > 0) lastUse = Date.now();
  }
}

const stop = async (): Promise<never> => {
  rmSync(announcementOf(folder), { force: true });
  await client.end();
  await server.stop();
  process.exit(0);
};
process.on('SIGTERM', stop);
server.ended.then(() => process.exit(1));

await dropLeftovers();
writeFileSync(announcementOf(folder), server.clusterUrl, { mode: 0o600 });
for (;;) {
  await idle();
  const lock = await lockCluster(folder);
  try {
    if ((await countLeases()) === 0) await stop();
  } finally {
    lock.release();
  }
}
