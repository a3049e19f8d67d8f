// One HTTP/1.1 GET over a socket that is already connected (and secured), reading no more than the response head
// (RFC 9112). Written out because an HTTP client would resolve, connect, follow and buffer on its own.
import type { Duplex } from 'node:stream';

/** More than any sane head; Node's own client stops at the same size. */
export const maxHeadLength = 16 * 1024;

/** Printable ASCII without space, as a request target allows; anything else could smuggle a second request. */
const originForm = /^\/[\x21-\x7e]*$/;

/** What has arrived so far: the status, a fault, or null while more is needed. Interim 1xx heads are skipped (RFC 9110 §15.2). */
function readStatus(received: string): number | Error | null {
  const status = /^HTTP\/1\.[01] (\d{3})[ \r]/.exec(received);
  if (status === null) return received.length < 13 ? null : new Error('the answer is not HTTP/1.1');
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return received.length > maxHeadLength ? new Error(`the response head is longer than ${maxHeadLength} bytes`) : null;
  const code = Number(status[1]);
  return code < 200 ? readStatus(received.slice(end + 4)) : code;
}

/** Sends the request and answers the status. Errors: Error with what was wrong, or the signal's reason. */
export function requestStatus(socket: Duplex, hostHeader: string, path: string, signal: AbortSignal): Promise<number> {
  if (!originForm.test(path)) return Promise.reject(new Error('the health path is not an absolute path of printable ASCII'));
  return new Promise((resolve, reject) => {
    let received = '';
    const settle = (result: unknown) => {
      socket.off('data', onData).off('error', settle).off('end', onEnd);
      signal.removeEventListener('abort', onAbort);
      if (typeof result === 'number') resolve(result);
      else reject(result);
    };
    const onAbort = () => settle(signal.reason);
    const onEnd = () => settle(new Error('the connection was closed before the response head was complete'));
    const onData = (chunk: Buffer) => {
      // A body that came along with the head does not count against its bound.
      const room = maxHeadLength + 1 - received.length;
      received += chunk.toString('latin1', 0, room);
      const result = readStatus(received);
      if (result !== null) settle(result);
    };
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', onData).once('error', settle).once('end', onEnd);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostHeader}\r\nUser-Agent: hostmaster-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n`);
  });
}
