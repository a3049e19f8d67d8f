// A throwaway Redis for tests, on a free loopback port, with a password as it has in production, without persistence.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { freePort } from '../port.ts';

export type TestRedis = { readonly url: string; stop(): Promise<void> };

const patienceMilliseconds = 60_000;

const password = 'test';

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`AUTH ${password}\r\n`));
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+OK'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });

/** Starts redis-server and waits until it answers. Errors: a plain Error naming the Debian package where it is missing. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const server = spawn(
    'redis-server',
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--requirepass', password],
      ...['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
    ],
    { stdio: 'ignore' },
  );
  let failure: Error | null = null;
  server.once('error', (cause) => {
    failure = new Error('These tests need redis-server: install the Debian package redis-server.', { cause });
  });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  for (const end = Date.now() + patienceMilliseconds; !(await answers(port)); ) {
    if (failure !== null) throw failure;
    if (server.exitCode !== null || Date.now() > end) throw new Error('redis-server did not start.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    stop: async () => {
      server.kill('SIGKILL');
      await exited;
    },
  };
}
