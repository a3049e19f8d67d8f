// DNS over TCP (RFC 1035 §4.2.2, RFC 7766): messages behind two bytes of length, one connection for as many as the caller likes.
import { connect } from 'node:net';
import { checkNameServer, type NameServer, unreachable } from './server.ts';

export type TcpConnection = {
  send(bytes: Uint8Array): void;
  /** The next message, whole. Errors: dns-unreachable (closed or reset), the signal's reason. */
  receive(): Promise<Uint8Array>;
  close(): void;
};

/** Two of the largest messages. */
const fewBytes = 2 * 65_537;

/**
 * Opens a connection that ends with the signal. Errors: address-forbidden, dns-unreachable, the signal's reason.
 * @param readAhead bytes that may wait unread before the server is held back
 */
export function connectTcp(server: NameServer, signal: AbortSignal, readAhead = fewBytes): Promise<TcpConnection> {
  return new Promise((resolve, reject) => {
    checkNameServer(server);
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const socket = connect({ host: server.address, port: server.port, noDelay: true });
    const frames = frameReader();
    let failure: unknown = null;
    let waiting: { resolve: (bytes: Uint8Array) => void; reject: (error: unknown) => void } | null = null;

    const fail = (error: unknown) => {
      failure ??= error;
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      reject(failure);
      waiting?.reject(failure);
      waiting = null;
    };
    const onAbort = () => fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });

    socket.on('error', (error) => fail(unreachable(server, 'cannot be reached over TCP', error)));
    socket.on('close', () => fail(unreachable(server, 'closed the connection before it had answered')));
    socket.on('data', (chunk: Buffer) => {
      frames.push(chunk);
      const next = waiting === null ? null : frames.shift();
      if (next !== null) {
        waiting?.resolve(next);
        waiting = null;
      } else if (waiting === null && frames.size() > readAhead) socket.pause();
    });
    socket.on('connect', () =>
      resolve({
        send: (bytes) => {
          const frame = Buffer.allocUnsafe(bytes.length + 2);
          frame.writeUInt16BE(bytes.length, 0);
          frame.set(bytes, 2);
          socket.write(frame);
        },
        receive: () => {
          const next = frames.shift();
          if (next !== null) return Promise.resolve(next);
          if (failure !== null) return Promise.reject(failure);
          socket.resume();
          return new Promise((onMessage, onFailure) => {
            waiting = { resolve: onMessage, reject: onFailure };
          });
        },
        close: () => fail(unreachable(server, 'is no longer connected')),
      }),
    );
  });
}

/** Cuts a byte stream into messages; keeps chunks apart until a whole message is there, so that a long transfer is not copied over and over. */
function frameReader() {
  let chunks: Buffer[] = [];
  let size = 0;
  const joined = (): Buffer => {
    const [only] = chunks;
    const all = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
    chunks = [all];
    return all;
  };
  return {
    push: (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
    },
    size: () => size,
    shift: (): Uint8Array | null => {
      if (size < 2) return null;
      const [first] = chunks;
      const head = first !== undefined && first.length >= 2 ? first : joined();
      const length = head.readUInt16BE(0);
      if (size < length + 2) return null;
      const all = head.length >= length + 2 ? head : joined();
      if (all === head) chunks[0] = all.subarray(length + 2);
      else chunks = [all.subarray(length + 2)];
      size -= length + 2;
      if (chunks[0]?.length === 0) chunks.shift();
      return all.subarray(2, length + 2);
    },
  };
}
