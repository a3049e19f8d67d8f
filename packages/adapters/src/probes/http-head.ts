// One HTTP/1.1 GET over a socket that is already connected (and secured), reading no more than the response head
// (RFC 9112). Written out because an HTTP client would resolve, connect, follow and buffer on its own.
import type { Duplex } from 'node:stream';

/** More than any sane head; Node's own client stops at the same size. */
export const maxHeadLength = 16 * 1024;

/** Printable ASCII without space, as a request target allows; anything else could smuggle a second request. */
const originForm = /^\/[\x21-\x7e]*$/;

/** Sends the request and answers the status. Errors: Error with what was wrong, or the signal's reason. */
export function requestStatus(socket: Duplex, hostHeader: string, path: string, signal: AbortSignal): Promise<number> {
  if (!originForm.test(path)) return Promise.reject(new Error('the health path is not an absolute path of printable ASCII'));
  return new Promise((resolve, reject) => {
    let head = '';
    const settle = (finish: () => void) => {
      socket.off('data', onData).off('error', onError).off('end', onEnd);
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    const fail = (message: string) => settle(() => reject(new Error(message)));
    const onError = (error: Error) => settle(() => reject(error));
    const onAbort = () => settle(() => reject(signal.reason));
    const onEnd = () => fail('the connection was closed before the response head was complete');
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end > maxHeadLength || (end < 0 && head.length > maxHeadLength))
        return fail(`the response head is longer than ${maxHeadLength} bytes`);
      const status = /^HTTP\/1\.[01] (\d{3})[ \r]/.exec(head);
      if (status === null && head.length >= 13) return fail('the answer is not HTTP/1.1');
      if (end < 0) return;
      const code = Number(status?.[1]);
      // 1xx is interim (RFC 9110 §15.2): the final head follows.
      if (code >= 100 && code < 200) {
        head = head.slice(end + 4);
        return head === '' ? undefined : onData(Buffer.alloc(0));
      }
      return Number.isNaN(code) ? fail('the answer is not HTTP/1.1') : settle(() => resolve(code));
    };
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', onData).once('error', onError).once('end', onEnd);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostHeader}\r\nUser-Agent: hostmaster-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n`);
  });
}
