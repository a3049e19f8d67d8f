// A proof of control over HTTP, asked for as a CA asks (RFC 8555 §8.3): at every address, and on where it redirects, over http and https
// alone, whatever certificate is met. Every connection goes through the guard; to another host than the name, where whoever serves the name
// sends whoever asks, it lets through what is public and nothing else.
import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as secure } from 'node:tls';
import { HostmasterError } from '@hostmaster/core/errors';
import type { HttpProofAnswer, HttpProofAsk, Prober } from '@hostmaster/core/probe/prober';
import { deadline } from '../net/deadline.ts';
import { createGuard, type Guard } from '../net/guard.ts';
import { tellFault } from './fault-words.ts';
import { maxHeadLength } from './http-head.ts';

/** As far as CAs follow; further on nobody looks. */
const mostRedirects = 10;
const redirects: readonly number[] = [301, 302, 303, 307, 308];
/** More than any proof has. */
const mostBytes = 1024;
const timeoutMilliseconds = 5000;
const mostAddresses = 32;
/** Elsewhere a CA follows nothing. */
const schemePorts = [80, 443].map((port) => ({ from: port, to: port }));

type Resolve = Prober['resolve'];
type Hop = { readonly url: URL; readonly address: string; readonly allowedRanges: readonly string[] };

/** The first bytes of an answer; what comes after them is not waited for. */
function firstBytes(answer: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const done = () => resolve(text.slice(0, mostBytes));
    answer.setEncoding('latin1');
    answer.on('data', (part: string) => {
      text += part;
      if (text.length < mostBytes) return;
      done();
      answer.destroy();
    });
    answer.on('end', done).on('error', reject);
  });
}

async function ask(guard: Guard, { url, address, allowedRanges }: Hop, { port }: HttpProofAsk, signal: AbortSignal) {
  const scheme = url.protocol === 'https:' ? 443 : 80;
  const target = {
    address,
    port: Number(url.port || scheme),
    ports: { servedPort: port, allowedPorts: schemePorts },
    allowedRanges,
    timeoutMilliseconds,
  };
  const connected = await guard.guardedConnect(target, signal);
  const open: Duplex[] = [connected];
  try {
    if (scheme === 443) open.push(secure({ socket: connected, servername: url.hostname, rejectUnauthorized: false }));
    const stream = open.at(-1);
    return await new Promise<{ status: number; location: string | null; body: string }>((resolve, reject) => {
      const sent = request({
        createConnection: () => stream as Duplex,
        path: `${url.pathname}${url.search}`,
        headers: { Host: url.host, 'User-Agent': 'hostmaster-probe', Accept: '*/*', Connection: 'close' },
        maxHeaderSize: maxHeadLength,
        signal,
      });
      sent.on('error', (error) => reject(signal.aborted ? signal.reason : error));
      sent.on('response', (answer) => {
        const { statusCode: status = 0, headers } = answer;
        firstBytes(answer).then((body) => resolve({ status, location: headers.location ?? null, body }), reject);
      });
      sent.end();
    });
  } finally {
    for (const stream of open.reverse()) stream.destroy();
  }
}

/** Where a redirect leads; null where it leads nowhere that a CA follows. */
function next(from: URL, location: string): URL | null {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : null;
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' ? url : null;
}

async function follow(guard: Guard, resolve: Resolve, address: string, asked: HttpProofAsk, signal: AbortSignal): Promise<HttpProofAnswer> {
  const { hostname, port, path } = asked;
  let hop: Hop = { url: new URL(path, `http://${hostname}:${port}`), address, allowedRanges: asked.allowedRanges };
  const elsewhere = () => hop.url.hostname !== hostname;
  const unseen = () => ({ address, url: hop.url.href, failedLayer: null, error: null, status: null, body: null });
  const failed = (failedLayer: 'guard' | 'http', error: string) => ({
    ...{ address, url: hop.url.href, failedLayer, error, status: null, body: null },
  });
  const limit = deadline(signal, timeoutMilliseconds, () => new Error(`no answer within ${timeoutMilliseconds} ms`));
  try {
    for (let count = 0; count <= mostRedirects; count += 1) {
      const { status, location, body } = await ask(guard, hop, asked, limit.signal);
      if (!redirects.includes(status) || location === null)
        return { address, url: hop.url.href, failedLayer: null, error: null, status, body };
      const url = next(hop.url, location);
      if (url === null) return failed('http', 'it redirects to what is no address of http or https');
      // The name itself was looked up already, and is asked where it was.
      if (url.hostname === hostname) {
        hop = { url, address, allowedRanges: asked.allowedRanges };
        continue;
      }
      const [other = null] = await resolve(url.hostname, limit.signal);
      hop = { url, address: other ?? '', allowedRanges: [] };
      if (other === null) return unseen();
    }
    return failed('http', `it redirects more than ${mostRedirects} times`);
  } catch (error) {
    signal.throwIfAborted();
    const forbidden = error instanceof HostmasterError && error.code === 'address-forbidden';
    if (forbidden && elsewhere()) return unseen();
    return failed(forbidden ? 'guard' : 'http', tellFault(error).words);
  } finally {
    limit.release();
  }
}

/** The `askForProof` half of a Prober. Errors: the signal's reason. */
export const createAskForProof =
  ({ guard = createGuard(), resolve }: { readonly guard?: Guard; readonly resolve: Resolve }): Prober['askForProof'] =>
  (asked, signal) =>
    Promise.all([...new Set(asked.addresses)].slice(0, mostAddresses).map((address) => follow(guard, resolve, address, asked, signal)));
