// A directory and its command with real servers: nginx and HAProxy, as the guide configures them.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestCa } from '../testing/test-ca.ts';
import { startHaproxy, startNginx, type TlsServer } from '../testing/tls-servers.ts';
import { directoryDestination } from './directory.ts';
import { commandReload } from './reload.ts';

const ca = await createTestCa();
const names = Array.from({ length: 20 }, (_, at) => `site-${at}.example.test`);

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'reload-'));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const answered = (port: number, servername: string, agent: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, servername, agent, ca: ca.rootPem, headers: { host: servername } }, (response) => {
      response.on('error', reject).resume();
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${servername}: ${response.statusCode}`))));
    });
    // A kept connection may be closed while nothing is asked on it; whoever asks just then asks again on another (RFC 9112 §9.5).
    sent.on('error', (error) => (sent.reusedSocket ? resolve(answered(port, servername, new Agent())) : reject(error)));
    sent.end();
  });

async function serialServed(port: number, servername: string): Promise<string | null> {
  try {
    const socket = await new Promise<TLSSocket>((resolve, reject) => {
      const opened = connect({ host: '127.0.0.1', port, servername, ca: ca.rootPem }, () => resolve(opened));
      opened.once('error', reject);
    });
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  } catch {
    return null;
  }
}

/** Asks on and on, on new connections or on one that is kept, until it is told to stop. @returns how often */
function asking(port: number, keepAlive: boolean) {
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  let over = false;
  const done = (async () => {
    let count = 0;
    for (; !over; count += 1) await answered(port, names[count % (keepAlive ? 1 : names.length)] ?? '', agent);
    agent.destroy();
    return count;
  })();
  return {
    stop: () => {
      over = true;
      return done;
    },
  };
}

describe.each(['nginx', 'haproxy'] as const)('%s', (kind) => {
  let edge: string;
  let server: TlsServer;
  const destination = () => directoryDestination(edge, commandReload(server.reload));
  const made = async (hostname: string) => ({ hostname, ...(await ca.leaf([hostname])) });

  beforeAll(async () => {
    const folder = join(parent, kind);
    edge = join(folder, 'edge');
    await mkdir(edge, { recursive: true, mode: 0o755 });
    for (const name of names) await directoryDestination(edge).deliver(await made(name));
    const { fullchainPem, privateKeyPem } = await made('default.example.test');
    server =
      kind === 'nginx' ? await startNginx({ folder, edge }, names) : await startHaproxy({ folder, edge }, fullchainPem + privateKeyPem);
  });
  afterAll(() => server?.close());

  it('takes up twenty certificates that are renewed, and drops no connection meanwhile', async () => {
    await expect.poll(() => serialServed(server.port, names[0] ?? '')).not.toBeNull();
    const clients = [false, false, true, true].map((keepAlive) => asking(server.port, keepAlive));
    const renewed = await Promise.all(names.map(made));
    const told = destination();
    await Promise.all(renewed.slice(0, 10).map((each) => told.deliver(each)));
    await Promise.all(renewed.slice(10).map((each) => told.deliver(each)));
    for (const { hostname, serial } of renewed) await expect.poll(() => serialServed(server.port, hostname)).toBe(serial);
    for (const client of clients) expect(await client.stop()).toBeGreaterThan(10);
  });

  it('with a configuration that is broken goes on with what it had, and the delivery says so', async () => {
    const [hostname = ''] = names;
    const before = await serialServed(server.port, hostname);
    await server.break(true);
    const next = await made(hostname);
    const said =
      kind === 'nginx'
        ? /ended with exit code 1 and said “.*unknown directive "no_such_directive"/
        : /ended with exit code 1 and said “.*Fatal errors found/;
    await expect(destination().deliver(next)).rejects.toMatchObject({ code: 'delivery-failed', message: expect.stringMatching(said) });
    expect(await destination().held(hostname)).toBeNull();
    expect(await serialServed(server.port, hostname)).toBe(before);
    await server.break(false);
    await destination().deliver(next);
    await expect.poll(() => serialServed(server.port, hostname)).toBe(next.serial);
  });
});
