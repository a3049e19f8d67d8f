import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rounds } from '../../testing/soak.ts';
import { anyMessage } from './arbitrary.ts';
import { classCodes, rcodes, typeCodes } from './codes.ts';
import { decodeMessage, encodeMessage, formatErrorFor, type Message, message, queryMessage, responseTo, udpLimit } from './message.ts';
import { toRecords } from './record.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const parts = ({ id, rcode, questions, answers, authorities, additionals, edns, response, opcode, authoritative, truncated }: Message) => ({
  id,
  rcode,
  questions: questions.map(({ name, type, class: questionClass }) => ({ name, type, class: questionClass })),
  records: [answers, authorities, additionals].map((section) => section.map((record) => ({ ...record, data: hex(record.data) }))),
  edns: edns && { ...edns, options: edns.options.map(({ code, data }) => ({ code, data: hex(data) })) },
  flags: [response, opcode, authoritative, truncated],
});

describe('messages', () => {
  it('a query has the bytes of RFC 1035 and the OPT record of RFC 6891', () => {
    const query = queryMessage(0x1234, 'Example.test', typeCodes.A, { recursionDesired: true });
    expect(hex(encodeMessage(query))).toBe('123401000001000000000001076578616d706c650474657374000001000100002904d0000000000000');
  });

  it('every message survives the way to the wire and back', () => {
    fc.assert(
      fc.property(anyMessage, (given) => {
        expect(parts(decodeMessage(encodeMessage(given)))).toEqual(parts(given));
      }),
      { numRuns: 300 },
    );
  });

  it('random bytes are a message or dns-malformed', () => {
    const header = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => [...bytes, 0, 1, 0, 2, 0, 1, 0, 1]);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(header, fc.uint8Array({ maxLength: 300 })).map(([start, rest]) => Uint8Array.from([...start, ...rest])),
    );
    fc.assert(fc.property(bytes, decodesOrRefuses), { numRuns: rounds(3000, 1_000_000) });
  });

  it('a valid message with bytes changed, or cut, is a message or dns-malformed', () => {
    const changes = fc.array(fc.tuple(fc.nat(2000), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(anyMessage, changes, fc.nat(2000), (given, changed, cut) => {
        const bytes = encodeMessage(given).slice();
        for (const [at, value] of changed) bytes[at % bytes.length] = value;
        decodesOrRefuses(bytes);
        decodesOrRefuses(bytes.subarray(0, cut));
      }),
      { numRuns: rounds(500, 1_000_000) },
    );
  });

  it.each([
    ['counts that promise more than there is', '000080000001ffff000000000000010001'],
    ['a byte after the end', '00008000000000000000000000'],
    ['an A record of 3 bytes', '0000800000000001000000000000010001000000000003c00002'],
    ['an A record of 5 bytes', '0000800000000001000000000000010001000000000005c000020101'],
    ['RDATA over the end', '0000800000000001000000000000010001000000000009c0000201'],
    ['a TXT string over its RDATA', '000080000000000100000000000010000100000000000205610000'],
    ['two OPT records', '00008000000000000000000200002902000000000000000000290200000000000000'],
    ['an OPT record with a name', '00008000000000000000000101610000290200000000000000'],
    ['a TSIG record that is not last', '0000800000000000000000020000fa00ff0000000000000000290200000000000000'],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeMessage(Buffer.from(bytes, 'hex'))).toThrow(expect.objectContaining({ code: 'dns-malformed' }));
  });

  it('a chain of pointers through a full-size message ends quickly', () => {
    // Each "name" is a pointer to the one before; the records around them are nonsense.
    const bytes = new Uint8Array(0x4000).fill(0);
    bytes.set([0, 0, 0x80, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0]);
    for (let at = 14; at + 1 < bytes.length; at += 2) bytes.set([0xc0 | ((at - 2) >>> 8), (at - 2) & 0xff], at);
    decodesOrRefuses(bytes);
  });

  it('owner names are compressed, a question keeps its case and the answer points to it', () => {
    const asked = decodeMessage(
      encodeMessage(message({ id: 1, questions: [{ name: 'www.example.test', spelled: 'wWw.ExAmple.test', type: 1, class: 1 }] })),
    );
    const answers = toRecords({ name: 'www.example.test', type: 'A', ttl: 60, values: ['192.0.2.1', '192.0.2.2'] });
    const bytes = encodeMessage(responseTo(asked, { answers, authoritative: true }));
    expect(Buffer.from(bytes).toString('latin1')).toContain('wWw\x07ExAmple');
    expect(bytes.length).toBe(12 + 18 + 4 + 2 * 16);
    expect(decodeMessage(bytes).answers.map((record) => record.name)).toEqual(['www.example.test', 'www.example.test']);
    expect(decodeMessage(bytes).edns).toBeNull();
  });

  it('names in RDATA are expanded on reading', () => {
    // CNAME alias.example.test -> www + pointer to example.test
    const bytes = Buffer.from(
      '000080000001000100000000076578616d706c650474657374000005000105616c696173c00c0005000100000e10000603777777c00c',
      'hex',
    );
    expect(decodeMessage(bytes).answers.map((record) => Buffer.from(record.data).toString('latin1'))).toEqual([
      '\x03www\x07example\x04test\x00',
    ]);
  });

  it('a response is cut between record sets, TC set, OPT kept; missing additional records alone do not set TC', () => {
    const query = queryMessage(7, 'example.test', typeCodes.TXT);
    const long = (name: string, count: number) =>
      toRecords({ name, type: 'TXT', ttl: 60, values: Array.from({ length: count }, (_, at) => `"${String(at).padEnd(200, 'x')}"`) });
    const cut = decodeMessage(encodeMessage(responseTo(query, { answers: [...long('a.test', 2), ...long('b.test', 9)] }), { limit: 1232 }));
    expect(cut.answers.map((record) => record.name)).toEqual(['a.test', 'a.test']);
    expect([cut.truncated, cut.edns?.udpPayload]).toEqual([true, 1232]);
    const full = decodeMessage(
      encodeMessage(responseTo(query, { answers: long('a.test', 2), additionals: long('b.test', 9) }), { limit: 1232 }),
    );
    expect([full.truncated, full.answers.length, full.additionals.length, full.edns === null]).toEqual([false, 2, 0, false]);
  });

  it('whatever is in a response, it fits the limit and can be decoded', () => {
    fc.assert(
      fc.property(anyMessage, fc.integer({ min: 0, max: 100 }), (given, reserve) => {
        const bytes = encodeMessage({ ...given, response: true, questions: [], edns: null }, { limit: 512, reserve });
        expect(bytes.length).toBeLessThanOrEqual(512 - reserve);
        decodeMessage(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('a query over the limit is refused instead of cut', () => {
    const answers = toRecords({ name: 'a.test', type: 'TXT', ttl: 0, values: [`"${'x'.repeat(255)}"`, `"${'y'.repeat(255)}"`] });
    expect(() => encodeMessage(message({ id: 1, answers }), { limit: 512 })).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });

  it.each([
    ['without EDNS', null, 512],
    ['a small payload', 100, 512],
    ['a middle payload', 900, 900],
    ['a large payload', 4096, 1232],
  ])('the UDP limit %s', (_, udpPayload, limit) => {
    const edns = udpPayload === null ? null : { udpPayload, version: 0, dnssecOk: false, options: [] };
    expect(udpLimit(queryMessage(1, 'a.test', 1, { edns }))).toBe(limit);
  });

  it('extended RCODEs go through OPT', () => {
    const query = queryMessage(1, 'a.test', typeCodes.A);
    expect(decodeMessage(encodeMessage(responseTo(query, { rcode: rcodes.BADVERS }))).rcode).toBe(16);
  });

  it('a FORMERR is made from a header alone, and never for a response', () => {
    expect(hex(formatErrorFor(Buffer.from('abcd2900ffffffffffffffff', 'hex')) ?? new Uint8Array())).toBe('abcda9010000000000000000');
    expect(formatErrorFor(Buffer.from('abcd8000ffffffffffffffff', 'hex'))).toBeNull();
    expect(formatErrorFor(Buffer.from('abcd', 'hex'))).toBeNull();
  });

  it('a TTL with the top bit set counts as zero', () => {
    const record = { name: 'a.test', type: typeCodes.A, class: classCodes.IN, ttl: 0xffffffff, data: Buffer.from([192, 0, 2, 1]) };
    expect(decodeMessage(encodeMessage(message({ id: 1, answers: [record] }))).answers[0]?.ttl).toBe(0);
  });
});

function decodesOrRefuses(bytes: Uint8Array): void {
  try {
    decodeMessage(bytes);
  } catch (error) {
    expect(error).toMatchObject({ code: 'dns-malformed' });
  }
}
