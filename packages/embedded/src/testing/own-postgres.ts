// A PostgreSQL of its own for a test that stops, restarts or crashes it; everybody else shares one (database.ts).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../migrate.ts';
import { freePort } from '../port.ts';
import { type Postgres, type PostgresOptions, startPostgres } from '../postgres.ts';

export type OwnPostgres = {
  /** Stays the same across restarts. */
  readonly url: string;
  /** Starts it again after `stop` or `crash`. */
  start(): Promise<void>;
  /** As an administrator's restart: open transactions roll back, clients see 57P01. */
  stop(): Promise<void>;
  /** As an out-of-memory kill: SIGKILL, recovery at the next start. */
  crash(): Promise<void>;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
};

/** Starts a server on a free port with a migrated, empty database. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'hostmaster-postgres-'));
  const options: PostgresOptions = {
    directory: join(folder, 'data'),
    port: await freePort(),
    database: 'hostmaster',
    password: 'test',
    durability: 'test',
  };
  let server: Postgres = await startPostgres(options);
  const { url } = server;
  const remove = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await migrate(url);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url,
    start: async () => {
      server = await startPostgres(options);
    },
    stop: () => server.stop(),
    crash: () => server.kill(),
    remove,
  };
}
