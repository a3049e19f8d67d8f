import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { checkNameServer, type NameServer, unreachable } from './server.ts';

/**
 * Sends one datagram from a fresh socket, whose port the kernel chooses at random, and waits for the first reply that `accept` takes.
 * The socket is connected, so that only datagrams of that address and port arrive; what `accept` answers with null is ignored, as a forgery
 * may be (RFC 5452 §9.1). Errors: address-forbidden, dns-unreachable; the signal's reason.
 */
export function exchangeDatagram<T>(
  server: NameServer,
  bytes: Uint8Array,
  accept: (reply: Uint8Array) => T | null,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    checkNameServer(server);
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
      // A late ICMP error must not surface without a listener.
      socket.on('error', () => undefined);
      socket.close();
      settle();
    };
    const onAbort = () => end(() => reject(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', (error) => end(() => reject(unreachable(server, 'cannot be reached over UDP', error))));
    socket.on('message', (reply) => {
      const accepted = accept(reply);
      if (accepted !== null) end(() => resolve(accepted));
    });
    socket.connect(server.port, server.address, () => socket.send(bytes));
  });
}
