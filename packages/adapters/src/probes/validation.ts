// Whether DNSSEC keeps a name from whoever validates, as CAs do: seen by asking a resolver twice, once without having it validate.
import { getServers } from 'node:dns';
import { rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { queryMessage } from '@hostmaster/core/dns/wire/message';
import type { Prober } from '@hostmaster/core/probe/prober';
import { exchange } from '../dns/exchange.ts';
import { deadline } from '../net/deadline.ts';
import { inPlace, type ResolveOptions } from './lookup.ts';

/** Milliseconds for both questions; a resolver that does not answer within them says nothing. */
const timeout = 2000;

/** A resolver that validates answers SERVFAIL for what it must not believe (RFC 4035 §5.5), and believes it where checking is disabled. */
export const createIsBogus =
  (options: ResolveOptions = {}): Prober['isBogus'] =>
  async (name, signal, instead) => {
    const [resolver] = inPlace(options, instead).resolvers ?? getServers();
    if (resolver === undefined) return false;
    const limit = deadline(signal, timeout, () => new Error(`no answer within ${timeout} ms`));
    const rcodeOf = async (checkingDisabled: boolean): Promise<number> => {
      const query = queryMessage(0, name, typeCodes.SOA, { recursionDesired: true, checkingDisabled });
      return (await exchange(serverOf(resolver), query, { signal: limit.signal, timeout: timeout / 2, tsig: null })).rcode;
    };
    try {
      if ((await rcodeOf(false)) !== rcodes.SERVFAIL) return false;
      const unchecked = await rcodeOf(true);
      return unchecked === rcodes.NOERROR || unchecked === rcodes.NXDOMAIN;
    } catch {
      signal.throwIfAborted();
      return false;
    } finally {
      limit.release();
    }
  };

/** @param text as node:dns has it: `address`, `address:port` or `[address]:port` */
function serverOf(text: string) {
  const [, address = text, port = '53'] = /^\[(.+)\]:(\d+)$/.exec(text) ?? /^([^:]+):(\d+)$/.exec(text) ?? [];
  return { address, port: Number(port) };
}
