// One supervised program: started, watched until it answers, started again when it dies, ended with us. Its output goes
// to a file; the terminal belongs to the block that says where everything is.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { HostmasterError } from '@hostmaster/core/errors';
import { keepLogSmall, openLog } from './child-log.ts';
import { fetchWithin } from './fetch-within.ts';
import { leash } from './leash.ts';
import { identityOf, type ProcessIdentity } from './process-identity.ts';

const READY_MILLISECONDS = 60_000;
const STOP_MILLISECONDS = 15_000;
const POLL_MILLISECONDS = 25;
const ATTEMPT_MILLISECONDS = 2_000;
const FIRST_BACKOFF_MILLISECONDS = 100;
const LAST_BACKOFF_MILLISECONDS = 10_000;
/** A program that ran this long did not die of its start: the next one begins without waiting. */
const STABLE_MILLISECONDS = 30_000;

export type ChildOptions = {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
  /** Answers below 500 when the program is ready. */
  readonly readyUrl: string;
  /** Called at every start, with the process to remember for a successor that has to clean up after us. */
  readonly onStart: (process: ProcessIdentity) => void;
};

export type Child = {
  readonly name: string;
  /** Resolves when it answers. @throws HostmasterError `unavailable` with the end of its log when it never does */
  ready(): Promise<void>;
  /** SIGTERM, and SIGKILL when that does not end it in time. */
  stop(): Promise<void>;
};

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetchWithin(url, ATTEMPT_MILLISECONDS)).status < 500;
  } catch {
    return false;
  }
}

/** Starts the program (with this Node) and keeps it running until `stop`. */
export function superviseChild(options: ChildOptions): Child {
  let stopping = false;
  let backoff = FIRST_BACKOFF_MILLISECONDS;
  let current: ChildProcess;
  let ended: Promise<void>;

  const launch = (): void => {
    const began = Date.now();
    const log = openLog(options.log);
    const child = spawn(process.execPath, [...options.args], {
      cwd: options.cwd,
      env: { ...options.env },
      stdio: ['ignore', log, log],
      detached: true, // Ctrl-C is for us; we end the programs in their order
    });
    closeSync(log);
    const { pid } = child;
    const release = pid === undefined ? () => {} : leash(pid, 'TERM');
    const identity = pid === undefined ? undefined : identityOf(pid);
    if (identity) options.onStart(identity);
    current = child;
    ended = new Promise((resolve) => {
      const end = (): void => {
        release();
        resolve();
      };
      child.once('exit', end);
      child.once('error', end);
    });
    void ended.then(async () => {
      if (stopping) return;
      backoff = Date.now() - began > STABLE_MILLISECONDS ? FIRST_BACKOFF_MILLISECONDS : Math.min(backoff * 2, LAST_BACKOFF_MILLISECONDS);
      await delay(backoff, undefined, { ref: false });
      if (!stopping) launch();
    });
  };
  launch();
  const leaveLog = keepLogSmall(options.log);

  return {
    name: options.name,
    ready: async () => {
      const first = current;
      const deadline = Date.now() + READY_MILLISECONDS;
      while (!(await answers(options.readyUrl))) {
        // At the first start a death is a fault of the installation, and waiting for a restart would only hide it.
        if (hasEnded(first) || Date.now() > deadline) {
          stopping = true;
          leaveLog();
          const lines = readFileSync(options.log, 'utf8').trim().split('\n').slice(-15).join('\n');
          throw new HostmasterError('unavailable', `${options.name} did not start. The end of ${options.log}:\n${lines}`);
        }
        await delay(POLL_MILLISECONDS);
      }
    },
    stop: async () => {
      stopping = true;
      leaveLog();
      if (hasEnded(current)) return;
      current.kill('SIGTERM');
      const patience = setTimeout(() => current.kill('SIGKILL'), STOP_MILLISECONDS);
      await ended;
      clearTimeout(patience);
    },
  };
}
