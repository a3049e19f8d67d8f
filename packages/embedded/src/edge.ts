// The embedded TLS edge: an HTTPS server on loopback that stands for the load balancer of a real installation. It has
// no certificate of its own: a name that nobody delivered a certificate for is answered with the TLS alert
// unrecognized_name. Every path of a served host answers, so a fresh name can be seen to work. A CA that asks for a proof
// of control is answered by proof-door.ts, and by nothing else.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { HostmasterError } from '@hostmaster/core/errors';
import { createCertificateDirectory } from './certificate-directory.ts';
import { type HelloParts, noApplicationProtocol, readClientHello, unrecognizedName } from './client-hello.ts';
import { asksForProof, createProofDoor } from './proof-door.ts';

export type EdgeOptions = {
  /** One folder a hostname with fullchain.pem and privkey.pem; `_wildcard.<suffix>` for wildcards, `_acme-tls` for proofs. */
  readonly directory: string;
  readonly address: string;
  /** 0 for any free port. */
  readonly port: number;
};

export type Edge = { readonly address: string; readonly port: number; close(): Promise<void> };

const helloMilliseconds = 5000;
const requestMilliseconds = 10_000;
const maxHeaderBytes = 8 * 1024;
const maxConnections = 1000;

/** Host header without its port, lower case (RFC 9110 §7.2). */
const requestedHost = (request: IncomingMessage): string => (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '');

function respond(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  // Node sets it on its TLS sockets; the type definitions leave it out.
  const serverName = 'servername' in request.socket ? String(request.socket.servername).toLowerCase() : '';
  const plain = (status: number, body: string) =>
    response
      .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
      .end(body);
  // RFC 9110 §15.5.20: this connection was authenticated for another host.
  if (requestedHost(request) !== serverName) return void plain(421, 'This connection is for another host.\n');
  if (request.url === '/health') return void plain(200, 'ok\n');
  plain(200, `${serverName}\n\nThis name is live. The Hostmaster edge answers for it until its own service does.\n`);
}

/** Reads the ClientHello, gives it back to the stream, and answers what it asks for; null where it is none. */
function awaitHello(socket: Socket): Promise<HelloParts | null> {
  return new Promise((resolve) => {
    let hello = Buffer.alloc(0);
    const settle = (parts: HelloParts | null) => {
      socket.off('data', onData).off('close', onClose).setTimeout(0);
      socket.pause();
      if (hello.length > 0) socket.unshift(hello);
      resolve(parts);
    };
    const onClose = () => settle(null);
    const onData = (chunk: Buffer) => {
      hello = Buffer.concat([hello, chunk]);
      const found = readClientHello(hello);
      if (found.kind !== 'more') settle(found.kind === 'hello' ? found : null);
    };
    socket.setTimeout(helloMilliseconds, () => socket.destroy());
    socket.on('data', onData).once('close', onClose);
  });
}

/** Errors: unavailable where the port cannot be had. */
export async function startEdge({ directory, address, port }: EdgeOptions): Promise<Edge> {
  const certificates = createCertificateDirectory(directory);
  const https = createHttpsServer(
    {
      minVersion: 'TLSv1.2',
      handshakeTimeout: helloMilliseconds,
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: requestMilliseconds,
      requestTimeout: requestMilliseconds,
      SNICallback: (serverName, callback) => {
        certificates.contextFor(serverName.toLowerCase()).then(
          (context) => callback(null, context ?? undefined),
          (error: Error) => callback(error),
        );
      },
    },
    respond,
  );
  https.on('tlsClientError', (_, socket) => socket.destroy());
  // Node's own answer is cut off by the end of the TLS connection; this one is flushed first.
  https.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return void socket.destroy();
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`, () => socket.destroy());
  });

  const proofs = await createProofDoor(directory, helloMilliseconds);
  const sockets = new Set<Socket>();
  const admit = async (socket: Socket): Promise<void> => {
    const { name = null, protocols = [] } = (await awaitHello(socket)) ?? {};
    if (socket.destroyed) return;
    const known = name !== null && (await certificates.contextFor(name)) !== null;
    const asks = asksForProof(protocols);
    if (asks && name !== null && (await proofs.stands(name))) proofs.answer(socket);
    else if (known && !asks) https.emit('connection', socket);
    else socket.end(known ? noApplicationProtocol : unrecognizedName, () => socket.destroy());
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
    admit(socket).catch(() => socket.destroy());
  });
  server.maxConnections = maxConnections;

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new HostmasterError('unavailable', `The TLS edge cannot listen on ${address} port ${port}.`, { cause })),
    );
    server.listen(port, address, resolve);
  });
  const bound = server.address();
  return {
    address,
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: () =>
      new Promise((resolve) => {
        https.closeAllConnections();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
