// One bounded exchange with a log: what it answers, or what is wrong with that in a sentence for its row.
import { gunzipSync } from 'node:zlib';
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { asSentence } from '@hostmaster/core/sentence';
import { secondsOf } from '../net/answer.ts';
import type { Exchange, HttpsAnswer } from '../net/https.ts';
import { tellFault } from '../probes/fault-words.ts';

export type LogServer = {
  /** The body of what stands below the address; null for a 404. Errors: unavailable, with when to ask again where the log says it. */
  get(path: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array | null>;
};

const timeoutMilliseconds = 20_000;
const headers = { 'user-agent': 'Hostmaster/0.1', 'accept-encoding': 'gzip, identity' };

/** @param seconds when it makes sense to ask again */
export const logFault = (message: string, cause?: unknown, seconds: number | null = null): HostmasterError =>
  new HostmasterError('unavailable', message, { cause, ...(seconds === null ? {} : { retryAfter: seconds }) });

export function logServer(address: string, exchange: Exchange, clock: Clock): LogServer {
  const base = address.replace(/\/+$/, '');

  async function ask(path: string, mostBytes: number, signal: AbortSignal): Promise<HttpsAnswer> {
    try {
      return await exchange({ method: 'GET', url: `${base}/${path}`, headers, mostBytes, timeoutMilliseconds }, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw logFault(`It cannot be read: ${asSentence(tellFault(error).words)}`, error);
    }
  }

  return {
    async get(path, mostBytes, signal) {
      const { status, header, body } = await ask(path, mostBytes, signal);
      if (status === 404) return null;
      if (status >= 300 && status < 400) throw logFault(`It answers ${status} and leads to another address, which is not followed.`);
      if (status !== 200) throw logFault(`It answers ${status}.`, undefined, secondsOf(header('retry-after'), clock.now()));
      return header('content-encoding') === 'gzip' ? unzipped(body, mostBytes) : body;
    },
  };
}

function unzipped(body: Uint8Array, mostBytes: number): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength: mostBytes });
  } catch (cause) {
    throw logFault('What it answers does not unpack, or to more than is read.', cause);
  }
}
