// The PostgreSQL server that all tests of this checkout share. The first test process that needs it starts the keeper
// (cluster-main.ts), which runs the server and ends both when nobody has held a lease for a while. A lease is a database
// connection, so a killed test run gives its own back without doing anything.
import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type FolderLock, waitForFolderLock } from '../folder-lock.ts';
import { repositoryRoot } from '../repository.ts';

export const LEASE_NAME = 'hostmaster-test-lease';
const START_MILLISECONDS = 300_000;
const POLL_MILLISECONDS = 20;

/** Inside node_modules: ignored by git, and gone with an `npm ci`. */
export const clusterFolder = (): string => join(repositoryRoot(), 'node_modules', '.cache', 'hostmaster-test-postgres');
/** Holds the superuser's URL while the server runs. */
export const announcementOf = (folder: string): string => join(folder, 'url');

export const lockCluster = (folder: string): Promise<FolderLock> =>
  waitForFolderLock(folder, 'lock', AbortSignal.timeout(START_MILLISECONDS));

/** What this process holds, once it does: one lease is enough for however many databases. */
let held: string | undefined;

async function lease(folder: string): Promise<string | undefined> {
  if (held !== undefined) return held;
  let url: string;
  try {
    url = readFileSync(announcementOf(folder), 'utf8').trim();
  } catch {
    return undefined;
  }
  const socket = new Socket();
  const client = new pg.Client({ connectionString: url, application_name: LEASE_NAME, stream: () => socket });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch {
    return undefined; // left by a killed keeper
  }
  socket.unref(); // held until this process ends, and never the reason that it does not
  client.on('end', () => {
    held = undefined;
  });
  held = url;
  return url;
}

async function startKeeper(folder: string): Promise<string> {
  const log = join(folder, 'keeper.log');
  const out = openSync(log, 'w', 0o600);
  const main = fileURLToPath(new URL('./cluster-main.ts', import.meta.url));
  const keeper = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, folder], {
    stdio: ['ignore', out, out],
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  keeper.unref();
  const deadline = Date.now() + START_MILLISECONDS;
  while (keeper.exitCode === null && Date.now() < deadline) {
    const url = await lease(folder);
    if (url) return url;
    await delay(POLL_MILLISECONDS);
  }
  throw new Error(`the PostgreSQL for tests did not start: ${readFileSync(log, 'utf8').trim() || 'no reason given'}`);
}

/**
 * The superuser's URL of the shared server, started when it does not run. Stays up as long as this process.
 * @throws Error when it cannot be started
 */
export async function sharedCluster(): Promise<string> {
  const folder = clusterFolder();
  const running = await lease(folder);
  if (running) return running;
  const lock = await lockCluster(folder);
  try {
    return (await lease(folder)) ?? (await startKeeper(folder));
  } finally {
    lock.release();
  }
}
