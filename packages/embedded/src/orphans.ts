// What a killed supervisor may leave running although its leash was pulled (a program that ignores SIGTERM, a kill of
// the leash too) is recorded here, so that the next start can end it. Nothing else is ever signalled: the record holds
// each process's start beside its number.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

const GRACE_MILLISECONDS = 3_000;
const POLL_MILLISECONDS = 20;

function isIdentity(value: unknown): value is ProcessIdentity {
  return typeof value === 'object' && value !== null && 'pid' in value && 'started' in value && typeof value.pid === 'number';
}

function read(file: string): ProcessIdentity[] {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(value) ? value.filter(isIdentity) : [];
  } catch {
    return []; // none yet, or cut short by the kill: the leash is the first line of defence
  }
}

/** Remembers the processes of this supervisor in `file`. */
export function recordProcesses(file: string): (process: ProcessIdentity) => void {
  let recorded: ProcessIdentity[] = [];
  return (process) => {
    recorded = [...recorded.filter(isRunning), process];
    writeFileSync(`${file}.new`, JSON.stringify(recorded), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
}

/** Ends what an earlier supervisor recorded in `file` and that still runs. The caller holds the folder's lock. */
export async function endOrphans(file: string): Promise<number> {
  const orphans = read(file).filter(isRunning);
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const orphan of orphans.filter(isRunning)) process.kill(orphan.pid, signal);
  };
  signalAll('SIGTERM');
  const deadline = Date.now() + GRACE_MILLISECONDS;
  while (orphans.some(isRunning) && Date.now() < deadline) await delay(POLL_MILLISECONDS);
  signalAll('SIGKILL');
  while (orphans.some(isRunning)) await delay(POLL_MILLISECONDS);
  return orphans.length;
}
