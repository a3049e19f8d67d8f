// Opens a log of either kind. Where it leads is judged by the net guard: to public addresses alone.
import { type Clock, systemClock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import type { ConnectedLog, TransparencyLog } from '@hostmaster/core/transparency/log';
import { readLogKey } from '@hostmaster/core/transparency/log-key';
import { type Exchange, httpsExchange } from '../net/https.ts';
import { logServer } from './log-server.ts';
import { rfc6962Log } from './rfc6962.ts';
import { staticLog } from './static-ct.ts';

type Options = { readonly exchange?: Exchange; readonly clock?: Clock };

/** Errors: invalid-input for a key that no log signs with. */
export function openLog({ address, kind, publicKey }: ConnectedLog, options: Options = {}): TransparencyLog {
  const { exchange = httpsExchange({ allowedRanges: [], trust: '' }), clock = systemClock } = options;
  const key = readLogKey(publicKey);
  if (key === null) throw new HostmasterError('invalid-input', 'Its key is none that a log signs with.');
  const server = logServer(address, exchange, clock);
  return kind === 'rfc6962' ? rfc6962Log(server, key) : staticLog(server, key);
}
