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

it('a certificate keeps its order, and the key that is wrapped for its serial; what was never issued is an order alone', async () => {
  const uuid = (last: number) => `'00000000-0000-7000-8000-00000000000${last}'`;
  const certificate = (last: number, state: string, fingerprint: string) =>
    `(${uuid(last)}, ${uuid(3)}, ${uuid(4)}, '${state}', '{orders.example.test}', 'AA0${last}', 'ecdsa-p256', '\\x01', 'key-1', '\\x0${last}',
      '2026-11-01T00:00:00Z', '2027-01-30T00:00:00.5Z', '2027-01-01T00:00:00Z', ${fingerprint === '' ? 'NULL, NULL, NULL' : `'pem', '${fingerprint}', '2026-11-01T00:00:01Z'`})`;
  const rows = await upgraded(
    '20261128150000_orders',
    `INSERT INTO team (id, slug, name) VALUES (${uuid(1)}, 'edge', 'Edge');
     INSERT INTO zone (id, apex, view, provider, connection, servers, owner_team_id)
     VALUES (${uuid(2)}, 'example.test', 'public', 'rfc2136', '{}', '[]', ${uuid(1)});
     INSERT INTO endpoint (id, hostname, view, skeleton, zone_id, team_id, environment, state, revision)
     VALUES (${uuid(3)}, 'orders.example.test', 'public', 'orders.example.test', ${uuid(2)}, ${uuid(1)}, 'dev', 'live', 1);
     INSERT INTO issuer (id, slug, kind, name, chain_pem, profile) VALUES (${uuid(4)}, 'internal-ca-1', 'internal-ca', 'Internal CA', '', '{"name": "server"}');
     INSERT INTO certificate (id, endpoint_id, issuer_id, state, names, serial, key_algorithm, csr, key_id, key_ciphertext, not_before,
       not_after, renew_after, chain_pem, fingerprint, issued_at)
     VALUES ${certificate(5, 'served', 'ff')}, ${certificate(6, 'ordered', '')}, ${certificate(7, 'revoked', '')}, ${certificate(8, 'failed', '')};`,
    `SELECT o.state AS "order", o.key_label AS label, o.key_ciphertext AS key, o.resume, c.state::text, c.serial, c.fingerprint, i.profile
       FROM certificate_order o JOIN issuer i ON i.id = o.issuer_id LEFT JOIN certificate c ON c.order_id = o.id ORDER BY o.id`,
  );
  const resume = (serial: string) => ({ serial, notBefore: '2026-11-01T00:00:00.000Z', notAfter: '2027-01-30T00:00:00.500Z' });
  const none = { state: null, serial: null, fingerprint: null, profile: 'server' };
  const order = (last: number) => ({ label: `AA0${last}`, key: Buffer.from([last]), resume: resume(`AA0${last}`) });
  expect(rows).toEqual([
    { order: 'issued', ...order(5), state: 'served', serial: 'AA05', fingerprint: 'ff', profile: 'server' },
    { order: 'open', ...order(6), ...none },
    { order: 'abandoned', ...order(7), ...none },
    { order: 'refused', ...order(8), ...none },
  ]);
});
