// Moves nudges from the outbox to the queue: woken by NOTIFY, polling as a safety net.

import type { Db } from '@hostmaster/db/client';
import { outboxChannel, relayOutbox } from '@hostmaster/db/outbox';
import type { Log } from '@hostmaster/usecases/context';
import pg from 'pg';
import type { JobQueue } from './queue.ts';

const batch = 100;
/** Whoever listens is woken; a look in between finds what no NOTIFY told of. */
const pollMilliseconds = 5000;
const againMilliseconds = 1000;
const connectMilliseconds = 5000;

export type Relay = { stop(): Promise<void> };

/** Relays until stopped. A lost database is waited for; nothing is lost meanwhile, because the rows stay. */
export function startRelay(db: Db, databaseUrl: string, queue: JobQueue, log: Log): Relay {
  let stopped = false;
  let wake = (): void => {};
  let listener: pg.Client | null = null;

  const listen = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: connectMilliseconds, keepAlive: true });
    client.on('error', (error) => {
      log.warn({ error: error.message }, 'The relay lost its listening connection; it polls until it is back.');
      listener = null;
      wake();
    });
    client.on('notification', () => wake());
    try {
      await client.connect();
      await client.query(`LISTEN ${outboxChannel}`);
      listener = client;
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
  };

  const loop = async (): Promise<void> => {
    while (!stopped) {
      // Before looking, so that a nudge written while we look is not slept through.
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      let pause = pollMilliseconds;
      try {
        if (listener === null) await listen();
        const relayed = await relayOutbox(db, batch, async (rows) => {
          await queue.addBulk(rows.map(({ id, job, payload }) => ({ name: job, data: payload, opts: { jobId: id } })));
        });
        if (relayed > 0) continue;
      } catch (error) {
        log.warn({ error: error instanceof Error ? error.message : String(error) }, 'The relay could not work; it tries again.');
        pause = againMilliseconds;
      }
      if (!stopped) await Promise.race([woken, new Promise((resolve) => setTimeout(resolve, pause))]);
    }
  };

  const running = loop();
  return {
    stop: async () => {
      stopped = true;
      wake();
      await running;
      await listener?.end().catch(() => {});
    },
  };
}
