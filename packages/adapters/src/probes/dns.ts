import { performance } from 'node:perf_hooks';
import { rcodeName, typeCode, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { queryMessage, type ReceivedMessage } from '@hostmaster/core/dns/wire/message';
import { isNameWithin } from '@hostmaster/core/dns/wire/name';
import { presentAny } from '@hostmaster/core/dns/wire/rdata';
import { serialOfSoa } from '@hostmaster/core/dns/wire/record';
import { asHostmasterError } from '@hostmaster/core/errors';
import type { AskedServer, DnsObservation, Prober, ZoneCut } from '@hostmaster/core/probe/prober';
import { soaBehind, soaOf } from '../dns/answering-zone.ts';
import { exchange } from '../dns/exchange.ts';
import { deadline } from '../net/deadline.ts';

/** Milliseconds for one server in all, and for one of its two tries. */
const serverTimeout = 2000;
const attemptTimeout = 950;

/**
 * Asks every server for name and type at the same time, directly (RD=0), and in parallel for the SOA of the zone that it answers from:
 * so an answer can be told apart from one of an older version of the zone, and of another zone. What a server does wrong is its observation.
 * Errors: the signal's reason; invalid-input (the name or the type).
 */
export const askServers: Prober['askServers'] = async (servers, name, type, signal) => {
  const query = queryMessage(0, name, typeCode(type));
  return Promise.all(servers.map((server) => askServer(server, query, signal)));
};

const unanswered = { rcode: null, authoritative: false, values: [], ttl: null, otherTtl: null, cut: null, zone: null, serial: null };

async function askServer(server: AskedServer, query: ReturnType<typeof queryMessage>, signal: AbortSignal): Promise<DnsObservation> {
  const [question] = query.questions;
  if (question === undefined) throw new TypeError('a query has a question');
  const started = performance.now();
  const limit = deadline(signal, serverTimeout, () => new Error(`no answer within ${serverTimeout} ms`));
  const options = { signal: limit.signal, timeout: attemptTimeout, attempts: 2, tsig: server.tsig };
  const nothing = { ...unanswered, server: server.name };
  try {
    const askSoa = (name: string) => exchange(server, queryMessage(0, name, typeCodes.SOA), options);
    const asked = askSoa(question.name)
      .then((reply) => soaBehind(reply, question.name, askSoa))
      .catch(() => null);
    const reply = await exchange(server, query, options);
    const milliseconds = Math.round(performance.now() - started);
    const soa = soaOf(reply, question.name) ?? (await asked);
    return {
      ...nothing,
      ...answerOf(reply, question.name, question.type),
      zone: soa?.name ?? null,
      serial: soa === null ? null : serialOfSoa(soa),
      milliseconds,
      error: null,
    };
  } catch (error) {
    signal.throwIfAborted();
    const text = limit.signal.aborted ? `The name server did not answer within ${serverTimeout} ms.` : asHostmasterError(error).message;
    return { ...nothing, milliseconds: Math.round(performance.now() - started), error: text };
  } finally {
    limit.release();
  }
}

/** The asked type at exactly the asked name: a CNAME that the server followed for us is not an answer to the question. */
function answerOf(
  reply: ReceivedMessage,
  name: string,
  type: number,
): Pick<DnsObservation, 'rcode' | 'authoritative' | 'values' | 'ttl' | 'otherTtl' | 'cut'> {
  const found = reply.answers.filter((record) => record.name === name && record.type === type);
  const ttls = found.map((record) => record.ttl).sort((a, b) => a - b);
  const [lowest = null] = ttls;
  const highest = ttls.at(-1) ?? null;
  return {
    rcode: rcodeName(reply.rcode),
    authoritative: reply.authoritative,
    values: [...new Set(found.map((record) => presentAny(type, record.data)))].sort(),
    ttl: lowest,
    otherTtl: highest === lowest ? null : highest,
    cut: cutOf(reply, name),
  };
}

/** So many targets of a cut are told. */
const toldTargets = 8;

/** What the server answered from in place of the name, as far as the answer says; whether that lies in the name's zone, it does not. */
function cutOf({ authoritative, answers, authorities }: ReceivedMessage, name: string): ZoneCut | null {
  const owner =
    answers.find((record) => record.type === typeCodes.DNAME && record.name !== name && isNameWithin(name, record.name)) ??
    (authoritative ? undefined : authorities.find((record) => record.type === typeCodes.NS && isNameWithin(name, record.name)));
  if (owner === undefined) return null;
  const sets = [...answers, ...authorities].filter((record) => record.type === owner.type && record.name === owner.name);
  const leadsTo = [...new Set(sets.map((record) => presentAny(record.type, record.data)))].sort().slice(0, toldTargets);
  return { type: owner.type === typeCodes.DNAME ? 'DNAME' : 'NS', name: owner.name, leadsTo };
}
