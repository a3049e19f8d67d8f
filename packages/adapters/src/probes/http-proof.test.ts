import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import type { HttpProofAsk } from '@hostmaster/core/probe/prober';
import { afterEach, describe, expect, it } from 'vitest';
import { createGuard, type Guard } from '../net/guard.ts';
import { createTestCa } from '../testing/test-ca.ts';
import { createAskForProof } from './http-proof.ts';

const open: { close(): unknown }[] = [];
afterEach(() => {
  port443 = null;
  for (const server of open.splice(0)) server.close();
});
async function listening(server: Server): Promise<number> {
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
const serve = (answer: RequestListener) => listening(createServer(answer));

const path = '/.well-known/acme-challenge/token';
/** Also let through, as the port of https is. */
let port443: number | null = null;
const guard = createGuard();
const widened: Guard = {
  ...guard,
  guardedConnect: (target, signal) =>
    guard.guardedConnect(
      { ...target, ports: { ...target.ports, servedPort: target.port === port443 ? port443 : target.ports.servedPort } },
      signal,
    ),
};
const ask = (port: number, changes: Partial<HttpProofAsk> = {}, resolve: () => Promise<string[]> = async () => []) =>
  createAskForProof({ guard: widened, resolve })(
    { hostname: 'shop.example.test', port, path, addresses: ['127.0.0.1'], allowedRanges: ['127.0.0.0/8'], ...changes },
    AbortSignal.timeout(20_000),
  );
const seen = { failedLayer: null, error: null, status: 200 };

describe('a proof is asked for', () => {
  it('by the name, at each address, as a CA does', async () => {
    const hosts: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      hosts.push(request.headers.host);
      response.end(request.url);
    });
    const answers = await ask(port, { addresses: ['127.0.0.1', '127.0.0.1', '127.0.0.2'] });
    expect(answers).toMatchObject([
      { ...seen, address: '127.0.0.1', body: path, url: `http://shop.example.test:${port}${path}` },
      { address: '127.0.0.2', failedLayer: 'http', error: 'connection refused', status: null, body: null },
    ]);
    expect(hosts).toEqual([`shop.example.test:${port}`]);
  });

  it('along redirects of the name, past any certificate, and on the ports of the two schemes alone', async () => {
    const ca = await createTestCa(['localhost']);
    const { fullchainPem, privateKeyPem } = await ca.leaf(['localhost']);
    const secured = createTlsServer({ cert: fullchainPem, key: privateKeyPem }, (request, response) => response.end(request.headers.host));
    const end = await listening(secured);
    const port = await serve((request, response) => {
      const location = request.url === path ? '/on' : `https://shop.example.test:${end}/last`;
      response.writeHead(request.url === path ? 301 : 308, { location }).end();
    });
    expect(await ask(port)).toMatchObject([{ failedLayer: 'guard', url: expect.stringContaining('/last') }]);
    port443 = end;
    const body = `shop.example.test:${end}`;
    expect(await ask(port)).toMatchObject([{ ...seen, url: `https://${body}/last`, body }]);
  });

  it('nowhere that the guard forbids, and of another host that is not public, or is not there, nothing is told', async () => {
    const url = 'http://inside.example.test/secret';
    const port = await serve((_, response) => response.writeHead(302, { location: url }).end('a'));
    expect(await ask(port, { allowedRanges: [] })).toMatchObject([{ failedLayer: 'guard', status: null, body: null }]);
    const untold = [{ address: '127.0.0.1', url, failedLayer: null, error: null, status: null, body: null }];
    for (const address of ['169.254.169.254', '127.0.0.1', '10.0.0.5']) {
      const ranges = { allowedRanges: ['127.0.0.0/8', '10.0.0.0/8'] };
      expect(await ask(port, ranges, async () => [address]), address).toEqual(untold);
    }
    expect(await ask(port)).toEqual(untold);
  });

  it.each<[string, RequestListener, object]>([
    [
      'redirects for ever',
      (_, response) => response.writeHead(302, { location: path }).end(),
      { error: 'it redirects more than 10 times' },
    ],
    [
      'redirects to no address of http',
      (_, response) => response.writeHead(302, { location: 'ftp://example.test/' }).end(),
      { error: 'it redirects to what is no address of http or https' },
    ],
    ['redirects without saying where', (_, response) => response.writeHead(302).end('x'), { status: 302, body: 'x' }],
    ['answers without end', (_, response) => void response.write('y'.repeat(100_000)), { status: 200, body: 'y'.repeat(1024) }],
    ['closes', (request) => request.socket.destroy(), { failedLayer: 'http', status: null }],
    ['has nothing there', (_, response) => response.writeHead(404).end('no'), { status: 404, body: 'no' }],
  ])('of what %s, and that is said', async (_, answer, expected) => expect(await ask(await serve(answer))).toMatchObject([expected]));

  it('of what speaks no HTTP, and that is said', async () => {
    const port = await listening(createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9\r\n')));
    expect(await ask(port)).toMatchObject([{ failedLayer: 'http', status: null, error: expect.any(String) }]);
  });

  it('until whoever asks gives up', async () => {
    const port = await serve(() => undefined);
    const asked = { hostname: 'a.test', port, path, addresses: ['127.0.0.1'], allowedRanges: ['127.0.0.0/8'] };
    await expect(createAskForProof({ resolve: async () => [] })(asked, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
  });
});
