// A whole world for one test suite: a database of its own, a real authoritative server, an edge, the demo organisation, and
// the worker's context over them. Operations are run in this process unless a test starts real workers.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkerKeyStore } from '@hostmaster/adapters/keys/key-store';
import { systemClock } from '@hostmaster/core/clock';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { actingDb } from '@hostmaster/db/acting';
import { type Db, openDb } from '@hostmaster/db/client';
import { type Edge, startEdge } from '@hostmaster/embedded/edge';
import { createTestDatabase } from '@hostmaster/embedded/testing/database';
import { type DnsServer, type DnsServerOptions, smallZone, startDnsServer } from '@hostmaster/embedded/testing/dns-servers';
import type { Ctx, Log, WorkerCtx } from '@hostmaster/usecases/context';
import { prepareInstallation } from '@hostmaster/usecases/installation/prepare';
import { seedDemo } from '@hostmaster/usecases/installation/seed-demo';
import { buildersOn } from '@hostmaster/usecases/testing/builders';
import { type Demo, demoOn, zoneApex } from '@hostmaster/usecases/testing/demo';
import { createWorkerCtx } from '../container.ts';
import { type Env, readEnv } from '../env.ts';
import { openKeyStore } from '../keys.ts';

export { zoneApex };

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

export type World = Demo & {
  /** As the owner, for what a test does behind the back of both processes. */
  readonly db: Db;
  readonly databaseUrl: string;
  readonly adminUrl: string;
  readonly env: Env;
  readonly keyStore: WorkerKeyStore;
  readonly worker: WorkerCtx;
  readonly server: DnsServer;
  readonly tsig: { readonly name: string; readonly algorithm: 'hmac-sha256'; readonly secret: string };
  readonly edge: Edge;
  readonly folder: string;
  /** What the portal hands to a use case for somebody. */
  ctxFor(actor: Actor): Ctx;
  close(): Promise<void>;
};

export const environmentOf = (
  databaseUrl: string,
  kek: string,
  edgeDirectory: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  HOSTMASTER_KEK: kek,
  HOSTMASTER_PUBLIC_URL: 'http://127.0.0.1:3000',
  HOSTMASTER_EDGE_DIRECTORY: edgeDirectory,
  WORKER_PORT: '0',
  LOG_LEVEL: 'warn',
  ...more,
});

/** The three ways into one database: a test's own hands, the worker's role, the portal's. */
type Urls = { readonly url: string; readonly workerUrl: string; readonly webUrl: string; readonly adminUrl: string };

type WorldOptions = {
  readonly database?: Urls;
  readonly bind?: DnsServerOptions['bind'];
  /** What the worker's environment has beside what every one has. */
  readonly environment?: Readonly<Record<string, string>>;
};

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'hostmaster-world-'));
  const own = options.database === undefined ? await createTestDatabase() : null;
  const database = options.database ?? own;
  if (database === null) throw new TypeError('unreachable: one of the two is there');
  const kek = randomBytes(32).toString('base64');
  const env = readEnv(environmentOf(database.workerUrl, kek, join(folder, 'edge'), options.environment));
  const tsig = { name: 'hostmaster', algorithm: 'hmac-sha256' as const, secret: randomBytes(32).toString('base64') };
  const server = await startDnsServer('bind', {
    zones: { [zoneApex]: smallZone(zoneApex) },
    tsig,
    ...(options.bind === undefined ? {} : { bind: options.bind }),
  });
  const edge = await startEdge({ directory: join(folder, 'edge'), address: '127.0.0.1', port: 0 });
  const [db, workerDb, webDb] = [openDb(database.url), openDb(database.workerUrl), openDb(database.webUrl, { acting: true })];
  const keyStore = await openKeyStore(workerDb, env);
  const worker = createWorkerCtx(env, workerDb, keyStore, silent);
  await prepareInstallation(worker);
  // Its edge reads the directory.
  await buildersOn(db, systemClock).worker(undefined, true);
  await seedDemo(
    { ...worker, db, sealer: keyStore },
    {
      zone: zoneApex,
      nameserver: { address: server.address, port: server.port },
      edgePort: edge.port,
      tsig,
    },
  );
  const { dnsProviders, issuerKinds, destinationKinds, installation } = worker;
  const ctxFor = (actor: Actor): Ctx => ({
    actor,
    db: actingDb(webDb, actor),
    clock: systemClock,
    dnsProviders,
    issuerKinds,
    destinationKinds,
    installation,
  });
  const world: World = {
    ...demoOn(db, worker, ctxFor),
    db,
    databaseUrl: database.workerUrl,
    adminUrl: database.adminUrl,
    env,
    keyStore,
    worker,
    server,
    tsig,
    edge,
    folder,
    ctxFor,
    close: async () => {
      await keyStore.close();
      await Promise.all([db, workerDb, webDb].map((client) => client.$disconnect()));
      await edge.close();
      await server.stop();
      await own?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await world.runDue();
  return world;
}
