// Against servers on real sockets: what they present is read whatever it is, and what they do besides holds nothing up.
import { createHash } from 'node:crypto';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestCa } from '../testing/test-ca.ts';
import { createReadChain } from './chain.ts';

const ca = await createTestCa();
const [first, second] = [await ca.leaf(['first.example.test']), await ca.leaf(['second.example.test'])];
const readChain = createReadChain({ deadlines: { tcp: 400, tls: 200 } });
const patient = createReadChain();

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) await new Promise<void>((resolve) => server.close(() => resolve()));
});
async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

const presenting = (options: TlsOptions = {}) =>
  listen(createTlsServer({ cert: first.fullchainPem, key: first.privateKeyPem, ...options }));
const ask = (port: number, more: { serverName?: string; allowedRanges?: string[] } = {}) => ({
  address: '127.0.0.1',
  port,
  serverName: null,
  allowedRanges: ['127.0.0.0/8'],
  ...more,
});
const signal = () => AbortSignal.timeout(20_000);
const fingerprint = (der: Uint8Array | undefined) =>
  createHash('sha256')
    .update(der ?? '')
    .digest('hex');
async function leafAt(port: number, serverName?: string) {
  const answer = await patient(ask(port, serverName === undefined ? {} : { serverName }), signal());
  return 'chain' in answer ? fingerprint(answer.chain[0]) : answer;
}

describe('a server', () => {
  it('presents its chain, leaf first and nothing that it did not send, though nobody trusts it', async () => {
    const answer = await patient(ask(await presenting()), signal());
    expect('chain' in answer && answer.chain.map(fingerprint)).toHaveLength(2);
    expect('chain' in answer && fingerprint(answer.chain[0])).toBe(fingerprint(first.der));
  });

  it('may present another certificate to whoever names it', async () => {
    const server = createTlsServer({ cert: first.fullchainPem, key: first.privateKeyPem });
    server.addContext('second.example.test', { cert: second.fullchainPem, key: second.privateKeyPem });
    const port = await listen(server);
    expect(await leafAt(port)).toBe(fingerprint(first.der));
    expect(await leafAt(port, 'second.example.test')).toBe(fingerprint(second.der));
  });

  it('is read though its certificate has expired', async () => {
    const old = await ca.leaf(['old.example.test'], { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') });
    expect(await leafAt(await presenting({ cert: old.fullchainPem, key: old.privateKeyPem }))).toBe(fingerprint(old.der));
  });

  it.each(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const)('is read over %s', async (version) => {
    const ciphers = 'DEFAULT:@SECLEVEL=0';
    expect(await leafAt(await presenting({ minVersion: version, maxVersion: version, ciphers }))).toBe(fingerprint(first.der));
  });

  it('that sends more certificates than any chain has is told as one that cannot be spoken with', async () => {
    const cert = first.leafPem + first.fullchainPem.repeat(200);
    expect(await patient(ask(await presenting({ cert })), signal())).toEqual({ error: expect.any(String), answered: true });
  });

  it('that stays silent is given up, and nobody knows what is there', async () => {
    const port = await listen(createTcpServer((socket) => socket.resume()));
    expect(await readChain(ask(port), signal())).toEqual({ error: 'no answer within 600 ms', answered: false });
    // Nothing stays open to it.
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('that sends one octet after another is given up as well', async () => {
    const slowly = createTcpServer((socket) => {
      const timer = setInterval(() => socket.write('\x16'), 20);
      socket.once('close', () => clearInterval(timer));
    });
    expect(await readChain(ask(await listen(slowly)), signal())).toMatchObject({ answered: expect.any(Boolean) });
  });

  it('that speaks something else has answered, and presents nothing', async () => {
    const port = await listen(createTcpServer((socket) => socket.end('220 mail.example.test ESMTP\r\n')));
    expect(await patient(ask(port), signal())).toMatchObject({ error: expect.any(String), answered: true });
  });

  it('that is not there has answered', async () => {
    const port = await listen(createTcpServer());
    await new Promise<void>((resolve) => servers.splice(0)[0]?.close(() => resolve()));
    expect(await patient(ask(port), signal())).toEqual({ error: 'connection refused', answered: true });
  });
});

it('nothing is connected to where nobody allowed it, and the metadata service is never', async () => {
  let connections = 0;
  const port = await listen(
    createTcpServer(() => {
      connections += 1;
    }),
  );
  for (const given of [ask(port, { allowedRanges: [] }), { ...ask(port), address: '::ffff:127.0.0.1', allowedRanges: ['::1/128'] }])
    expect(await readChain(given, signal())).toMatchObject({ error: expect.stringContaining('may not be reached'), answered: false });
  const metadata = { ...ask(80), address: '169.254.169.254', allowedRanges: ['169.254.0.0/16'] };
  expect(await readChain(metadata, signal())).toMatchObject({ error: expect.stringContaining('link-local'), answered: false });
  expect(connections).toBe(0);
});
