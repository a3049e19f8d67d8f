// The PostgreSQL of `npm start`, started again when it dies: the portal and the worker reconnect by themselves.
import { setTimeout as delay } from 'node:timers/promises';
import { type Postgres, type PostgresOptions, startPostgres } from './postgres.ts';

const LAST_BACKOFF_MILLISECONDS = 10_000;

export type KeptPostgres = Pick<Postgres, 'url' | 'adminUrl'> & { stop(): Promise<void> };

/** @param log hears of every death and restart */
export async function keepPostgres(options: PostgresOptions, log: (line: string) => void): Promise<KeptPostgres> {
  let stopping = false;
  let server: Postgres = await startPostgres(options);
  const { url, adminUrl } = server;

  const watch = async (): Promise<void> => {
    while (!stopping) {
      await server.ended;
      for (let backoff = 100; !stopping; backoff = Math.min(2 * backoff, LAST_BACKOFF_MILLISECONDS)) {
        log('PostgreSQL ended; starting it again');
        try {
          server = await startPostgres(options);
          break;
        } catch (error) {
          log(`PostgreSQL does not start: ${error instanceof Error ? error.message : String(error)}`);
          await delay(backoff, undefined, { ref: false });
        }
      }
    }
  };
  const watching = watch();
  return {
    url,
    adminUrl,
    stop: async () => {
      stopping = true;
      await server.stop();
      await watching;
      await server.stop(); // a restart that was under way
    },
  };
}
