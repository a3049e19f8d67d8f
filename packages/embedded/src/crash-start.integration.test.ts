// `npm start` as a whole: what a person meets when it is started twice, killed, or told nonsense. Runs the real command on
// what is built (it builds first when it must), so it belongs to the crash tests of `npm test`.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ports, portsFrom, requireFreePort } from './port.ts';
import { repositoryRoot } from './repository.ts';

const PATIENCE_MILLISECONDS = 300_000; // the first start may have to build
const command = join(repositoryRoot(), 'scripts', 'start.mjs');
const environment = { ...process.env, NODE_ENV: 'production', DATABASE_URL: '', REDIS_URL: '' };

function refused(...flags: string[]): Promise<{ code: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...flags], { env: environment }, (error, out, err) =>
      resolve({ code: error === null ? 0 : error.code, output: out + err }),
    );
  });
}

async function freeBase(): Promise<number> {
  for (let tried = 0; tried < 50; tried += 1) {
    const base = randomInt(10_000, 30_000);
    try {
      for (const port of Object.values(portsFrom(base))) await requireFreePort(port, 'the test', '');
      return base;
    } catch {} // the next one
  }
  throw new Error('no free ports');
}

describe('npm start', () => {
  const data = mkdtempSync(join(tmpdir(), 'hostmaster-crash-start-'));
  let base: number;
  let ports: Ports;
  let running: ChildProcess;

  async function start(...flags: string[]): Promise<void> {
    const child = spawn(process.execPath, [command, '--port', String(base), '--data', data, ...flags], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Before it is up: one that takes too long has to be ended, too.
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
  }
  async function end(signal: NodeJS.Signals): Promise<unknown[]> {
    const exited = once(running, 'exit');
    running.kill(signal);
    return exited;
  }
  const announcement = (): { tokens: { app: string }; api: string } => JSON.parse(readFileSync(join(data, 'start.json'), 'utf8'));
  const whoAmI = async (): Promise<number> => {
    const { api, tokens } = announcement();
    return (await fetch(`${api}/me`, { headers: { authorization: `Bearer ${tokens.app}` }, signal: AbortSignal.timeout(10_000) })).status;
  };

  beforeAll(async () => {
    base = await freeBase();
    ports = portsFrom(base);
    await start();
  }, PATIENCE_MILLISECONDS);
  afterAll(async () => {
    if (running.exitCode === null && running.signalCode === null) await end('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  });

  it('refuses a folder that another one uses, and names that process', async () => {
    const { code, output } = await refused('--port', String(base + 1), '--data', data);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(`in use by process ${running.pid}`) });
  });

  it(
    'keeps everything through kill -9, and starts again without a pause',
    async () => {
      const before = announcement();
      expect(await whoAmI()).toBe(200);
      await end('SIGKILL');
      await start();
      expect(announcement()).toEqual(before);
      expect(await whoAmI()).toBe(200);
    },
    PATIENCE_MILLISECONDS,
  );

  it('ends everything at SIGTERM and leaves no port taken', async () => {
    expect(await end('SIGTERM')).toEqual([0, null]);
    for (const port of Object.values(ports)) await expect(requireFreePort(port, 'the test', '')).resolves.toBeUndefined();
  });

  it.each(['portal', 'nameserver', 'postgres', 'edge', 'workerHealth'] as const)(
    'names the port and the flag when that of %s is taken',
    async (name) => {
      const holder = createServer().listen(ports[name], '127.0.0.1');
      await once(holder, 'listening');
      const { code, output } = await refused('--port', String(base), '--data', data);
      holder.close();
      expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(new RegExp(`port ${ports[name]} .*taken[^]*--port`)) });
    },
  );

  it.each([
    { flags: ['--prot', '4000'], says: '--prot' },
    { flags: ['--port', 'high'], says: '--port takes a number' },
    { flags: ['--port', '65500'], says: '--port must be a number from 1 to' },
    { flags: ['4000'], says: 'npm start -- --port 4000' },
  ])('refuses $flags with what is wrong', async ({ flags, says }) => {
    expect(await refused('--data', data, ...flags)).toEqual({ code: 1, output: expect.stringContaining(says) });
  });
});
