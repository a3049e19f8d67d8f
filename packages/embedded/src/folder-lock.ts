// One holder per folder, surviving kill -9 of the holder: the lock file names the process that holds it (pid and start),
// and a lock whose process is gone is taken over. Used for the data folder of `npm start` and for the test cluster.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HostmasterError } from '@hostmaster/core/errors';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

const POLL_MILLISECONDS = 20;

export type FolderLock = { release(): void };

function holderOf(file: string): ProcessIdentity | undefined {
  try {
    const [pid, started] = readFileSync(file, 'utf8').split('\n');
    return { pid: Number(pid), started: started ?? '' };
  } catch {
    return undefined;
  }
}

function tryLock(file: string): FolderLock | undefined {
  const me = identityOf(process.pid);
  if (!me) throw new HostmasterError('internal', 'this process cannot see itself in the process table');
  const text = `${me.pid}\n${me.started}\n`;
  const own = `${file}.of-${me.pid}`;
  try {
    // Of two processes only one makes the link, and it is there with its text at once: a lock that is still empty reads as stale.
    writeFileSync(own, text, { mode: 0o600 });
    linkSync(own, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const holder = holderOf(file);
    if (holder && isRunning(holder)) return undefined;
    // Renaming, not removing: of several processes that find the same stale lock, only one succeeds, and the others
    // cannot remove the lock that the winner has made meanwhile.
    const stale = `${file}.stale-${me.pid}`;
    try {
      renameSync(file, stale);
    } catch {
      return undefined;
    }
    const renamed = holderOf(stale);
    if (renamed && isRunning(renamed)) {
      // Somebody took over between our look and our rename: give it back.
      renameSync(stale, file);
      return undefined;
    }
    rmSync(stale, { force: true });
    return tryLock(file);
  } finally {
    rmSync(own, { force: true });
  }
  return {
    release: () => {
      if (readFileSync(file, 'utf8') === text) unlinkSync(file);
    },
  };
}

/**
 * Locks `folder` (made if missing) for this process.
 * @throws HostmasterError `unavailable` naming the pid of a living holder
 */
export function lockFolder(folder: string, name = 'lock'): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name);
  const lock = tryLock(file);
  if (lock) return lock;
  throw new HostmasterError('unavailable', `the folder ${folder} is in use by process ${holderOf(file)?.pid ?? '(just ended)'}`);
}

/** As `lockFolder`, but waits for the holder until `signal` fires. */
export async function waitForFolderLock(folder: string, name: string, signal: AbortSignal): Promise<FolderLock> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (;;) {
    const lock = tryLock(join(folder, name));
    if (lock) return lock;
    await delay(POLL_MILLISECONDS, undefined, { signal });
  }
}
