import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './port.ts';
import { type Postgres, type PostgresOptions, startPostgres } from './postgres.ts';
import { startOf } from './process-identity.ts';

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hostmaster-postgres-test-'));
  let options: PostgresOptions;
  let server: Postgres | undefined;

  beforeAll(async () => {
    options = {
      directory: join(folder, 'pg'),
      port: await freePort(),
      database: 'hostmaster',
      superuserPassword: 'p@ss/word',
      ownerPassword: 'own/er',
      durability: 'test',
    };
    server = await startPostgres(options);
    await query(server.url, 'CREATE TABLE kept (n int)');
    await query(server.url, 'INSERT INTO kept VALUES (42)');
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the application a role that owns its database and is no superuser', async () => {
    const rows = await query(server?.url ?? '', 'SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user');
    expect(rows).toEqual([{ rolname: 'hostmaster', rolsuper: false, rolcreatedb: true }]);
  });

  it('lets nobody in without the password', async () => {
    const url = new URL(server?.url ?? '');
    url.password = 'wrong';
    await expect(query(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('leaves no process behind after stop, and keeps the data', async () => {
    const pid = server?.pid ?? 0;
    await server?.stop();
    expect(startOf(pid)).toBeUndefined();
    expect(existsSync(join(options.directory, 'postmaster.pid'))).toBe(false);
    server = await startPostgres(options);
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('starts again after kill -9', async () => {
    await server?.kill();
    server = await startPostgres(options);
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('ends the server that a killed supervisor left running, and takes its place', async () => {
    const orphan = server;
    server = await startPostgres({ ...options, port: await freePort() });
    await orphan?.ended;
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('is not stopped by a pid file whose number belongs to another program now', async () => {
    await server?.stop();
    writeFileSync(
      join(options.directory, 'postmaster.pid'),
      `${process.pid}\n${options.directory}\n1\n${options.port}\n\n127.0.0.1\n\nready\n`,
    );
    server = await startPostgres(options);
    expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('begins anew after a kill in the middle of making the folder', async () => {
    const directory = join(folder, 'second');
    mkdirSync(`${directory}.unfinished`);
    writeFileSync(join(`${directory}.unfinished`, 'PG_VERSION'), '18\n');
    const second = await startPostgres({ ...options, directory, port: await freePort() });
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it('names the port when it is taken', async () => {
    const holder = createServer();
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, '127.0.0.1', () => {
        const address = holder.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const start = startPostgres({ ...options, directory: join(folder, 'third'), port });
    await expect(start).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(`Port ${port} .*PostgreSQL`) });
    await new Promise((resolve) => holder.close(resolve));
  });
});
