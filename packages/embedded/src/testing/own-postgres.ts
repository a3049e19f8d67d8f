// A PostgreSQL of its own for a test that stops, restarts or crashes it; everybody else shares one (database.ts).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareAccess, urlFor } from '@hostmaster/db/access';
import { migrate } from '../migrate.ts';
import { freePort } from '../port.ts';
import { type Postgres, type PostgresOptions, startPostgres } from '../postgres.ts';

export type OwnPostgres = {
  /** As the owner; the URLs stay the same across restarts. */
  readonly url: string;
  readonly workerUrl: string;
  readonly webUrl: string;
  readonly adminUrl: string;
  /** Starts it again after `stop` or `crash`. */
  start(): Promise<void>;
  /** As an administrator's restart: open transactions roll back, clients see 57P01. */
  stop(): Promise<void>;
  /** As an out-of-memory kill: SIGKILL, recovery at the next start. */
  crash(): Promise<void>;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
};

const rolePasswords = { worker: 'test', web: 'test' };

/** Starts a server on a free port with a migrated, empty database. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'hostmaster-postgres-'));
  const options: PostgresOptions = {
    directory: join(folder, 'data'),
    port: await freePort(),
    database: 'hostmaster',
    superuserPassword: 'test',
    ownerPassword: 'test',
    durability: 'test',
  };
  let server: Postgres = await startPostgres(options);
  const { url, adminUrl } = server;
  const remove = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await migrate(url);
    await prepareAccess(adminUrl, rolePasswords);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url,
    adminUrl,
    webUrl: urlFor(url, 'web', rolePasswords.web),
    workerUrl: urlFor(url, 'worker', rolePasswords.worker),
    start: async () => {
      server = await startPostgres(options);
    },
    stop: () => server.stop(),
    crash: () => server.kill(),
    remove,
  };
}
