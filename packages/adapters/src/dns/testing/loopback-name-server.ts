// A name server of a few lines for tests, on UDP and TCP of one loopback port, that answers whatever its test wants it to:
// for behaviour that real servers do not show on demand (silence, lies, forgeries).
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { decodeMessage, encodeMessage, type Message, type ReceivedMessage, udpLimit } from '@hostmaster/core/dns/wire/message';
import type { NameServer } from '../server.ts';

export type Transport = 'udp' | 'tcp';

/** What to send back, in order: messages, encoded bytes as they are, or nothing. */
export type Answer = readonly (Message | Uint8Array)[];

export type LoopbackNameServer = NameServer & {
  readonly asked: readonly { message: ReceivedMessage; transport: Transport }[];
  stop(): Promise<void>;
};

export async function startLoopbackNameServer(
  answer: (query: ReceivedMessage, transport: Transport) => Answer,
): Promise<LoopbackNameServer> {
  const asked: { message: ReceivedMessage; transport: Transport }[] = [];
  const replies = (bytes: Uint8Array, transport: Transport): Uint8Array[] => {
    const message = decodeMessage(bytes);
    asked.push({ message, transport });
    const limit = transport === 'udp' ? udpLimit(message) : undefined;
    return answer(message, transport).map((one) =>
      one instanceof Uint8Array ? one : encodeMessage(one, limit === undefined ? {} : { limit }),
    );
  };

  const connections = new Set<Socket>();
  const tcp = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => undefined);
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= received.readUInt16BE(0) + 2) {
        const end = received.readUInt16BE(0) + 2;
        for (const reply of replies(received.subarray(2, end), 'tcp'))
          socket.write(Buffer.concat([Uint8Array.of(reply.length >>> 8, reply.length & 255), reply]));
        received = received.subarray(end);
      }
    });
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const bound = tcp.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port');

  const udp = createSocket('udp4');
  udp.on('message', (bytes, peer) => {
    for (const reply of replies(bytes, 'udp')) udp.send(reply, peer.port, peer.address);
  });
  udp.bind(bound.port, '127.0.0.1');
  await once(udp, 'listening');

  return {
    address: '127.0.0.1',
    port: bound.port,
    asked,
    stop: async () => {
      for (const socket of connections) socket.destroy();
      await Promise.all([new Promise((closed) => tcp.close(closed)), new Promise<void>((closed) => udp.close(closed))]);
    },
  };
}
