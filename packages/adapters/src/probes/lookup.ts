// The addresses behind a name: first as its own servers answer, because a resolver may still hold what was true an hour ago; where none of them
// is authoritative for it, as the system resolves it.
import { Resolver } from 'node:dns/promises';
import { rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { queryMessage, type ReceivedMessage } from '@hostmaster/core/dns/wire/message';
import { canonicalName } from '@hostmaster/core/dns/wire/name';
import { presentRdata } from '@hostmaster/core/dns/wire/rdata';
import type { ResourceRecord } from '@hostmaster/core/dns/wire/record';
import type { AskedServer, Prober } from '@hostmaster/core/probe/prober';
import { exchange } from '../dns/exchange.ts';
import { deadline } from '../net/deadline.ts';

/** Milliseconds for one server in all, for one of its tries, and for the system's resolver. */
const serverTimeout = 2000;
const attemptTimeout = 950;
const systemTimeout = 4000;

export type LookupOptions = {
  /** Resolvers in place of the system's, as `address` or `address:port`. */
  readonly resolvers?: readonly string[];
};

/** What one server says: addresses, or the name that it refers to and does not answer for. */
type Said = { readonly addresses: readonly string[]; readonly onward: string | null };

/** The `lookup` of a Prober. Errors: the signal's reason, invalid-input (the name). */
export function createLookup({ resolvers }: LookupOptions = {}): Prober['lookup'] {
  return async (given, servers, signal) => {
    const name = canonicalName(given);
    const asked = servers.flatMap((server) => [typeCodes.A, typeCodes.AAAA].map((type) => ask(server, name, type, signal)));
    const said = (await Promise.all(asked)).filter((one) => one !== null);
    signal.throwIfAborted();
    if (said.length === 0) return { addresses: await resolve(name, resolvers, signal), by: 'resolver' };
    const addresses = said.flatMap((one) => one.addresses);
    const onward = said.flatMap((one) => one.onward ?? []);
    const elsewhere =
      addresses.length > 0 ? [] : await Promise.all([...new Set(onward)].map((target) => resolve(target, resolvers, signal)));
    return { addresses: [...new Set([...addresses, ...elsewhere.flat()])].sort(), by: 'servers' };
  };
}

/** null: the server does not answer, or is not authoritative for the name. */
async function ask(server: AskedServer, name: string, type: number, signal: AbortSignal): Promise<Said | null> {
  const limit = deadline(signal, serverTimeout, () => new Error(`no answer within ${serverTimeout} ms`));
  try {
    const options = { signal: limit.signal, timeout: attemptTimeout, tsig: server.tsig };
    const reply = await exchange(server, queryMessage(0, name, type), options);
    const knows = reply.rcode === rcodes.NOERROR || reply.rcode === rcodes.NXDOMAIN;
    return reply.authoritative && knows ? chainOf(reply, name, type) : null;
  } catch {
    return null;
  } finally {
    limit.release();
  }
}

/** Follows CNAMEs as far as the answer holds them (RFC 1034 §3.6.2); where it holds no end and denies none, the last name goes onward. */
function chainOf(reply: ReceivedMessage, name: string, type: number): Said {
  const at = (owner: string, wanted: number): ResourceRecord[] =>
    reply.answers.filter((record) => record.name === owner && record.type === wanted);
  const visited = new Set<string>();
  let end = name;
  for (;;) {
    const found = at(end, type);
    if (found.length > 0) return { addresses: found.map((record) => presentRdata(type, record.data)), onward: null };
    const [alias] = at(end, typeCodes.CNAME);
    if (alias === undefined) break;
    visited.add(end);
    end = presentRdata(alias.type, alias.data);
    if (visited.has(end)) return { addresses: [], onward: null };
  }
  // An SOA with an answer says that the server knows the end, and that it has none (RFC 2308 §2).
  const denied = end === name || reply.rcode === rcodes.NXDOMAIN || reply.authorities.some((record) => record.type === typeCodes.SOA);
  return { addresses: [], onward: denied ? null : end };
}

/** What the resolver says; a name without addresses, or no resolver at all, is an empty list. */
async function resolve(name: string, resolvers: readonly string[] | undefined, signal: AbortSignal): Promise<string[]> {
  signal.throwIfAborted();
  const resolver = new Resolver({ timeout: systemTimeout / 2, tries: 2 });
  if (resolvers !== undefined) resolver.setServers(resolvers);
  const limit = deadline(signal, systemTimeout, () => new Error(`no answer within ${systemTimeout} ms`));
  limit.signal.addEventListener('abort', () => resolver.cancel(), { once: true });
  try {
    const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    signal.throwIfAborted();
    return found.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])).sort();
  } finally {
    limit.release();
  }
}
