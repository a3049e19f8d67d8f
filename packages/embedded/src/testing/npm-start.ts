// `npm start` as the program that a person runs, for tests of what it does as a whole; it builds first when it must.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { portsFrom, requireFreePort } from '../port.ts';
import { repositoryRoot } from '../repository.ts';

export const START_PATIENCE_MILLISECONDS = 300_000; // the first start may have to build

// As if npm had started it: then it ends when whoever runs the test is killed.
const environment = { ...process.env, NODE_ENV: 'production', DATABASE_URL: '', REDIS_URL: '', npm_lifecycle_event: 'start' };

/** A port for the portal at which all that follow from it are free, too. */
export async function freeBase(): Promise<number> {
  for (let tried = 0; tried < 50; tried += 1) {
    const base = randomInt(10_000, 30_000);
    try {
      for (const port of Object.values(portsFrom(base))) await requireFreePort(port, 'the test', '');
      return base;
    } catch {} // the next one
  }
  throw new Error('no free ports');
}

type Wrap = (command: string, ...args: string[]) => [command: string, args: string[]];

export type NpmStart = {
  readonly base: number;
  /** Resolves when it says that it is up. Throws with what it wrote when it ends first. */
  start(...flags: string[]): Promise<void>;
  /** Runs it beside the one that is up, to its end, with these flags alone. */
  refused(...flags: string[]): Promise<{ code: unknown; output: string }>;
  /** The code and the signal with which it ended. */
  end(signal: NodeJS.Signals): Promise<unknown[]>;
  /** Ends it unless it has ended. */
  stop(): Promise<void>;
  announcement(): { tokens: { app?: string }; api: string };
  /** The status with which the API answers the demo's `app`. */
  whoAmI(): Promise<number>;
};

/** @param wrap how its command line is run, and `clone` where from, other than as it is from this repository */
export function npmStart(
  base: number,
  data: string,
  clone = repositoryRoot(),
  wrap: Wrap = (command, ...args) => [command, args],
): NpmStart {
  const program = join(clone, 'scripts', 'start.mjs');
  let running: ChildProcess | undefined;
  const announcement: NpmStart['announcement'] = () => JSON.parse(readFileSync(join(data, 'start.json'), 'utf8'));
  const end: NpmStart['end'] = async (signal) => {
    if (!running) throw new Error('it was not started');
    const exited = once(running, 'exit');
    running.kill(signal);
    return exited;
  };
  return {
    base,
    start: async (...flags) => {
      const [command, args] = wrap(process.execPath, program, '--port', String(base), '--data', data, ...flags);
      // Kept before it is up: one that takes too long has to be ended, too.
      const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
      running = child;
      let output = '';
      await new Promise<void>((resolve, reject) => {
        for (const stream of [child.stdout, child.stderr]) {
          stream.on('data', (chunk: Buffer) => {
            output += chunk.toString();
            if (output.includes('Ctrl-C ends it.')) resolve();
          });
        }
        child.once('exit', () => reject(new Error(`npm start ended:\n${output}`)));
      });
    },
    refused: (...flags) =>
      new Promise((resolve) => {
        const [command, args] = wrap(process.execPath, program, ...flags);
        execFile(command, args, { env: environment }, (error, out, err) =>
          resolve({ code: error === null ? 0 : error.code, output: out + err }),
        );
      }),
    end,
    stop: async () => {
      if (running && running.exitCode === null && running.signalCode === null) await end('SIGTERM');
    },
    announcement,
    whoAmI: async () => {
      const { api, tokens } = announcement();
      const headers = { authorization: `Bearer ${tokens.app}` };
      return (await fetch(`${api}/me`, { headers, signal: AbortSignal.timeout(10_000) })).status;
    },
  };
}
