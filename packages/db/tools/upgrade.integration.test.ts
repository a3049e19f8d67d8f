// What an installation has stored is still there, in its new form, after a migration that moves it.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sharedCluster } from '@hostmaster/embedded/testing/cluster';
import { DATABASE_PREFIX } from '@hostmaster/embedded/testing/database';
import pg from 'pg';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
const migrations = readdirSync(folder).filter((name) => name !== 'migration_lock.toml');
const script = (name: string): string => readFileSync(`${folder}/${name}/migration.sql`, 'utf8');

/** A database as it was just before a migration, filled, and migrated. */
async function upgraded(migration: string, fill: string, read: string): Promise<unknown[]> {
  const cluster = new URL(await sharedCluster());
  const database = `${DATABASE_PREFIX}${randomUUID().replaceAll('-', '')}`;
  const connected = async <T>(path: string, use: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: new URL(path, cluster).href });
    await client.connect();
    return use(client).finally(() => client.end());
  };
  await connected(cluster.pathname, (client) => client.query(`CREATE DATABASE ${database}`));
  try {
    return await connected(`/${database}`, async (client) => {
      for (const name of migrations.filter((each) => each < migration).sort()) await client.query(script(name));
      await client.query(fill);
      await client.query(script(migration));
      return (await client.query(read)).rows;
    });
  } finally {
    await connected(cluster.pathname, (client) => client.query(`DROP DATABASE ${database} WITH (FORCE)`));
  }
}

it('a zone keeps the server, the key and the sealed secret that it was connected with', async () => {
  const zone = `'00000000-0000-7000-8000-000000000001'`;
  const team = `'00000000-0000-7000-8000-000000000002'`;
  const rows = await upgraded(
    '20261128115000_zone_connection',
    `INSERT INTO team (id, slug, name) VALUES (${team}, 'edge', 'Edge');
     INSERT INTO zone (id, apex, view, provider, "primary", tsig_key, secret_key_id, secret_ciphertext, servers, owner_team_id)
     VALUES (${zone}, 'example.test', 'public', 'rfc2136', '{"address": "192.0.2.53", "port": 5353}',
       '{"name": "hostmaster", "algorithm": "hmac-sha256"}', 'key-1', '\\x0102', '[]', ${team});`,
    'SELECT provider, connection, secret_key_id, secret_ciphertext FROM zone',
  );
  expect(rows).toEqual([
    {
      provider: 'rfc2136',
      connection: { primary: { address: '192.0.2.53', port: 5353 }, tsig: { name: 'hostmaster', algorithm: 'hmac-sha256' } },
      secret_key_id: 'key-1',
      secret_ciphertext: Buffer.from([1, 2]),
    },
  ]);
});
