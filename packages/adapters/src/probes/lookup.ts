// The addresses behind a name: as authoritative servers answer, because a resolver may still hold what was true an hour ago, and as the
// system resolves it. Who is asked for which name of a chain is the business of whoever follows it (usecases/reconcile/leads-to.ts).
import { Resolver } from 'node:dns/promises';
import { rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { queryMessage, type ReceivedMessage } from '@hostmaster/core/dns/wire/message';
import { canonicalName } from '@hostmaster/core/dns/wire/name';
import { presentRdata } from '@hostmaster/core/dns/wire/rdata';
import type { ResourceRecord } from '@hostmaster/core/dns/wire/record';
import type { AskedServer, Prober, ToldAddresses } from '@hostmaster/core/probe/prober';
import { exchange } from '../dns/exchange.ts';
import { deadline } from '../net/deadline.ts';

/** Milliseconds for one server in all, for one of its tries, and for the system's resolver. */
const serverTimeout = 2000;
const attemptTimeout = 950;
const systemTimeout = 4000;

export type ResolveOptions = {
  /** Resolvers in place of the system's, as `address` or `address:port`. */
  readonly resolvers?: readonly string[];
};

/** Errors: the signal's reason, invalid-input (the name). */
export const askAddresses: Prober['askAddresses'] = async (given, servers, signal) => {
  const name = canonicalName(given);
  const asked = servers.flatMap((server) => [typeCodes.A, typeCodes.AAAA].map((type) => ask(server, name, type, signal)));
  const said = (await Promise.all(asked)).filter((one) => one !== null);
  signal.throwIfAborted();
  const all = (part: keyof ToldAddresses) => [...new Set(said.flatMap((one) => one[part]))].sort();
  return said.length === 0 ? null : { addresses: all('addresses'), onward: all('onward'), empty: all('empty') };
};

/** null: the server does not answer, or is not authoritative for the name. */
async function ask(server: AskedServer, name: string, type: number, signal: AbortSignal): Promise<ToldAddresses | null> {
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
function chainOf(reply: ReceivedMessage, name: string, type: number): ToldAddresses {
  const none = { addresses: [], onward: [], empty: [] };
  const at = (owner: string, wanted: number): ResourceRecord[] =>
    reply.answers.filter((record) => record.name === owner && record.type === wanted);
  const visited = new Set<string>();
  let end = name;
  for (;;) {
    const found = at(end, type);
    if (found.length > 0) return { ...none, addresses: found.map((record) => presentRdata(type, record.data)) };
    const [alias] = at(end, typeCodes.CNAME);
    if (alias === undefined) break;
    visited.add(end);
    end = presentRdata(alias.type, alias.data);
    if (visited.has(end)) return { ...none, empty: [end] };
  }
  // An SOA with an answer says that the server knows the end, and that it has none (RFC 2308 §2).
  const denied = end === name || reply.rcode === rcodes.NXDOMAIN || reply.authorities.some((record) => record.type === typeCodes.SOA);
  return denied ? { ...none, empty: [end] } : { ...none, onward: [end] };
}

export const inPlace = (options: ResolveOptions, resolver: string | undefined): ResolveOptions =>
  resolver === undefined ? options : { ...options, resolvers: [resolver] };

/** What the system's resolver answers; each of its tries has half of the time. Errors: the signal's reason. */
async function askSystem<T>({ resolvers }: ResolveOptions, signal: AbortSignal, question: (resolver: Resolver) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const resolver = new Resolver({ timeout: systemTimeout / 2, tries: 2 });
  if (resolvers !== undefined) resolver.setServers(resolvers);
  const limit = deadline(signal, systemTimeout, () => new Error(`no answer within ${systemTimeout} ms`));
  limit.signal.addEventListener('abort', () => resolver.cancel(), { once: true });
  try {
    return await question(resolver);
  } finally {
    limit.release();
    signal.throwIfAborted();
  }
}

/** A name without addresses, or no resolver at all, is an empty list. Errors: the signal's reason. */
export const createResolve =
  (options: ResolveOptions = {}): Prober['resolve'] =>
  (name, signal, instead) =>
    askSystem(inPlace(options, instead), signal, async (resolver) => {
      const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      return found.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])).sort();
    });

/** Answers that say that there is none. */
const noneThere: readonly unknown[] = ['ENODATA', 'ENOTFOUND'];

/** Errors: the signal's reason. */
export const createResolveCaa =
  (options: ResolveOptions = {}): Prober['resolveCaa'] =>
  (name, signal, instead) =>
    askSystem(inPlace(options, instead), signal, async (resolver) => {
      try {
        return (await resolver.resolveCaa(name)).map(({ critical, ...property }) => {
          const [tag = '', value = ''] = Object.entries(property)[0] ?? [];
          return { critical: critical >= 128, tag, value: String(value) };
        });
      } catch (error) {
        return noneThere.includes(Object(error).code) ? [] : null;
      }
    });
