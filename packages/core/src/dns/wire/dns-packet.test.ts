// dns-packet is an independent second implementation of the message format. Both codecs must read what the other writes,
// to the same meaning, for everything that dns-packet gets right; the rest is in dns-packet-divergence.test.ts.
import dnsPacket from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classCodes, opcodes, rcodeName, rcodes, type TypeName, typeCodes } from './codes.ts';
import { decodeMessage, type Edns, encodeMessage, message, queryMessage } from './message.ts';
import { parseRdata, presentRdata } from './rdata.ts';
import type { ResourceRecord } from './record.ts';

const numRuns = 60;

/** Its types know fewer record types than its code. */
const theirEncode = (packet: unknown): Buffer => dnsPacket.encode(packet as dnsPacket.Packet);
const theirDecode = (bytes: Uint8Array): unknown => dnsPacket.decode(Buffer.from(bytes));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Labels as hostnames and records have them; others are among the divergences. Up to 63 bytes a label, up to 255 a name. */
const label = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[a-z0-9_-]{1,12}$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z0-9]{63}$/) },
);
const name = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '.example.test', '.test', '.a.example.test'))
  .map(([labels, suffix]) => `${labels.join('.')}${suffix}`);
const nameOrRoot = fc.oneof({ weight: 9, arbitrary: name }, { weight: 1, arbitrary: fc.constant('.') });
const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const ttl = fc.integer({ min: 0, max: 0x7fffffff });
const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength }).map((octets) => Buffer.from(octets));
/** Without the characters that presentation format escapes; those are the concern of rdata.test.ts. */
const text = fc.stringMatching(/^[a-zA-Z0-9 :=!+-]{0,60}$/);
const quoted = (value: string): string => `"${value}"`;

/** A value in our presentation format, and the same as dns-packet's data. */
type Pair = { readonly ours: string; readonly theirs: unknown };
const sameText = (values: fc.Arbitrary<string>): fc.Arbitrary<Pair> => values.map((value) => ({ ours: value, theirs: value }));

const pairs = {
  A: sameText(fc.ipV4()),
  AAAA: bytes(16, 16).map((octets) => {
    const ours = presentRdata(typeCodes.AAAA, octets);
    return { ours, theirs: ours };
  }),
  NS: sameText(nameOrRoot),
  CNAME: sameText(nameOrRoot),
  PTR: sameText(nameOrRoot),
  DNAME: sameText(nameOrRoot),
  SOA: fc.tuple(name, name, u32, u32, u32, u32, u32).map(([mname, rname, serial, refresh, retry, expire, minimum]) => ({
    ours: `${mname} ${rname} ${serial} ${refresh} ${retry} ${expire} ${minimum}`,
    theirs: { mname, rname, serial, refresh, retry, expire, minimum },
  })),
  RP: fc.tuple(name, nameOrRoot).map(([mbox, txt]) => ({ ours: `${mbox} ${txt}`, theirs: { mbox, txt } })),
  MX: fc.tuple(u16, nameOrRoot).map(([preference, exchange]) => ({ ours: `${preference} ${exchange}`, theirs: { preference, exchange } })),
  SRV: fc.tuple(u16, u16, u16, nameOrRoot).map(([priority, weight, port, target]) => ({
    ours: `${priority} ${weight} ${port} ${target}`,
    theirs: { priority, weight, port, target },
  })),
  TXT: fc.array(text, { minLength: 1, maxLength: 4 }).map((strings) => ({
    ours: strings.map(quoted).join(' '),
    theirs: strings.map((string) => Buffer.from(string)),
  })),
  CAA: fc.tuple(fc.constantFrom(0, 128), fc.stringMatching(/^[a-z0-9]{1,15}$/), text).map(([flags, tag, value]) => ({
    ours: `${flags} ${tag} ${quoted(value)}`,
    theirs: { flags, tag, value, issuerCritical: flags === 128 },
  })),
  NAPTR: fc.tuple(u16, u16, text, text, text, nameOrRoot).map(([order, preference, flags, services, regexp, replacement]) => ({
    ours: `${order} ${preference} ${[flags, services, regexp].map(quoted).join(' ')} ${replacement}`,
    theirs: { order, preference, flags, services, regexp, replacement },
  })),
  DS: fc.tuple(u16, u8, u8, bytes(1, 64)).map(([keyTag, algorithm, digestType, digest]) => ({
    ours: `${keyTag} ${algorithm} ${digestType} ${hex(digest)}`,
    theirs: { keyTag, algorithm, digestType, digest },
  })),
  TLSA: fc.tuple(u8, u8, u8, bytes(1, 64)).map(([usage, selector, matchingType, certificate]) => ({
    ours: `${usage} ${selector} ${matchingType} ${hex(certificate)}`,
    theirs: { usage, selector, matchingType, certificate },
  })),
  SSHFP: fc
    .oneof(fc.tuple(u8, fc.constant(1), bytes(20, 20)), fc.tuple(u8, fc.constant(2), bytes(32, 32)))
    .map(([algorithm, hash, fingerprint]) => ({
      ours: `${algorithm} ${hash} ${hex(fingerprint)}`,
      theirs: { algorithm, hash, fingerprint: hex(fingerprint).toUpperCase() },
    })),
} satisfies Partial<Record<TypeName, fc.Arbitrary<Pair>>>;

type Sample = { readonly record: ResourceRecord; readonly theirs: Readonly<Record<string, unknown>> };

const sampleOf = (type: keyof typeof pairs): fc.Arbitrary<Sample> =>
  fc.tuple(nameOrRoot, ttl, pairs[type]).map(([owner, seconds, pair]) => ({
    record: { name: owner, type: typeCodes[type], class: classCodes.IN, ttl: seconds, data: parseRdata(typeCodes[type], pair.ours) },
    theirs: { name: owner, type, class: 'IN', flush: false, ttl: seconds, data: pair.theirs },
  }));

/** A type that neither has heard of (RFC 3597). */
const unknownSample: fc.Arbitrary<Sample> = fc
  .tuple(name, ttl, fc.integer({ min: 1000, max: 30_000 }), bytes(0, 40))
  .map(([owner, seconds, type, data]) => ({
    record: { name: owner, type, class: classCodes.IN, ttl: seconds, data },
    theirs: { name: owner, type: `UNKNOWN_${type}`, class: 'IN', flush: false, ttl: seconds, data },
  }));

const types = Object.keys(pairs) as (keyof typeof pairs)[];
const anySample = fc.oneof(unknownSample, ...types.map(sampleOf));
const section = fc.array(anySample, { maxLength: 4 });
const recordsOf = (samples: readonly Sample[]) => samples.map(({ record }) => record);
const theirsOf = (samples: readonly Sample[]) => samples.map(({ theirs }) => theirs);
/** Our records with comparable data. */
const readable = (records: readonly ResourceRecord[]) => records.map((record) => ({ ...record, data: hex(record.data) }));

describe('records', () => {
  it.each(types)('%s: dns-packet reads what we write', (type) => {
    const property = fc.property(sampleOf(type), ({ record, theirs }) => {
      expect(theirDecode(encodeMessage(message({ id: 1, response: true, answers: [record] })))).toMatchObject({ answers: [theirs] });
    });
    fc.assert(property, { numRuns });
  });

  it.each(types)('%s: we read what dns-packet writes', (type) => {
    const property = fc.property(sampleOf(type), ({ record, theirs }) => {
      const received = decodeMessage(theirEncode({ type: 'response', answers: [theirs] }));
      expect(readable(received.answers)).toEqual(readable([record]));
    });
    fc.assert(property, { numRuns });
  });
});

const questionTypes = ['A', 'AAAA', 'SOA', 'CAA', 'ANY', 'AXFR', 'DNSKEY'] as const;
const questions = fc.array(fc.record({ name: nameOrRoot, type: fc.constantFrom(...questionTypes) }), { maxLength: 2 });

/** Options that dns-packet leaves as they are (NSID, COOKIE, PADDING, local use); it interprets CLIENT-SUBNET, KEEPALIVE and KEY-TAG. */
const ednsOption = fc.record({ code: fc.constantFrom(3, 10, 12, 65_001, 65_534), data: bytes(0, 40) });
const anyEdns: fc.Arbitrary<Edns> = fc.record({
  udpPayload: fc.integer({ min: 512, max: 0xffff }),
  version: u8,
  dnssecOk: fc.boolean(),
  options: fc.array(ednsOption, { maxLength: 3 }),
});

const flag = (bit: number) => fc.constantFrom(0, bit);
const anyExchange = fc.record({
  id: u16,
  response: fc.boolean(),
  opcode: fc.constantFrom(opcodes.QUERY, opcodes.NOTIFY, opcodes.UPDATE),
  authoritative: flag(dnsPacket.AUTHORITATIVE_ANSWER),
  recursionDesired: flag(dnsPacket.RECURSION_DESIRED),
  recursionAvailable: flag(dnsPacket.RECURSION_AVAILABLE),
  authenticData: flag(dnsPacket.AUTHENTIC_DATA),
  checkingDisabled: flag(dnsPacket.CHECKING_DISABLED),
  rcode: fc.constantFrom(...Object.values(rcodes)),
  questions,
  answers: section,
  authorities: section,
  additionals: section,
  edns: fc.option(anyEdns),
});
type Exchange = typeof anyExchange extends fc.Arbitrary<infer T> ? T : never;

/** An RCODE over 15 needs EDNS for its upper bits (RFC 6891 §6.1.3). */
const rcodeOf = ({ rcode, edns }: Exchange): number => (edns === null ? rcode & 0xf : rcode);

function ourMessage(given: Exchange) {
  return message({
    id: given.id,
    response: given.response,
    opcode: given.opcode,
    authoritative: given.authoritative !== 0,
    recursionDesired: given.recursionDesired !== 0,
    recursionAvailable: given.recursionAvailable !== 0,
    authenticData: given.authenticData !== 0,
    checkingDisabled: given.checkingDisabled !== 0,
    rcode: rcodeOf(given),
    questions: given.questions.map((question) => ({ name: question.name, type: typeCodes[question.type], class: classCodes.IN })),
    answers: recordsOf(given.answers),
    authorities: recordsOf(given.authorities),
    additionals: recordsOf(given.additionals),
    edns: given.edns,
  });
}

function theirMessage(given: Exchange) {
  const { edns } = given;
  const opt = edns && {
    name: '.',
    type: 'OPT',
    udpPayloadSize: edns.udpPayload,
    extendedRcode: rcodeOf(given) >>> 4,
    ednsVersion: edns.version,
    flags: edns.dnssecOk ? dnsPacket.DNSSEC_OK : 0,
    options: edns.options,
  };
  return {
    id: given.id,
    type: given.response ? 'response' : 'query',
    flags:
      (given.opcode << 11) |
      given.authoritative |
      given.recursionDesired |
      given.recursionAvailable |
      given.authenticData |
      given.checkingDisabled |
      (rcodeOf(given) & 0xf),
    questions: given.questions.map((question) => ({ ...question, class: 'IN' })),
    answers: theirsOf(given.answers),
    authorities: theirsOf(given.authorities),
    additionals: [...theirsOf(given.additionals), ...(opt === null ? [] : [opt])],
  };
}

describe('messages', () => {
  it('dns-packet reads the queries, responses, updates and EDNS that we write', () => {
    const property = fc.property(anyExchange, (given) => {
      expect(theirDecode(encodeMessage(ourMessage(given)))).toMatchObject({
        ...theirMessage(given),
        rcode: rcodeName(rcodeOf(given) & 0xf),
      });
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('we read the queries, responses, updates and EDNS that dns-packet writes', () => {
    const property = fc.property(anyExchange, (given) => {
      const received = decodeMessage(theirEncode(theirMessage(given)));
      const expected = ourMessage(given);
      const sections = (of: typeof expected) => [of.answers, of.authorities, of.additionals].map(readable);
      expect(sections(received)).toEqual(sections(expected));
      expect(received.questions.map(({ spelled: _, ...question }) => question)).toEqual(expected.questions);
      expect(received).toMatchObject({
        ...expected,
        questions: expect.anything(),
        answers: expect.anything(),
        authorities: expect.anything(),
        additionals: expect.anything(),
      });
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('the query of the one is the query of the other, byte for byte', () => {
    const property = fc.property(u16, name, fc.constantFrom(...questionTypes), fc.boolean(), (id, asked, type, recursionDesired) => {
      const theirs = theirEncode({
        id,
        type: 'query',
        flags: recursionDesired ? dnsPacket.RECURSION_DESIRED : 0,
        questions: [{ name: asked, type }],
        additionals: [{ name: '.', type: 'OPT', udpPayloadSize: 1232 }],
      });
      expect(hex(encodeMessage(queryMessage(id, asked, typeCodes[type], { recursionDesired })))).toBe(hex(theirs));
    });
    fc.assert(property, { numRuns: 200 });
  });
});
