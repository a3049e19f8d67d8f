// The supervisor behind `npm start`: brings a whole Hostmaster up on loopback and ends it again. In order: the folder's
// lock, PostgreSQL, migrations, the name server and the TLS edge (in this process), the worker and the portal (programs
// of their own), the demo. Everything it starts ends with it, also by kill -9 (leash.ts), and what might not is ended by
// the next start (orphans.ts).
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HostmasterError } from '@hostmaster/core/errors';
import { prepareAccess } from '@hostmaster/db/access';
import { type DemoAccess, readAccess, terminalBlock, writeAnnouncement } from './announcement.ts';
import { type Child, superviseChild } from './child.ts';
import { prepareDemo } from './demo.ts';
import { startEdge } from './edge.ts';
import { readEnv } from './env.ts';
import { fetchWithin } from './fetch-within.ts';
import { prepareFirstAdmin } from './first-admin.ts';
import { lockFolder } from './folder-lock.ts';
import { keepPostgres } from './kept-postgres.ts';
import { migrate } from './migrate.ts';
import { startNameserver } from './nameserver/nameserver.ts';
import { endOrphans, recordProcesses } from './orphans.ts';
import { type Ports, portsFrom, requireFreePorts } from './port.ts';
import { isRunning, starterOf } from './process-identity.ts';
import { portalProgram, workerProgram } from './programs.ts';
import { loadSecrets } from './secrets.ts';

export type StartOptions = {
  /** The repository. */
  readonly root: string;
  /** The portal's port; the others follow from it. */
  readonly port: number;
  /** Absolute path of the folder that keeps everything. */
  readonly data: string;
  readonly reset: boolean;
  readonly demo: boolean;
  readonly dev: boolean;
  /** How many, 1 to 16: their health pages lie one after the other before the name server's port. */
  readonly workers: number;
};

const LOOPBACK = '127.0.0.1';
const DEMO_ZONE = 'example.test';
const DEMO_NAME = `shop.dev.${DEMO_ZONE}`;
const TSIG_NAME = 'hostmaster-embedded.';
const FETCH_MILLISECONDS = 5_000;
const DEMO_LIVE_MILLISECONDS = 20_000;
const POLL_MILLISECONDS = 25;
const STARTER_POLL_MILLISECONDS = 1_000;

function pathsIn(data: string) {
  return {
    postgres: join(data, 'postgres'),
    secrets: join(data, 'secrets'),
    nameserver: join(data, 'nameserver'),
    edge: join(data, 'edge'),
    logs: join(data, 'logs'),
    processes: join(data, 'processes.json'),
    rootCertificate: join(data, 'root.pem'),
    announcement: join(data, 'start.json'),
  };
}

type Paths = ReturnType<typeof pathsIn>;

/** Removes what earlier starts made, by name: whoever points --data at a folder of their own loses nothing of theirs. */
function reset(paths: Paths): void {
  for (const path of [...Object.values(paths), `${paths.postgres}.log`, `${paths.postgres}.unfinished`]) {
    rmSync(path, { recursive: true, force: true });
  }
}

/** @param ownPostgres whether PostgreSQL is ours: one that DATABASE_URL names has its port */
async function requirePorts(ports: Ports, workers: number, ownPostgres: boolean): Promise<void> {
  const wanted: [number, string][] = [
    [ports.portal, 'the portal'],
    ...range(workers).map((at): [number, string] => [ports.workerHealth + at, `the health page of worker ${at + 1}`]),
    [ports.nameserver, 'the name server'],
    [ports.edge, 'the TLS edge'],
  ];
  if (ownPostgres) wanted.push([ports.postgres, 'PostgreSQL']);
  const database = ownPostgres ? ' With DATABASE_URL set, none is wanted for PostgreSQL.' : '';
  await requireFreePorts(wanted, `Stop that program, or choose other ports with --port N (all five follow from it).${database}`);
}

/** Collects how to end what was started, and ends it once, last first. */
function createEnding() {
  const ends: (() => Promise<void> | void)[] = [];
  let wanted = false;
  return {
    add: (end: () => Promise<void> | void): void => void ends.push(end),
    want: (): void => {
      wanted = true;
    },
    /** Between two steps of the start, so that a Ctrl-C does not wait for all of them. */
    throwIfWanted: (): void => {
      if (wanted) throw new HostmasterError('unavailable', 'stopped while starting');
    },
    isWanted: (): boolean => wanted,
    run: async (): Promise<void> => {
      for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
    },
  };
}

type Ending = ReturnType<typeof createEnding>;

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function timed<T>(name: string, ending: Ending, work: () => Promise<T> | T): Promise<T> {
  ending.throwIfWanted();
  const began = performance.now();
  const result = await work();
  say(`✓ ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return result;
}

async function saveRootCertificate(portal: string, file: string): Promise<void> {
  const { status, text } = await fetchWithin(`${portal}/pki/root.pem`, FETCH_MILLISECONDS);
  if (status !== 200) throw new HostmasterError('unavailable', `the portal has no root certificate (${status}): ${text.slice(0, 200)}`);
  writeFileSync(file, text, { mode: 0o644 });
}

/** So that the two lines to try, printed next, work at once. Without it they work a moment later. */
async function demoIsLive(edgeDirectory: string): Promise<void> {
  const deadline = Date.now() + DEMO_LIVE_MILLISECONDS;
  while (!existsSync(join(edgeDirectory, DEMO_NAME, 'fullchain.pem')) && Date.now() < deadline) await delay(POLL_MILLISECONDS);
}

async function bringUp(options: StartOptions, ending: Ending): Promise<void> {
  const began = performance.now();
  const env = readEnv();
  const ports = portsFrom(options.port);
  const paths = pathsIn(options.data);
  const lock = lockFolder(options.data);
  ending.add(() => lock.release());
  await endOrphans(paths.processes);
  if (options.reset) reset(paths);
  mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
  await requirePorts(ports, options.workers, !env.databaseUrl);
  const secrets = loadSecrets(paths.secrets);
  const tsig = { name: TSIG_NAME, algorithm: 'hmac-sha256' as const, secret: secrets.tsig };
  const portal = `http://${LOOPBACK}:${ports.portal}`;

  const { postgres: passwords } = secrets;
  const database = env.databaseUrl
    ? { url: env.databaseUrl, adminUrl: env.databaseUrl }
    : await timed('PostgreSQL', ending, async () => {
        const server = await keepPostgres(
          {
            directory: paths.postgres,
            port: ports.postgres,
            database: 'hostmaster',
            superuserPassword: passwords.superuser,
            ownerPassword: passwords.owner,
          },
          say,
        );
        ending.add(server.stop);
        return server;
      });
  const databaseUrl = database.url;
  await timed('migrations', ending, async () => {
    await migrate(databaseUrl);
    await prepareAccess(database.adminUrl, passwords);
  });

  await timed('name server and TLS edge', ending, async () => {
    const zone = {
      apex: DEMO_ZONE,
      nameServers: [{ name: `ns1.${DEMO_ZONE}`, address: LOOPBACK }],
      hostmaster: `hostmaster@${DEMO_ZONE}`,
    };
    const keys = [{ ...tsig, secret: new Uint8Array(Buffer.from(tsig.secret, 'base64')) }];
    const zones = options.demo ? [zone] : [];
    const nameserver = await startNameserver({ directory: paths.nameserver, address: LOOPBACK, port: ports.nameserver, keys, zones });
    ending.add(nameserver.stop);
    mkdirSync(paths.edge, { recursive: true, mode: 0o700 });
    const edge = await startEdge({ directory: paths.edge, address: LOOPBACK, port: ports.edge });
    ending.add(edge.close);
  });

  await timed('portal and worker', ending, async () => {
    const programs = { ...options, env, secrets, ports, databaseUrl, publicUrl: portal, edgeDirectory: paths.edge, logs: paths.logs };
    const onStart = recordProcesses(paths.processes);
    const children: Child[] = [];
    const begin = async (...wanted: Parameters<typeof superviseChild>[0][]): Promise<void> => {
      const begun = wanted.map(superviseChild);
      children.push(...begun);
      await Promise.all(begun.map((child) => child.ready()));
    };
    ending.add(async () => {
      await Promise.all(children.map((child) => child.stop()));
    });
    // The first makes the installation's keys; the others find them.
    await begin({ ...workerProgram(programs), onStart }, { ...portalProgram(programs), onStart });
    await begin(...range(options.workers - 1).map((at) => ({ ...workerProgram(programs, at + 2), onStart })));
    await saveRootCertificate(portal, paths.rootCertificate);
  });

  const nameserver = { address: LOOPBACK, port: ports.nameserver };
  let access: DemoAccess;
  if (options.demo) {
    access = await timed('demo', ending, async () => {
      const world = { databaseUrl, publicUrl: portal, zone: DEMO_ZONE, nameserver, edgePort: ports.edge, tsig };
      const seeded = await prepareDemo(world, readAccess(paths.announcement));
      await demoIsLive(paths.edge);
      return seeded;
    });
  } else {
    const known = readAccess(paths.announcement)?.signIns ?? null;
    access = { signIns: await prepareFirstAdmin(databaseUrl, portal, known), tokens: {} };
  }
  const announcement = {
    portal,
    api: `${portal}/api/v1`,
    nameserver,
    edge: { address: LOOPBACK, port: ports.edge },
    rootCertificate: paths.rootCertificate,
    database: env.databaseUrl ? null : databaseUrl,
    ...access,
  };
  writeAnnouncement(paths.announcement, announcement);
  ending.throwIfWanted();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(terminalBlock(announcement, options.demo ? DEMO_NAME : null, { logs: paths.logs, seconds }));
}

/**
 * Brings everything up and returns when it runs; from then on this process lives until SIGINT, SIGTERM or SIGHUP.
 * @throws HostmasterError with what to do, after ending what had been started
 */
export async function start(options: StartOptions): Promise<void> {
  const ending = createEnding();
  let running: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    if (ending.isWanted()) return;
    ending.want();
    say('\nEnding …');
    await running?.catch(() => {});
    await ending.run();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
  // A killed npm does not tell the program it runs; without this the instance would live on, unseen, with its ports.
  const starter = readEnv().startedByNpm ? starterOf(process.pid) : undefined;
  if (starter) setInterval(() => isRunning(starter) || void end(), STARTER_POLL_MILLISECONDS).unref();

  running = bringUp(options, ending);
  try {
    await running;
  } catch (error) {
    // A signal that came meanwhile ends the process itself, with its own exit code.
    if (ending.isWanted()) return await new Promise(() => {});
    await ending.run();
    throw error;
  }
}
