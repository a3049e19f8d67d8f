// A database, a clock and contexts for tests of use cases: real Postgres, time that stands still until moved.
import { createCipheriv, randomBytes } from 'node:crypto';
import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { fixedClock } from '@hostmaster/core/clock';
import type { Sealer } from '@hostmaster/core/pki/key-store';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { actingDb } from '@hostmaster/db/acting';
import { type Db, openDb } from '@hostmaster/db/client';
import { createTestDatabase } from '@hostmaster/embedded/testing/database';
import type { Ctx, SealingCtx } from '../context.ts';
import { type Builders, buildersOn } from './builders.ts';

export type Harness = {
  readonly db: Db;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly build: Builders;
  /** How many statements the work sends to the database. */
  countQueries(work: () => Promise<unknown>): Promise<number>;
  /** Superuser's URL, for what a test must do behind the application's back. */
  readonly adminUrl: string;
  ctxFor(actor: Actor): SealingCtx;
  /** What the portal has before anybody is signed in. */
  readonly door: Pick<Ctx, 'db' | 'clock'>;
  /** What the sweeps of a worker have: its role, and nobody who asks. */
  readonly worker: Pick<Ctx, 'db' | 'clock'>;
  /** Closes the connections and drops the database. */
  close(): Promise<void>;
};

export const harnessStart = new Date('2026-11-20T12:00:00Z');

/** Seals under a key that nobody keeps, as web does: what went in cannot be read back here. */
function forgetfulSealer(): Sealer {
  return {
    async seal(plaintext, context) {
      const cipher = createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));
      cipher.setAAD(Buffer.from(context));
      return { keyId: 'test', ciphertext: Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]) };
    },
  };
}

/** Call in `beforeAll`, and `close` in `afterAll`. */
export async function createHarness(): Promise<Harness> {
  const database = await createTestDatabase();
  let queries = 0;
  const onQuery = () => {
    queries += 1;
  };
  const db = openDb(database.url, { connections: 5, onQuery });
  // What a use case does for the portal, it does with the portal's role.
  const web = openDb(database.webUrl, { connections: 5, acting: true, onQuery });
  const worker = openDb(database.workerUrl, { connections: 5, onQuery });
  const clock = fixedClock(harnessStart);
  const build = buildersOn(db, clock);
  // Where a test is about one that does not work, it says so.
  await build.worker();
  const sealer = forgetfulSealer();
  return {
    db,
    clock,
    build,
    async countQueries(work) {
      const before = queries;
      await work();
      return queries - before;
    },
    adminUrl: database.adminUrl,
    ctxFor: (actor) => ({
      actor,
      db: actingDb(web, actor),
      clock,
      dnsProviders: dnsProviderKinds,
      issuerKinds,
      destinationKinds,
      sealer,
      installation: { publicUrl: 'http://127.0.0.1:3000' },
    }),
    door: { db: web, clock },
    worker: { db: worker, clock },
    async close() {
      await Promise.all([db.$disconnect(), web.$disconnect(), worker.$disconnect()]);
      await database.drop();
    },
  };
}
