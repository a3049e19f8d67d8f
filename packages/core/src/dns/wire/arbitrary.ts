// Generators of names, record data and messages for the property tests of the codec and of what is built on it.
import fc from 'fast-check';
import { type RecordType, recordTypes } from '../record-set.ts';
import { classCodes, typeCodes } from './codes.ts';
import { type Message, message } from './message.ts';
import { labelText } from './name.ts';
import { quote } from './presentation.ts';
import { parseRdata } from './rdata.ts';
import type { ResourceRecord } from './record.ts';

/** Labels of any bytes, written in presentation format; mostly host-like ones. */
const label = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z0-9_*-]{1,12}$/) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => labelText(bytes, 0, bytes.length).toLowerCase()) },
);

/** Valid names in canonical spelling, the root included; few suffixes, so that compression has something to do. */
export const anyName = fc.oneof(
  { weight: 1, arbitrary: fc.constant('.') },
  {
    weight: 12,
    arbitrary: fc
      .tuple(fc.array(label, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '.example.test', '.test', '.a.b.example.test'))
      .map(([labels, suffix]) => `${labels.join('.')}${suffix}`),
  },
);

const u8 = fc.integer({ min: 0, max: 255 });
const u16 = fc.integer({ min: 0, max: 65_535 });
const u32 = fc.integer({ min: 0, max: 4_294_967_295 });
const hex = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const quoted = fc.uint8Array({ maxLength: 255 }).map(quote);
const words = (...parts: fc.Arbitrary<string | number>[]) => fc.tuple(...parts).map((all) => all.join(' '));

/** Valid values of every managed type in the codec's canonical spelling. */
export const anyValue: Readonly<Record<RecordType, fc.Arbitrary<string>>> = {
  A: fc.ipV4(),
  AAAA: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => {
    const groups = Array.from({ length: 8 }, (_, at) => (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16));
    return groups.join(':');
  }),
  CNAME: anyName,
  TXT: fc.array(quoted, { minLength: 1, maxLength: 4 }).map((strings) => strings.join(' ')),
  CAA: words(u8, fc.stringMatching(/^[a-z0-9]{1,10}$/), quoted),
  MX: words(u16, anyName),
  SRV: words(u16, u16, u16, anyName),
  NS: anyName,
  SOA: words(anyName, anyName, u32, u32, u32, u32, u32),
  PTR: anyName,
  TLSA: words(u8, u8, u8, hex),
  SSHFP: words(u8, u8, hex),
  DS: words(u16, u8, u8, hex),
  NAPTR: words(u16, u16, quoted, quoted, quoted, anyName),
};

const ttl = fc.integer({ min: 0, max: 0x7fffffff });

export const anyRecord: fc.Arbitrary<ResourceRecord> = fc.oneof(
  fc
    .constantFrom(...recordTypes)
    .chain((type) => fc.tuple(anyName, ttl, anyValue[type]).map(([name, seconds, value]) => ({ name, ttl: seconds, type, value })))
    .map(({ name, ttl: seconds, type, value }) => ({
      name,
      type: typeCodes[type],
      class: classCodes.IN,
      ttl: seconds,
      data: parseRdata(typeCodes[type], value),
    })),
  // RFC 3597: a type nobody here knows.
  fc
    .tuple(anyName, ttl, fc.integer({ min: 1000, max: 60_000 }), fc.uint8Array({ maxLength: 40 }))
    .map(([name, seconds, type, data]) => ({ name, type, class: classCodes.IN, ttl: seconds, data })),
  // The bare forms of UPDATE.
  fc
    .tuple(anyName, fc.constantFrom(classCodes.ANY, classCodes.NONE), fc.constantFrom(...recordTypes, 'ANY' as const))
    .map(([name, recordClass, type]) => ({ name, type: typeCodes[type], class: recordClass, ttl: 0, data: new Uint8Array() })),
);

const section = fc.array(anyRecord, { maxLength: 6 });

export const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    id: u16,
    response: fc.boolean(),
    opcode: fc.constantFrom(0, 4, 5),
    authoritative: fc.boolean(),
    recursionDesired: fc.boolean(),
    rcode: fc.integer({ min: 0, max: 15 }),
    questions: fc.array(fc.record({ name: anyName, type: u16, class: u16 }), { maxLength: 2 }),
    answers: section,
    authorities: section,
    additionals: section,
    edns: fc.option(
      fc.record({
        udpPayload: u16,
        version: u8,
        dnssecOk: fc.boolean(),
        options: fc.array(fc.record({ code: u16, data: fc.uint8Array({ maxLength: 20 }) }), { maxLength: 2 }),
      }),
    ),
  })
  .map((parts) => message(parts));
