// A database of its own for each test suite: a copy of a template that was migrated once per schema.
import { createHash, randomUUID } from 'node:crypto';
import { databaseRoles, prepareAccess, tableAccess, temporaryRights, urlFor } from '@hostmaster/db/access';
import { rowSecurity } from '@hostmaster/db/row-security';
import pg from 'pg';
import { migrate, migrationsOnDisk } from '../migrate.ts';
import { sharedCluster } from './cluster.ts';

export const TEMPLATE_PREFIX = 'template_';
export const DATABASE_PREFIX = 'test_';
const OWNER = 'hostmaster';
const OWNER_PASSWORD = 'test';
const rolePasswords = { worker: 'test', web: 'test' };
/** Any constant: the advisory lock under which one process builds the template and the others wait. */
const TEMPLATE_LOCK = 7_041_776;

export type TestDatabase = {
  /** Connects as the unprivileged owner, for a test's own hands. */
  readonly url: string;
  /** Connects as the portal does, and as the worker does. */
  readonly webUrl: string;
  readonly workerUrl: string;
  /** Connects to the same database as superuser, for what a test must do behind the application's back. */
  readonly adminUrl: string;
  drop(): Promise<void>;
};

async function withAdmin<T>(clusterUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: clusterUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function urlOf(clusterUrl: string, database: string, role?: { name: string; password: string }): string {
  const url = new URL(clusterUrl);
  url.pathname = `/${database}`;
  if (role) {
    url.username = role.name;
    url.password = role.password;
  }
  return url.href;
}

const ownerUrl = (clusterUrl: string, database: string): string => urlOf(clusterUrl, database, { name: OWNER, password: OWNER_PASSWORD });

async function exists(client: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  return rowCount === 1;
}

/** A server given by HOSTMASTER_TEST_POSTGRES does not have the role yet. */
async function ensureOwner(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [OWNER]);
  if (!rowCount) await client.query(`CREATE ROLE ${OWNER} LOGIN CREATEDB PASSWORD '${OWNER_PASSWORD}'`);
}

/** The name of the migrated template, built when this schema has none yet. */
async function ensureTemplate(clusterUrl: string, client: pg.Client): Promise<string> {
  const schema = createHash('sha256')
    .update(JSON.stringify([migrationsOnDisk(), tableAccess, rowSecurity]))
    .digest('hex')
    .slice(0, 16);
  const template = `${TEMPLATE_PREFIX}${schema}`;
  if (await exists(client, template)) return template;
  await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    if (await exists(client, template)) return template;
    await ensureOwner(client);
    // Built under another name and renamed when complete: a template is never seen half migrated.
    const unfinished = `${DATABASE_PREFIX}unfinished_${schema}`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${unfinished} OWNER ${OWNER}`);
    await migrate(ownerUrl(clusterUrl, unfinished));
    await prepareAccess(urlOf(clusterUrl, unfinished), rolePasswords);
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
    return template;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

/**
 * A fresh, migrated, empty database on the shared server, or on the one that HOSTMASTER_TEST_POSTGRES names (a
 * superuser's URL). Call in `beforeAll`, and `drop` in `afterAll`; a forgotten one is dropped at the next start.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const clusterUrl = process.env.HOSTMASTER_TEST_POSTGRES ?? (await sharedCluster());
  const database = `${DATABASE_PREFIX}${randomUUID().replaceAll('-', '')}`;
  await withAdmin(clusterUrl, async (client) => {
    const template = await ensureTemplate(clusterUrl, client);
    await client.query(`CREATE DATABASE ${database} TEMPLATE ${template} OWNER ${OWNER}`);
    // The only rights that a template does not hand on.
    await client.query([`GRANT CREATE ON DATABASE ${database} TO ${databaseRoles.worker}`, ...temporaryRights(database)].join('; '));
  });
  const url = ownerUrl(clusterUrl, database);
  return {
    url,
    webUrl: urlFor(url, 'web', rolePasswords.web),
    workerUrl: urlFor(url, 'worker', rolePasswords.worker),
    adminUrl: urlOf(clusterUrl, database),
    drop: () =>
      withAdmin(clusterUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      }),
  };
}
