// A name server that stands before a real one and has bad days on demand: it forwards, is gone, silent or broken, or says
// yes and does nothing. What it answers itself is signed like an answer of the real one.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '@hostmaster/core/clock';
import { opcodes } from '@hostmaster/core/dns/wire/codes';
import { decodeMessage, encodeMessage, type ReceivedMessage, responseTo } from '@hostmaster/core/dns/wire/message';
import { signMessage, type TsigKey, tsigKey, verifyMessage } from '@hostmaster/core/dns/wire/tsig';

type Address = { readonly address: string; readonly port: number };
/** What to do with a message: hand it on, say nothing, or answer with this RCODE. */
export type FrontRule = (asked: ReceivedMessage) => Verdict | Promise<Verdict>;
type Verdict = 'forward' | 'silence' | number;

export type DnsFront = Address & {
  /** From now on; messages under way keep what they met. */
  behave(rule: FrontRule): void;
  /** Closes its port, as a server that was stopped. */
  stop(): Promise<void>;
  /** Opens the same port again, where it is closed. */
  start(): Promise<void>;
};

export const forward: FrontRule = () => 'forward';
/** An UPDATE that would change something; one with prerequisites alone is a question. */
export const isUpdate = (asked: ReceivedMessage): boolean => asked.opcode === opcodes.UPDATE && asked.authorities.length > 0;

const framed = (bytes: Uint8Array): Buffer => Buffer.concat([Uint8Array.of(bytes.length >>> 8, bytes.length & 255), bytes]);

function ownAnswer(asked: ReceivedMessage, rcode: number, key: TsigKey): Uint8Array {
  const bytes = encodeMessage(responseTo(asked, { rcode }));
  const outcome = verifyMessage(asked, (name) => (name === key.name ? key : undefined), systemClock);
  return outcome.status === 'verified' ? signMessage(bytes, key, systemClock, { requestMac: outcome.mac }).bytes : bytes;
}

export async function startDnsFront(real: Address, secret: { name: string; algorithm: string; secret: string }): Promise<DnsFront> {
  const key = tsigKey(secret.name, secret.algorithm, secret.secret);
  let rule: FrontRule = forward;
  let port = 0;
  let tcp: Server;
  let udp: UdpSocket;
  let stopped = true;
  const open = new Set<Socket>();

  /** null: hand it on. */
  const decided = async (bytes: Uint8Array): Promise<Uint8Array | 'silence' | null> => {
    const asked = decodeMessage(bytes);
    const verdict = await rule(asked);
    return verdict === 'forward' ? null : verdict === 'silence' ? verdict : ownAnswer(asked, verdict, key);
  };

  const serveConnection = (socket: Socket): void => {
    open.add(socket);
    const behind = connect(real.port, real.address);
    behind.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('error', () => undefined).on('close', () => behind.destroy());
    socket.once('close', () => open.delete(socket));
    behind.on('data', (chunk) => socket.write(chunk));
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= received.readUInt16BE(0) + 2) {
        const message = received.subarray(2, received.readUInt16BE(0) + 2);
        received = received.subarray(message.length + 2);
        void decided(message).then((answer) => {
          if (answer === null) behind.write(framed(message));
          else if (answer !== 'silence') socket.write(framed(answer));
        });
      }
    });
  };

  const serveDatagram = async (from: UdpSocket, bytes: Buffer, peer: { port: number; address: string }): Promise<void> => {
    const answer = await decided(bytes);
    if (answer === 'silence' || stopped) return;
    if (answer !== null) {
      from.send(answer, peer.port, peer.address);
      return;
    }
    const behind = createSocket('udp4');
    const giveUp = setTimeout(() => behind.close(), 3000);
    behind.once('message', (reply) => {
      clearTimeout(giveUp);
      behind.close();
      if (!stopped) from.send(reply, peer.port, peer.address);
    });
    behind.on('error', () => undefined);
    behind.send(bytes, real.port, real.address);
  };

  const start = async (): Promise<void> => {
    if (!stopped) return;
    stopped = false;
    tcp = createServer(serveConnection);
    tcp.listen(port, '127.0.0.1');
    await once(tcp, 'listening');
    const bound = tcp.address();
    if (bound === null || typeof bound === 'string') throw new Error('the front has no port');
    port = bound.port;
    const socket = createSocket('udp4');
    udp = socket;
    socket.on('message', (bytes, peer) => void serveDatagram(socket, bytes, peer));
    socket.on('error', () => undefined);
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
  };
  await start();
  return {
    address: '127.0.0.1',
    port,
    behave: (next) => {
      rule = next;
    },
    start,
    stop: async () => {
      stopped = true;
      for (const socket of open) socket.destroy();
      await Promise.all([new Promise((closed) => tcp.close(closed)), new Promise<void>((closed) => udp.close(closed))]);
    },
  };
}
