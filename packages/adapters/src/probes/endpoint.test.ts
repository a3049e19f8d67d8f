import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { toPem } from '@hostmaster/core/pki/chain';
import type { EndpointProbe } from '@hostmaster/core/probe/prober';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestCa } from '../testing/test-ca.ts';
import { createEndpointProber } from './endpoint.ts';
import { maxHeadLength } from './http-head.ts';

const hostname = 'orders.example.test';
const ca = await createTestCa();
const good = await ca.leaf([hostname, '*.api.example.test']);
const files = ({ fullchainPem, privateKeyPem }: { fullchainPem: string; privateKeyPem: string }) => ({
  cert: fullchainPem,
  key: privateKeyPem,
});

// Short deadlines: the tests wait for the silent ones.
const prober = createEndpointProber({ deadlines: { tcp: 2000, tls: 400, http: 400 } });

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

async function probe(port: number, changes: Partial<EndpointProbe> = {}, signal = AbortSignal.timeout(10_000)) {
  const [observation] = await prober.probeEndpoint(
    {
      hostname,
      port,
      ports: { servedPort: port, allowedPorts: [] },
      addresses: ['127.0.0.1'],
      tls: true,
      healthPath: '/health',
      trustAnchors: [ca.rootPem],
      allowedRanges: ['127.0.0.0/8'],
      ...changes,
    },
    signal,
  );
  if (observation === undefined) throw new Error('no observation');
  return observation;
}

const ok = { certificate: files(good), status: 200 };
const https = (options: Partial<typeof ok> = {}) =>
  listen(
    createHttpsServer({ ...ok.certificate, ...options.certificate }, (_, response) => response.writeHead(options.status ?? 200).end('ok')),
  );

describe('an endpoint that works', () => {
  it('is seen layer by layer, with the certificate that was presented', async () => {
    let asked: unknown;
    const port = await listen(
      createHttpsServer(files(good), (request, response) => {
        asked = [request.method, request.url, request.headers.host];
        response.end('ok');
      }),
    );
    const seen = await probe(port);
    expect(seen).toMatchObject({
      address: '127.0.0.1',
      failedLayer: null,
      error: null,
      httpStatus: 200,
      tls: {
        protocol: 'TLSv1.3',
        serial: good.serial,
        notAfter: good.notAfter.toISOString(),
        subjectAltNames: [hostname, '*.api.example.test'],
        verifyError: null,
      },
    });
    expect(seen.tls?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(seen.tls?.chainLength).toBe(3);
    expect([seen.tcpMilliseconds, seen.tlsMilliseconds, seen.httpMilliseconds].every((time) => typeof time === 'number' && time >= 0)).toBe(
      true,
    );
    expect(asked).toEqual(['GET', '/health', `${hostname}:${port}`]);
  });

  it('is asked for its path without a query', async () => {
    const asked: unknown[] = [];
    const port = await listen(
      createHttpServer((request, response) => {
        asked.push(request.url);
        response.end('ok');
      }),
    );
    for (const healthPath of ['/ready?full=1&drop=1', '/ready#top', '/a/b;v=1']) await probe(port, { tls: false, healthPath });
    expect(asked).toEqual(['/ready', '/ready', '/a/b;v=1']);
  });

  it('may be plain HTTP', async () => {
    const port = await listen(createHttpServer((_, response) => response.writeHead(204).end()));
    expect(await probe(port, { tls: false })).toMatchObject({ failedLayer: null, tls: null, tlsMilliseconds: null, httpStatus: 204 });
  });

  it('may answer with a redirect, which is not followed', async () => {
    let requests = 0;
    const port = await listen(
      createHttpsServer(files(good), (_, response) => {
        requests += 1;
        response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
      }),
    );
    expect(await probe(port)).toMatchObject({ failedLayer: null, httpStatus: 302 });
    expect(requests).toBe(1);
  });

  it('is seen on every address, each once, and one that fails does not hide the other', async () => {
    const port = await https();
    const seen = await prober.probeEndpoint(
      {
        hostname,
        port,
        ports: { servedPort: port, allowedPorts: [] },
        addresses: ['127.0.0.1', '169.254.169.254', '127.0.0.1'],
        tls: true,
        healthPath: '/',
        trustAnchors: [ca.rootPem],
        allowedRanges: ['127.0.0.0/8'],
      },
      AbortSignal.timeout(10_000),
    );
    expect(seen.map(({ address, failedLayer }) => [address, failedLayer])).toEqual([
      ['127.0.0.1', null],
      ['169.254.169.254', 'guard'],
    ]);
  });

  it('may send a large body together with its head', async () => {
    const head = 'HTTP/1.1 200 OK\r\n\r\n';
    const port = await listen(
      createTcpServer((socket) => void socket.once('data', () => socket.end(head + 'a'.repeat(10 * maxHeadLength)))),
    );
    expect(await probe(port, { tls: false })).toMatchObject({ failedLayer: null, httpStatus: 200 });
  });

  it('may send an interim response before the real one', async () => {
    const port = await listen(
      createTcpServer((socket) => void socket.once('data', () => socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'))),
    );
    expect(await probe(port, { tls: false })).toMatchObject({ failedLayer: null, httpStatus: 200 });
  });
});

describe('the guard layer fails', () => {
  it.each(['127.0.0.1', '169.254.169.254', '10.0.0.1', 'localhost'])('for %s, and nothing was connected', async (address) => {
    expect(await probe(await https(), { addresses: [address], allowedRanges: [] })).toMatchObject({
      failedLayer: 'guard',
      tcpMilliseconds: null,
      tls: null,
    });
  });
});

describe('the TCP layer fails', () => {
  it('when the connection is refused', async () => {
    const port = await https();
    await new Promise<void>((resolve) => servers.pop()?.close(() => resolve()));
    expect(await probe(port)).toMatchObject({ failedLayer: 'tcp', error: 'connection refused', tls: null });
  });
  it('when the caller gave up, without an exception', async () => {
    expect(await probe(await https(), {}, AbortSignal.abort(new Error('given up')))).toMatchObject({
      failedLayer: 'tcp',
      error: 'given up',
    });
  });
});

describe('the TLS layer fails, and tells what was presented', () => {
  const hour = 3_600_000;
  it.each([
    [
      'an expired certificate',
      () => ca.leaf([hostname], { notBefore: new Date(Date.now() - 2 * hour), notAfter: new Date(Date.now() - hour) }),
      'a certificate in it has expired',
    ],
    ['a certificate of tomorrow', () => ca.leaf([hostname], { notBefore: new Date(Date.now() + hour) }), 'not valid yet'],
    ['another name', () => ca.leaf(['other.example.test']), 'for other names'],
    [
      'a name outside the name constraints',
      () => ca.leaf([hostname, 'orders.example.com']),
      'name constraints of an issuer exclude orders.example.com',
    ],
    ['another root', async () => (await createTestCa()).leaf([hostname]), 'its root is not trusted'],
    ['a chain without its intermediate', async () => ({ ...good, fullchainPem: good.leafPem }), 'its intermediate is missing'],
  ])('%s', async (_, certificate, error) => {
    const presented = await certificate();
    const seen = await probe(await https({ certificate: files(presented) }));
    expect(seen).toMatchObject({
      failedLayer: 'tls',
      error: expect.stringMatching(error),
      httpStatus: null,
      tls: { serial: presented.serial },
    });
    expect(seen.tls?.verifyError).toBe(seen.error);
  });

  it('a certificate whose end is no time', async () => {
    const { der, privateKeyPem, serial } = await ca.leaf([hostname]);
    const odd = Buffer.from(der);
    // The second UTCTime of the validity: its month and day.
    odd.write('9999', odd.indexOf(Buffer.from([0x17, 0x0d]), odd.indexOf(Buffer.from([0x17, 0x0d])) + 1) + 4, 'latin1');
    const seen = await probe(await https({ certificate: { cert: toPem(odd), key: privateKeyPem } }));
    expect(seen).toMatchObject({ failedLayer: 'tls', tls: { serial, notAfter: null, verifyError: expect.stringMatching(/./) } });
    expect(seen.error).toBe(seen.tls?.verifyError);
  });

  it('TLS 1.1 or older', async () => {
    const port = await listen(
      createTlsServer({ ...files(good), minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    );
    expect(await probe(port)).toMatchObject({
      failedLayer: 'tls',
      tls: null,
      error: expect.stringMatching(/no version of TLS from 1\.2 on/),
    });
  });
  it('a server that speaks plain HTTP', async () => {
    expect(await probe(await listen(createHttpServer()))).toMatchObject({
      failedLayer: 'tls',
      tls: null,
      error: 'what answers does not speak TLS',
    });
  });
  it('a server that has nothing for the name, in the words of its alert', async () => {
    const port = await listen(createTlsServer({ ...files(good), SNICallback: (_, done) => done(new Error('no such name')) }));
    const { error } = await probe(port);
    expect(error).toMatch(
      /^(?:it ended the handshake: .* \(TLS alert [a-z_]+\)|the connection was closed (?:from there|during the handshake))$/,
    );
  });
  it('a server that answers with an alert, named as RFC 8446 does', async () => {
    const port = await listen(
      createTcpServer((socket) => void socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 112])))),
    );
    expect(await probe(port)).toMatchObject({
      error: 'it ended the handshake: it has no certificate for this name (TLS alert unrecognized_name)',
    });
  });
  it('a server that accepts and stays silent', async () => {
    expect(await probe(await listen(createTcpServer()))).toMatchObject({ failedLayer: 'tls', error: 'no answer within 400 ms' });
  });
  it('a server that closes at once', async () => {
    expect(await probe(await listen(createTcpServer((socket) => socket.end())))).toMatchObject({
      failedLayer: 'tls',
      error: expect.stringMatching(/closed|broke/),
    });
  });
});

describe('the HTTP layer fails', () => {
  it.each([404, 500, 503])('with status %i', async (status) => {
    expect(await probe(await https({ status }))).toMatchObject({
      failedLayer: 'http',
      error: `the health path answered ${status}`,
      httpStatus: status,
    });
  });

  const speaking = (speak: (socket: Socket) => void) => listen(createTcpServer((socket) => void socket.once('data', () => speak(socket))));
  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['silence after TLS', () => undefined, /no answer within 400 ms/],
    ['something else than HTTP', (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'), /not HTTP/],
    ['half a head', (socket) => socket.end('HTTP/1.1 200 OK\r\nA: b\r\n'), /closed before/],
    ['an endless head', (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(maxHeadLength)}`), /longer than/],
    ['an endless line', (socket) => socket.write('a'.repeat(maxHeadLength * 2)), /not HTTP/],
    ['a status that is none', (socket) => socket.write('HTTP/1.1 2xx OK\r\n\r\n'), /not HTTP/],
    [
      'a head that drips in',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nA: ');
        const drip = setInterval(() => socket.write('a'), 20);
        socket.once('close', () => clearInterval(drip));
      },
      /no answer within 400 ms/,
    ],
  ])('%s', async (_, speak, error) => {
    expect(await probe(await speaking(speak), { tls: false })).toMatchObject({ failedLayer: 'http', error: expect.stringMatching(error) });
  });

  it.each(['health', '/a b', '/a\r\nHost: evil', '', '/é'])('the health path %j is not sent', async (healthPath) => {
    expect(await probe(await https(), { healthPath })).toMatchObject({
      failedLayer: 'http',
      error: expect.stringContaining('health path'),
    });
  });
});
