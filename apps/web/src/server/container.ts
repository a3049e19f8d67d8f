// What web holds: the database, a clock, the worker's public key, and what the kinds of DNS providers, issuers and destinations say of themselves.
// No provider, no issuer, no destination, no key that opens anything.
import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { createSealer } from '@hostmaster/adapters/keys/sealer';
import { systemClock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Sealer } from '@hostmaster/core/pki/key-store';
import { type Db, openDb } from '@hostmaster/db/client';
import type { Door } from '@hostmaster/http/door';
import { createTurns } from '@hostmaster/http/in-turn';
import type { SealingCtx } from '@hostmaster/usecases/context';
import { type Logger, pino } from 'pino';
import { type Env, env } from './env.ts';
import { createSignInLog, type SignInLog } from './sign-in-log.ts';

export { destinationKinds, dnsProviderKinds, issuerKinds };

/** Longer than any statement takes that works; nobody who looks at a page waits longer for a database that stands still. */
const queryMilliseconds = 10_000;

export type Container = {
  readonly env: Env;
  readonly log: Logger;
  readonly signInLog: SignInLog;
  readonly door: Door;
  /** A use case's context but for the actor. */
  readonly parts: Omit<SealingCtx, 'actor'>;
};

export function createContainer(environment: Env): Container {
  const { publicUrl, requestsPerMinute } = environment;
  const db = openDb(environment.databaseUrl, { connections: environment.databaseConnections, acting: true, queryMilliseconds });
  const log = pino({ name: 'web', level: environment.logLevel });
  return {
    env: environment,
    log,
    signInLog: createSignInLog(log, systemClock),
    door: { db, clock: systemClock, log, publicUrl, requestsPerMinute, inTurn: createTurns() },
    parts: {
      db,
      clock: systemClock,
      dnsProviders: dnsProviderKinds,
      issuerKinds,
      destinationKinds,
      installation: { publicUrl },
      sealer: sealerToWorker(db),
    },
  };
}

/** Seals to the newest key of the worker, looked up each time: sealing is rare, and keys rotate. */
const sealerToWorker = (db: Db): Sealer => ({
  seal: async (plaintext, context) => {
    const key = await db.workerKey.findFirst({ orderBy: { createdAt: 'desc' }, select: { publicKey: true } });
    if (key === null) throw new HostmasterError('unavailable', 'The worker has not made its key yet.', { retryAfter: 5 });
    return (await createSealer(key.publicKey)).seal(plaintext, context);
  },
});

const shared = globalThis as { hostmasterContainer?: Container };

/** One per process, however often the bundler instantiates this module. */
export function container(): Container {
  shared.hostmasterContainer ??= createContainer(env());
  return shared.hostmasterContainer;
}
