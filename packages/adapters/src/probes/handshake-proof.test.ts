import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import type { HandshakeProofAsk } from '@hostmaster/core/probe/prober';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestCa } from '../testing/test-ca.ts';
import { createAskInHandshake } from './handshake-proof.ts';

const ca = await createTestCa();
const leaf = await ca.leaf(['shop.example.test']);
const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});
async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
const serve = (options: TlsOptions) => listening(createServer({ cert: leaf.fullchainPem, key: leaf.privateKeyPem, ...options }));
const ask = (port: number, more: Partial<HandshakeProofAsk> = {}, signal = AbortSignal.timeout(20_000)) =>
  createAskInHandshake()(
    { hostname: 'shop.example.test', port, addresses: ['127.0.0.1'], allowedRanges: ['127.0.0.0/8'], ...more },
    signal,
  );

describe('a proof in a handshake is asked for', () => {
  it('by the name, with the one protocol, at each address once, whoever vouches for what is shown', async () => {
    const asked: unknown[] = [];
    const port = await serve({
      ALPNCallback: ({ servername, protocols }) => {
        asked.push([servername, protocols]);
        return protocols[0];
      },
    });
    const answers = await ask(port, { addresses: ['127.0.0.1', '127.0.0.1', '127.0.0.2'] });
    expect(answers).toEqual([
      { address: '127.0.0.1', failedLayer: null, error: null, protocol: 'acme-tls/1', certificate: Buffer.from(leaf.der) },
      { address: '127.0.0.2', failedLayer: 'tls', error: 'connection refused', protocol: null, certificate: null },
    ]);
    expect(asked).toEqual([['shop.example.test', ['acme-tls/1']]]);
  });

  it('of a server that agrees upon no protocol, and shows what it shows everybody', async () => {
    expect(await ask(await serve({}))).toMatchObject([{ error: null, protocol: null, certificate: Buffer.from(leaf.der) }]);
  });

  it('of one that speaks something else, which is said in its words', async () => {
    const error = 'it ended the handshake: it does not speak acme-tls/1 (TLS alert no_application_protocol)';
    expect(await ask(await serve({ ALPNProtocols: ['h2', 'http/1.1'] }))).toMatchObject([{ failedLayer: 'tls', error }]);
  });

  it('of what speaks no TLS, or hangs up', async () => {
    const plain = await listening(createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    expect(await ask(plain)).toMatchObject([{ failedLayer: 'tls', error: 'what answers does not speak TLS' }]);
    const mute = await listening(createTcpServer((socket) => socket.destroy()));
    expect(await ask(mute)).toMatchObject([{ failedLayer: 'tls', error: expect.stringContaining('closed') }]);
  });

  it('where the guard lets it, and nowhere else', async () => {
    const port = await serve({ ALPNProtocols: ['acme-tls/1'] });
    expect(await ask(port, { allowedRanges: [] })).toMatchObject([{ failedLayer: 'guard', certificate: null }]);
    expect(await ask(port, { addresses: ['not an address', '169.254.169.254'] })).toMatchObject([
      { failedLayer: 'guard' },
      { failedLayer: 'guard' },
    ]);
  });

  it('until whoever asked gives up', async () => {
    const silent = await listening(createTcpServer(() => undefined));
    const giveUp = new AbortController();
    const asked = ask(silent, {}, giveUp.signal);
    giveUp.abort(new Error('the run ended'));
    await expect(asked).rejects.toThrow('the run ended');
  });
});
