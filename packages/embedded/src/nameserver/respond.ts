// From the bytes of a request to the bytes of its answers: framing errors, signature, EDNS, then query, transfer or update.
// The order follows RFC 8945 §5.2 (a bad signature is answered before anything is looked at) and RFC 2136 §3 for updates.
import type { Clock } from '@hostmaster/core/clock';
import { classCodes, opcodes, rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import {
  decodeMessage,
  encodeMessage,
  formatErrorFor,
  type Message,
  maxMessageLength,
  type Question,
  type ReceivedMessage,
  responseTo,
  udpLimit,
} from '@hostmaster/core/dns/wire/message';
import {
  type KeyLookup,
  refuseSignature,
  signatureLength,
  signMessage,
  streamSigner,
  type TsigKey,
  verifyMessage,
} from '@hostmaster/core/dns/wire/tsig';
import { readUpdate } from '@hostmaster/core/dns/wire/update';
import { causeChain, HostmasterError } from '@hostmaster/core/errors';
import { parentName } from './ancestors.ts';
import { lookup } from './lookup.ts';
import { transferMessages } from './transfer.ts';
import type { NameserverLog, ZoneStore } from './zone-store.ts';

export type Transport = 'udp' | 'tcp';

/** The answers to one request, to be sent in this order: none, one, or the messages of a transfer, made as they are asked for. */
export type Respond = (request: Uint8Array, transport: Transport) => Promise<Iterable<Uint8Array>>;

export type RespondOptions = {
  readonly zones: ReadonlyMap<string, ZoneStore>;
  readonly keys: KeyLookup;
  readonly clock: Clock;
  readonly log: NameserverLog;
};

/** Whoever signed the request validly, and its MAC, which the signatures of the answers continue. */
type QuerySignature = { readonly key: TsigKey; readonly mac: Uint8Array };

type Exchange = { readonly query: ReceivedMessage; readonly transport: Transport; readonly signer: QuerySignature | null };

const headerLength = 12;
const nothing: readonly Uint8Array[] = [];

/** The header alone, for requests of which nothing else is understood. */
function bareAnswer(request: Uint8Array, rcode: number): readonly Uint8Array[] {
  const header = formatErrorFor(request);
  if (header === null) return nothing;
  header[3] = rcode;
  return [header];
}

export function createResponder({ zones, keys, clock, log }: RespondOptions): Respond {
  /** The zone that is authoritative for a name: the deepest; for the DS of a zone's apex the one above, if it is here too. */
  const zoneFor = (name: string, type: number): ZoneStore | undefined => {
    let fallback: ZoneStore | undefined;
    for (let at: string | null = name; at !== null; at = parentName(at)) {
      const store = zones.get(at);
      if (store === undefined) continue;
      if (type !== typeCodes.DS || at !== name) return store;
      fallback = store;
    }
    return fallback;
  };

  const finish = ({ query, transport, signer }: Exchange, response: Message): Uint8Array => {
    const limit = transport === 'udp' ? udpLimit(query) : maxMessageLength;
    if (signer === null) return encodeMessage(response, { limit });
    const bytes = encodeMessage(response, { limit, reserve: signatureLength(signer.key) });
    return signMessage(bytes, signer.key, clock, { requestMac: signer.mac }).bytes;
  };

  const simply = (exchange: Exchange, parts: Parameters<typeof responseTo>[1]) => [finish(exchange, responseTo(exchange.query, parts))];

  const answerQuestion = (exchange: Exchange, { name, type }: Question) => {
    const store = zoneFor(name, type);
    return simply(exchange, store === undefined ? { rcode: rcodes.REFUSED } : lookup(store.zone, name, type));
  };

  function* transfer({ query, signer }: Exchange & { signer: QuerySignature }, { zone }: ZoneStore): Generator<Uint8Array> {
    const sign = streamSigner(signer.key, clock, signer.mac);
    const reserve = signatureLength(signer.key);
    for (const part of transferMessages(query, zone)) yield sign(encodeMessage(part, { reserve }));
  }

  /** AXFR (RFC 5936), and IXFR in the two ways RFC 1995 §2 and §4 leave open: the whole zone, and over UDP the SOA that says "ask by TCP". */
  const answerTransfer = (exchange: Exchange, { name, type }: Question): Iterable<Uint8Array> => {
    const { signer, transport } = exchange;
    if (signer === null) return simply(exchange, { rcode: rcodes.REFUSED });
    const store = zones.get(name);
    if (store === undefined) return simply(exchange, { rcode: rcodes.NOTAUTH });
    if (transport === 'tcp') return transfer({ ...exchange, signer }, store);
    if (type === typeCodes.AXFR) return simply(exchange, { rcode: rcodes.REFUSED });
    return simply(exchange, { authoritative: true, answers: store.zone.soa.records });
  };

  const answerQuery = (exchange: Exchange): Iterable<Uint8Array> => {
    const [question, ...more] = exchange.query.questions;
    if (question === undefined || more.length > 0) return simply(exchange, { rcode: rcodes.FORMERR });
    if (question.class !== classCodes.IN) return simply(exchange, { rcode: rcodes.REFUSED });
    const { type } = question;
    if (type === typeCodes.AXFR || type === typeCodes.IXFR) return answerTransfer(exchange, question);
    // OPT, and the range of types that are no data (RFC 6895 §3.1), ANY excepted.
    if (type === typeCodes.OPT || (type >= 128 && type < typeCodes.ANY)) return simply(exchange, { rcode: rcodes.NOTIMP });
    return answerQuestion(exchange, question);
  };

  const answerUpdate = async (exchange: Exchange): Promise<Iterable<Uint8Array>> => {
    const { query, signer } = exchange;
    const [section] = query.questions;
    const asked = readUpdate(query);
    // Two zones, or a zone section that is none, before any look at which zone (§3.1.1).
    if (section === undefined || (!asked.ok && asked.rcode === rcodes.FORMERR)) return simply(exchange, { rcode: rcodes.FORMERR });
    const store = zones.get(section.name);
    if (store === undefined) return simply(exchange, { rcode: rcodes.NOTAUTH });
    if (signer === null) return simply(exchange, { rcode: rcodes.REFUSED });
    if (!asked.ok) return simply(exchange, { rcode: asked.rcode });
    return simply(exchange, { rcode: await store.update(asked.prerequisites, asked.updates) });
  };

  const answer = async (request: Uint8Array, transport: Transport): Promise<Iterable<Uint8Array>> => {
    const query = decodeMessage(request);
    const outcome = verifyMessage(query, keys, clock);
    const signer = outcome.status === 'verified' ? { key: outcome.key, mac: outcome.mac } : null;
    const exchange = { query, transport, signer };
    if (query.signature !== null && signer === null) {
      const refusal = encodeMessage(responseTo(query, { rcode: rcodes.NOTAUTH }));
      return [refuseSignature(refusal, query.signature, outcome, clock)];
    }
    if (query.edns !== null && query.edns.version !== 0) return simply(exchange, { rcode: rcodes.BADVERS });
    return query.opcode === opcodes.UPDATE ? answerUpdate(exchange) : answerQuery(exchange);
  };

  return async (request, transport) => {
    // Too short to have an id, or a response, which is never answered.
    if (request.length < headerLength || ((request[2] ?? 0) & 0x80) !== 0) return nothing;
    const opcode = ((request[2] ?? 0) >>> 3) & 0xf;
    if (opcode !== opcodes.QUERY && opcode !== opcodes.UPDATE) return bareAnswer(request, rcodes.NOTIMP);
    try {
      return await answer(request, transport);
    } catch (error) {
      if (error instanceof HostmasterError && error.code === 'dns-malformed') return bareAnswer(request, rcodes.FORMERR);
      log(`a request could not be answered: ${causeChain(error).join(': ')}`);
      return bareAnswer(request, rcodes.SERVFAIL);
    }
  };
}
