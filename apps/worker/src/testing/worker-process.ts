// A real worker process, as built for production, that a test may kill at any moment.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const app = fileURLToPath(new URL('../..', import.meta.url));

/** Builds dist/main.js, so that what is killed is what is shipped. */
export function buildWorker(): void {
  const { status, stderr } = spawnSync(process.execPath, ['build.mjs'], { cwd: app, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The worker does not build: ${stderr}`);
}

export type WorkerProcess = {
  readonly process: ChildProcess;
  readonly ready: Promise<void>;
  /** Everything that it has printed so far. */
  printed(): string;
  /** Sends the signal and answers how it ended: its exit code, or the signal. */
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
};

export function startWorkerProcess(environment: Readonly<Record<string, string>>, logLevel: 'info' | 'debug' = 'info'): WorkerProcess {
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: app,
    env: { PATH: process.env.PATH ?? '', ...environment, LOG_LEVEL: logLevel },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes('The worker is ready.')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code, signal) =>
      reject(new Error(`The worker ended with ${signal ?? code} before it was ready: ${output.slice(-20_000)}`)),
    );
  });
  // A worker that a test kills early must not become an unhandled rejection.
  ready.catch(() => {});
  return {
    process: child,
    ready,
    printed: () => output,
    kill: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill(signal);
        await exited;
      }
      return child.signalCode ?? child.exitCode;
    },
  };
}
