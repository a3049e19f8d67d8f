// The sockets: UDP and TCP on one port. TCP (RFC 7766) takes several queries a connection, answered in their order; who is silent, slow or
// does not read is cut off, and there is a most of connections, so that nobody can hold the server by holding connections.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Respond } from './respond.ts';

export type Listeners = { readonly port: number; close(): Promise<void> };

const maxConnections = 256;
/** Ports that were free for TCP and taken for UDP; after as many, something else is wrong. */
const maxAttempts = 20;

/** Binds both, and answers from then on. `port` 0: any port that is free for both. `idle`: milliseconds without a whole message. Errors: unavailable. */
export async function listen(address: string, port: number, respond: Respond, idle: number): Promise<Listeners> {
  for (let attempt = 1; ; attempt += 1) {
    const tcp = createServer({ allowHalfOpen: true, noDelay: true });
    const udp = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    try {
      tcp.listen({ host: address, port, exclusive: true });
      await once(tcp, 'listening');
      const bound = tcp.address();
      const chosen = typeof bound === 'object' && bound !== null ? bound.port : port;
      udp.bind({ address, port: chosen, exclusive: true });
      await once(udp, 'listening');
      const closeTcp = serveTcp(tcp, respond, idle);
      serveUdp(udp, respond);
      return { port: chosen, close: async () => void (await Promise.all([closeTcp(), closeUdp(udp)])) };
    } catch (cause) {
      tcp.close();
      udp.close();
      const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
      if (port === 0 && taken && attempt < maxAttempts) continue;
      throw new HostmasterError('unavailable', `The name server cannot listen on ${address} port ${port}.`, { cause });
    }
  }
}

function serveUdp(udp: UdpSocket, respond: Respond): void {
  // Errors of a datagram (the asker is gone) are the asker's.
  udp.on('error', () => undefined);
  udp.on('message', (request, from) => {
    void respond(request, 'udp').then((answers) => {
      for (const answer of answers) sendDatagram(udp, answer, from);
    });
  });
}

function sendDatagram(udp: UdpSocket, answer: Uint8Array, to: { readonly address: string; readonly port: number }): void {
  try {
    udp.send(answer, to.port, to.address, () => undefined);
  } catch {
    // Closed meanwhile, or a source port of 0: nobody to answer.
  }
}

const closeUdp = (udp: UdpSocket): Promise<void> => new Promise((resolve) => udp.close(() => resolve()));

function serveTcp(tcp: Server, respond: Respond, idle: number): () => Promise<void> {
  const sockets = new Set<Socket>();
  tcp.maxConnections = maxConnections;
  tcp.on('error', () => undefined);
  tcp.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    void converse(socket, respond, idle).finally(() => socket.destroy());
  });
  return () =>
    new Promise((resolve) => {
      tcp.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

/** Answers until the other side ends, breaks off, or lets `idle` pass without sending or taking a whole message. Never rejects. */
async function converse(socket: Socket, respond: Respond, idle: number): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), idle);
  try {
    for await (const request of framesOf(socket)) {
      for (const answer of await respond(request, 'tcp')) {
        await writeFrame(socket, answer);
        timer.refresh();
      }
      timer.refresh();
    }
  } catch {
    // A connection that broke has nobody left to be told.
  } finally {
    clearTimeout(timer);
  }
}

/** Messages behind two bytes of length (RFC 1035 §4.2.2). Reads no further while an answer is being made, so one connection holds little. */
async function* framesOf(socket: Socket): AsyncGenerator<Uint8Array> {
  let held: Buffer = Buffer.alloc(0);
  const chunks: AsyncIterable<Buffer> = socket;
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (;;) {
      if (held.length < 2) break;
      const end = 2 + held.readUInt16BE(0);
      if (held.length < end) break;
      yield held.subarray(2, end);
      held = held.subarray(end);
    }
  }
}

/** Resolves when the kernel has taken the bytes: an asker that does not read stops its own transfer only. */
function writeFrame(socket: Socket, message: Uint8Array): Promise<void> {
  const frame = Buffer.allocUnsafe(message.length + 2);
  frame.writeUInt16BE(message.length, 0);
  frame.set(message, 2);
  return new Promise((resolve, reject) => {
    socket.write(frame, (error) => (error ? reject(error) : resolve()));
  });
}
