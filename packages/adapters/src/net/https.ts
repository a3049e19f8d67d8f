// One bounded exchange over HTTPS with a server that somebody connected. Where it leads is judged before and after connecting
// (guard.ts), no redirect is followed, and of what it sends no more is read than the caller takes.
import { lookup } from 'node:dns';
import { Agent, type RequestOptions, request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { HostmasterError } from '@hostmaster/core/errors';
import { deadline } from './deadline.ts';
import { createGuard, type GuardRules } from './guard.ts';

export type HttpsServer = GuardRules & {
  /** PEM of what is trusted to vouch for it; empty: what this system trusts. */
  readonly trust: string;
};

export type HttpsRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** More than so many bytes of an answer are refused. */
  readonly mostBytes: number;
  readonly timeoutMilliseconds: number;
};

export type HttpsAnswer = {
  readonly status: number;
  /** The first of each, by its name in lower case. */
  readonly header: (name: string) => string | null;
  readonly body: Uint8Array;
};

/** Errors: address-forbidden, or the socket's own. */
export type Exchange = (request: HttpsRequest, signal: AbortSignal) => Promise<HttpsAnswer>;

const guard = createGuard();
const idleMilliseconds = 10_000;
const mostConnections = 8;

/** Connections to one server, kept for the next exchange. */
export function httpsExchange(server: HttpsServer): Exchange {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: mostConnections,
    timeout: idleMilliseconds,
    ...(server.trust === '' ? {} : { ca: server.trust }),
  });
  return (asked, signal) => exchange(asked, { agent, lookup: judgedLookup(server) }, server, signal);
}

/** A name leads where its addresses are that may be reached; where none may, nothing is connected to. */
const judgedLookup =
  (rules: GuardRules): LookupFunction =>
  (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const judged = addresses.map((each) => ({ each, fault: faultOf(each.address, rules) }));
      const open = judged.flatMap(({ each, fault }) => (fault === null ? [each] : []));
      const [first] = open;
      if (first === undefined) return callback(judged[0]?.fault ?? new Error('the name has no address'), '');
      return options.all === true ? callback(null, open) : callback(null, first.address, first.family);
    });

/** Why an address may not be reached; null where it may. */
export function faultOf(address: string, rules: GuardRules): HostmasterError | null {
  try {
    guard.checkAddress(address, rules);
    return null;
  } catch (error) {
    if (error instanceof HostmasterError) return error;
    throw error;
  }
}

async function exchange(
  { method, url, headers, body, mostBytes, timeoutMilliseconds }: HttpsRequest,
  how: Pick<RequestOptions, 'agent' | 'lookup'>,
  rules: GuardRules,
  signal: AbortSignal,
): Promise<HttpsAnswer> {
  const { hostname } = new URL(url);
  const literal = hostname.replace(/^\[|\]$/g, '');
  // No name is looked up where the address stands there itself.
  if (/^[\d.]+$|:/.test(literal)) guard.checkAddress(literal, rules);
  const limit = deadline(signal, timeoutMilliseconds, () => new Error(`no answer within ${timeoutMilliseconds} ms`));
  try {
    return await new Promise<HttpsAnswer>((resolve, reject) => {
      // Node counts the body by itself for some methods alone.
      const counted = body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) };
      const sent = request(url, { method, headers: counted, ...how, signal: limit.signal });
      sent.on('error', (error) => reject(limit.signal.aborted ? limit.signal.reason : error));
      sent.on('socket', (socket) => {
        const judge = (): void => {
          const fault = faultOf(socket.remoteAddress ?? '', rules);
          if (fault !== null) sent.destroy(fault);
        };
        if (socket.connecting) socket.once('connect', judge);
        else judge();
      });
      sent.on('response', (answer) => {
        const parts: Buffer[] = [];
        let size = 0;
        answer.on('data', (part: Buffer) => {
          size += part.length;
          if (size > mostBytes) sent.destroy(new Error(`more than ${mostBytes} bytes were answered`));
          else parts.push(part);
        });
        answer.on('error', reject);
        answer.on('end', () => {
          const header = (name: string): string | null => [answer.headers[name] ?? []].flat()[0] ?? null;
          resolve({ status: answer.statusCode ?? 0, header, body: Buffer.concat(parts) });
        });
      });
      sent.end(body);
    });
  } finally {
    limit.release();
  }
}
