// An `npm start` of its own for a stage of the tests: own ports, own data folder, ended and removed afterwards.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './run.mjs';

const OFFSETS = [0, 1, 2, 3, 53, 432, 443]; // packages/embedded/src/port.ts
// Below the ports that systems hand out by themselves; at random, so that two runs at the same moment do not meet.
const BASES = { from: 10_000, to: 30_000 };
const TRIES = 50;
const START_MILLISECONDS = 300_000; // seconds on a quiet machine; this says "hangs"
const STOP_MILLISECONDS = 30_000;

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });

async function freeBase() {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const base = randomInt(BASES.from, BASES.to);
    const free = await Promise.all(OFFSETS.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`no free ports for an instance between ${BASES.from} and ${BASES.to}`);
}

/**
 * @returns {Promise<{ announcement: string, stop: () => Promise<void> }>} `announcement` is the path of its start.json
 * @throws {Error} with what it printed, when it does not come up
 */
export async function startInstance({ workers = 1 } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'hostmaster-instance-'));
  const announcement = join(data, 'start.json');
  const base = await freeBase();
  // As if npm had started it: then it ends when we are killed.
  // The journeys have a fake of a cluster beside it, at whatever port is free.
  const env = {
    ...process.env,
    npm_lifecycle_event: 'start',
    HOSTMASTER_KEY_DESTINATIONS: 'https://localhost:* arn:aws:acm:eu-central-1:123456789012',
  };
  for (const name of ['DATABASE_URL', 'REDIS_URL']) delete env[name];
  const args = [join(root, 'scripts', 'start.mjs'), '--port', String(base), '--data', data, '--workers', String(workers)];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
      await exited;
      clearTimeout(patience);
    }
    rmSync(data, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + START_MILLISECONDS; !existsSync(announcement); await delay(50)) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`npm start did not come up:\n${output.trimEnd()}`);
    }
  }
  return { announcement, stop };
}
