// A zone on any name server that speaks dynamic update (RFC 2136) and zone transfer (RFC 5936), signed with TSIG (RFC 8945).
// What servers do differently (checked against BIND 9.18, Knot 3.2, PowerDNS 4.7) is met by the form of the messages, see rfc2136-parts.ts;
// what remains is found by reading back.
import type { Clock } from '@hostmaster/core/clock';
import { port, serverAddress, serverText } from '@hostmaster/core/contract/network';
import { breakRule } from '@hostmaster/core/contract/own-rule';
import { checkedChanges } from '@hostmaster/core/dns/checked-changes';
import { holdsZone, readsZone, writesAndTakesBack, type ZoneCheck } from '@hostmaster/core/dns/connection-check';
import { canonicalAddress } from '@hostmaster/core/dns/desired';
import type { DnsProvider, DnsProviderDescriptor } from '@hostmaster/core/dns/provider';
import type { OtherRecordSet } from '@hostmaster/core/dns/record-set';
import { namedDataTypes, rcodeName, rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { queryMessage, type ReceivedMessage } from '@hostmaster/core/dns/wire/message';
import { canonicalName, isNameWithin } from '@hostmaster/core/dns/wire/name';
import { type ResourceRecord, serialOfSoa, toAllRecordSets } from '@hostmaster/core/dns/wire/record';
import { algorithmFault, canonicalAlgorithm, type TsigKey, tsigAlgorithms, tsigKey } from '@hostmaster/core/dns/wire/tsig';
import { updateMessage } from '@hostmaster/core/dns/wire/update';
import { HostmasterError } from '@hostmaster/core/errors';
import { z } from 'zod';
import { deadline } from '../net/deadline.ts';
import { soaBehind } from './answering-zone.ts';
import { type ExchangeOptions, exchange, exchangeAll, exchangeOn, exchangeTcp, unsignedAnswer } from './exchange.ts';
import { rcodeError, updateError } from './rcode-error.ts';
import { type Part, partsOf } from './rfc2136-parts.ts';
import { type NameServer, unreachable } from './server.ts';
import { connectTcp } from './tcp.ts';
import { transferZone } from './transfer.ts';

const keyOf = ({ name, algorithm }: { name: string; algorithm: string }, secret: Uint8Array): TsigKey =>
  tsigKey(name, algorithm, Buffer.from(secret).toString('base64'));

const keyLabels = /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?$/i;

/** As a hostname, but that many keys have an underscore in theirs. */
const keyName = z
  .string()
  .max(253)
  .superRefine((text, context) => {
    if (keyLabels.test(text)) return;
    const reason = 'A key has a name like a host: letters, digits, hyphens and underscores, in labels of at most 63.';
    breakRule(context, { rule: 'key-name', reason, remedy: 'Give the name as it stands in the key file, such as hostmaster-key.' });
  })
  .overwrite((text) => text.replace(/\.$/, '').toLowerCase());

/** As people have it in their key files: in any case, with or without the dot of a domain name. */
const algorithm = z
  .string()
  .max(64)
  .overwrite(canonicalAlgorithm)
  .superRefine((text, context) => {
    const reason = algorithmFault(text);
    if (reason === null) return;
    const remedy = `Make a key with one of ${tsigAlgorithms.join(', ')}, such as by tsig-keygen -a hmac-sha256, and let the name server know it.`;
    breakRule(context, { rule: 'key-algorithm', reason, remedy });
  })
  .default('hmac-sha256')
  .meta({ title: 'Algorithm', enum: [...tsigAlgorithms], examples: ['hmac-sha256'] });

const settings = z.strictObject({
  primary: z
    .strictObject({
      address: serverAddress.meta({
        title: 'Address of the primary',
        description: 'Where updates and transfers are sent.',
        examples: ['192.0.2.53'],
      }),
      port: port.default(53).meta({ title: 'Port', examples: [53] }),
    })
    .meta({ title: 'Primary' }),
  tsig: z
    .strictObject({
      name: keyName.meta({
        title: 'Key name',
        description: 'As in the key file of BIND: key “hostmaster-key” { … }',
        examples: ['hostmaster-key'],
      }),
      algorithm,
    })
    .meta({ title: 'Key' }),
  questions: z
    .enum(['unsigned', 'signed'])
    .default('unsigned')
    .meta({
      title: 'Questions to the servers',
      description:
        'Signed with the key where the servers choose the view by it, or answer nobody else; every server must then know the key. Otherwise names are looked for as anybody would ask.',
      examples: ['unsigned'],
    }),
});

/** Answers without authority that say nothing but that the server has no authority: a server that fails may serve the zone all the same. */
const saysNotServed: readonly number[] = [rcodes.NOERROR, rcodes.NXDOMAIN, rcodes.REFUSED, rcodes.NOTAUTH];

/** What requests write is of these types, at the names that are claimed. */
const updateRemedy: ZoneCheck<z.output<typeof settings>>['remedy'] = (code, { zone, suffixes, settings: { tsig } }) => {
  if (code !== 'dns-refused') return null;
  const grants = suffixes.map((suffix) => `grant ${tsig.name} subdomain ${suffix} A AAAA CNAME TXT;`);
  const narrow =
    grants.length === 0
      ? `For a part of ${zone} alone, grant its suffix to a team first: then the test writes below that.`
      : `Or only where names may be claimed: update-policy { ${grants.join(' ')} };`;
  return `Allow the key to write A, AAAA and CNAME, and TXT for proofs to a CA (ACME); in BIND: update-policy { grant ${tsig.name} zonesub A AAAA CNAME TXT; }; ${narrow} And where the zone is frozen: rndc thaw.`;
};

export const rfc2136: DnsProviderDescriptor<typeof settings> = {
  kind: 'rfc2136',
  label: 'Dynamic updates (RFC 2136)',
  summary: 'A name server that takes dynamic updates (RFC 2136): BIND, Knot, PowerDNS.',
  settings,
  secret: {
    purpose: 'tsig',
    optional: false,
    // As in a BIND key file.
    input: z
      .base64()
      .min(8)
      .max(512)
      .meta({ examples: ['bm90LWEtc2VjcmV0LWtleQ=='] })
      .transform((text): Uint8Array => Buffer.from(text, 'base64'))
      .meta({
        title: 'Secret',
        description: 'Base64. Sealed to the worker as soon as it arrives; it is never shown again.',
      }),
  },
  capabilities: { atomic: true, compareAndSet: true },
  checks: [
    { name: 'soa', holds: 'The primary answers for the zone', remedy: () => null, run: holdsZone },
    {
      name: 'transfer',
      holds: 'The zone can be read (AXFR)',
      remedy: (code, { settings: { tsig } }) =>
        code === 'dns-refused' ? `Allow the key to transfer the zone; in BIND: allow-transfer { key ${tsig.name}; };` : null,
      run: readsZone,
    },
    { name: 'update', holds: 'The key may update', remedy: updateRemedy, run: writesAndTakesBack },
  ],
  servers: ({ primary }) => [{ name: primary.port === 53 ? primary.address : serverText(primary), ...primary }],
  questionKey: ({ questions, tsig }) => (questions === 'signed' ? (secret) => keyOf(tsig, secret) : null),
  normalise: (desired) => desired,
  // A backend such as SQLite takes one writer at a time, and what waits there times out; the rate is the server's own to limit.
  limits: { concurrent: 4, perSecond: null },
  account: ({ primary: { address, port } }) => serverText({ address: canonicalAddress(address), port }),
  open: ({ zone, settings: { primary, tsig }, secret }, { clock }) =>
    createRfc2136Provider({ zone, server: primary, tsig: { ...tsig, secret: Buffer.from(secret).toString('base64') }, clock }),
};

export type Rfc2136Options = {
  readonly zone: string;
  readonly server: NameServer;
  /** `secret`: base64. null where the server goes by addresses: for tests and closed networks. */
  readonly tsig: { readonly name: string; readonly algorithm: string; readonly secret: string } | null;
  readonly clock: Clock;
  /** Milliseconds that one question or one UPDATE may take; 5,000 unless given. */
  readonly timeout?: number;
};

/** Errors: invalid-input (the zone's name or the key). */
export function createRfc2136Provider(options: Rfc2136Options): DnsProvider {
  const { server, clock, timeout = 5000 } = options;
  const zone = canonicalName(options.zone);
  const key = options.tsig === null ? null : tsigKey(options.tsig.name, options.tsig.algorithm, options.tsig.secret);
  const tsig = key === null ? null : { key, clock };

  /** Whether the name owns a record: the prerequisite of RFC 2136 §2.4.4 alone, which no wildcard can meet. */
  const isInUse = async (name: string, signal: AbortSignal): Promise<boolean> => {
    const reply = await exchangeTcp(server, updateMessage(0, zone, [{ kind: 'name-in-use', name }], []), { signal, tsig, timeout });
    if (reply.rcode === rcodes.NXDOMAIN) return false;
    if (reply.rcode === rcodes.NOERROR) return true;
    throw updateError(server, reply.rcode, `the question whether ${name} is in use`);
  };

  /** Over one connection, one after the other. An UPDATE is never sent again: after a lost answer it would find its own change. */
  const sendParts = async (parts: readonly Part[], signal: AbortSignal): Promise<void> => {
    const total = timeout * (parts.length === 1 ? 1 : parts.length * 2);
    const limit = deadline(signal, total, () =>
      unreachable(server, `did not answer within ${total} ms; whether it applied the change is not known`),
    );
    try {
      const connection = await connectTcp(server, limit.signal);
      try {
        const send = async (part: Part, updates: Part['updates']): Promise<void> => {
          const reply = await exchangeOn(connection, server, updateMessage(0, zone, part.prerequisites, updates), tsig);
          if (reply.rcode !== rcodes.NOERROR) throw updateError(server, reply.rcode, `the update of ${zone}`);
        };
        if (parts.length > 1) for (const part of parts) await send(part, []);
        let written = 0;
        for (const part of parts) {
          await send(part, part.updates).catch((error: unknown) => {
            throw written === 0 ? error : partly(error, written, parts.length);
          });
          written += 1;
        }
      } finally {
        connection.close();
      }
    } finally {
      limit.release();
    }
  };

  /**
   * Servers refuse what a key may not do and a zone that they do not have in the same words, Knot and PowerDNS a key that they do not
   * have, too, and unsigned; a question for the SOA tells them apart. Signed where the key was taken: the view may be chosen by it.
   */
  const explanationOf = async (error: unknown, signal: AbortSignal): Promise<unknown> => {
    if (!(error instanceof HostmasterError)) return error;
    const unsigned = error.violations.some(({ rule }) => rule === unsignedAnswer);
    if (!unsigned && error.code !== 'dns-refused') return error;
    const asked = { signal, tsig: unsigned ? null : tsig, timeout: timeout / 2 };
    const reply = await exchange(server, queryMessage(0, zone, typeCodes.SOA), asked).catch(() => null);
    if (reply === null || reply.authoritative || !saysNotServed.includes(reply.rcode)) return error;
    const said = `answered ${rcodeName(reply.rcode)} to the question for its SOA`;
    return new HostmasterError('dns-not-served', `The name server ${serverText(server)} does not serve the zone ${zone}: it ${said}.`, {
      cause: error,
    });
  };

  async function* transferred(signal: AbortSignal): AsyncGenerator<readonly ResourceRecord[], void> {
    try {
      yield* transferZone(server, zone, { signal, tsig });
    } catch (error) {
      throw await explanationOf(error, signal);
    }
  }

  /** Whether the server answers for the name from a zone that was split off this one, which it has, too: of what this one holds that says nothing. */
  const isSplitOff = async (name: string, replies: readonly ReceivedMessage[], asked: ExchangeOptions): Promise<boolean> => {
    const reply = replies[namedDataTypes.indexOf('SOA')];
    const ask = (above: string) => exchangeTcp(server, queryMessage(0, above, typeCodes.SOA), asked);
    const soa = reply === undefined ? null : await soaBehind(reply, name, ask);
    return soa !== null && soa.name !== zone && isNameWithin(soa.name, zone);
  };

  /**
   * Not by a question for ANY, which servers may answer in part (RFC 8482), and not by a burst of datagrams, which they may drop in part.
   * What no question reaches, a transfer holds: what lies below a cut, and types without a name here. The SOA tells which zone answers.
   */
  const ownSets = async (given: string, signal: AbortSignal): Promise<OtherRecordSet[]> => {
    const name = canonicalName(given);
    const questions = namedDataTypes.map((type) => queryMessage(0, name, typeCodes[type]));
    const asked = { signal, tsig, timeout };
    const replies = await exchangeAll(server, questions, asked);
    if (replies.some((reply) => isHidden(name, reply)) || (await isSplitOff(name, replies, asked))) {
      const own: ResourceRecord[] = [];
      for await (const records of transferred(signal)) own.push(...records.filter((record) => record.name === name));
      return toAllRecordSets(own);
    }
    const records = replies.flatMap((reply) => recordsAt(server, name, reply));
    if (records.length === 0 || name === zone || (await isInUse(name, signal))) return toAllRecordSets(records);
    return [];
  };

  return {
    async *readZone(signal) {
      let serial: number | null = null;
      for await (const records of transferred(signal)) {
        if (serial === null && records[0] !== undefined) serial = serialOfSoa(records[0]);
        yield { serial, recordSets: toAllRecordSets(records) };
      }
    },

    readName: (given, signal) =>
      ownSets(given, signal).catch(async (error: unknown) => {
        throw await explanationOf(error, signal);
      }),

    apply: async (changes, signal) => {
      const parts = partsOf(zone, checkedChanges(zone, changes));
      if (parts.length === 0) return;
      await sendParts(parts, signal).catch(async (error: unknown) => {
        throw await explanationOf(error, signal);
      });
    },
  };
}

/** Whether a delegation at or above the name, or a DNAME above it, answers in its place (RFC 1034 §4.3.2 step 3b, RFC 6672 §3.2). */
const isHidden = (name: string, { authoritative, answers, authorities }: ReceivedMessage): boolean =>
  answers.some((record) => record.type === typeCodes.DNAME && record.name !== name) ||
  (!authoritative && authorities.some((record) => record.type === typeCodes.NS));

function recordsAt(server: NameServer, name: string, reply: ReceivedMessage): ResourceRecord[] {
  if (reply.rcode === rcodes.NXDOMAIN) return [];
  if (reply.rcode !== rcodes.NOERROR) throw rcodeError(server, reply.rcode, `a question for ${name}`);
  return reply.answers.filter((record) => record.name === name);
}

function partly(error: unknown, written: number, all: number): unknown {
  if (!(error instanceof HostmasterError)) return error;
  return new HostmasterError(error.code, `${written} of ${all} parts of the change were written before this: ${error.message}`, {
    cause: error,
  });
}
