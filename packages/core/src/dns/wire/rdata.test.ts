import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordTypes } from '../record-set.ts';
import { anyValue } from './arbitrary.ts';
import { typeCode, typeCodes, typeName } from './codes.ts';
import { decodeMessage, encodeMessage, queryMessage } from './message.ts';
import { textValue, tokenize } from './presentation.ts';
import { canonicalValue, parseRdata, presentRdata, readRdata } from './rdata.ts';
import { WireReader } from './reader.ts';
import { canonicalRecordSet, serialOfSoa, toAllRecordSets, toRecordSets, toRecords } from './record.ts';

const hexOf = (type: number, text: string) => Buffer.from(parseRdata(type, text)).toString('hex');

describe('presentation format and RDATA', () => {
  it.each([
    ['A', '192.0.2.1', 'c0000201', '192.0.2.1'],
    ['AAAA', '2001:DB8:0:0::1', '20010db8000000000000000000000001', '2001:db8::1'],
    ['CNAME', 'Target.Example.TEST.', '06746172676574076578616d706c65047465737400', 'target.example.test'],
    ['MX', '10 mail.example.test.', '000a046d61696c076578616d706c65047465737400', '10 mail.example.test'],
    ['MX', '0 .', '000000', '0 .'],
    [
      'TXT',
      'plain "two words" "q\\"b\\\\" \\228',
      '05706c61696e0974776f20776f726473047122625c01e4',
      '"plain" "two words" "q\\"b\\\\" "\\228"',
    ],
    ['TXT', '""', '00', '""'],
    ['CAA', '0 issue "ca.example.net; policy=ev"', `00056973737565${Buffer.from('ca.example.net; policy=ev').toString('hex')}`, null],
    ['CAA', '128 IODEF ""', '8005696f646566', '128 iodef ""'],
    ['SRV', '1 2 443 a.test', '0001000201bb0161047465737400', null],
    ['TLSA', '3 1 1 D2AB DE24', '030101d2abde24', '3 1 1 d2abde24'],
    ['SSHFP', '4 2 ab01', '0402ab01', null],
    ['DS', '60485 5 1 2BB183', 'ec4505012bb183', '60485 5 1 2bb183'],
    [
      'NAPTR',
      '100 10 "u" "sip+E2U" "!^.*$!sip:i@x.test!" .',
      `0064000a0175077369702b453255${'13'}${Buffer.from('!^.*$!sip:i@x.test!').toString('hex')}00`,
      null,
    ],
    [
      'SOA',
      'ns1.test. Host\\.Master.test. 1 2 3 4 4294967295',
      '036e73310474657374000b686f73742e6d617374657204746573740000000001000000020000000300000004ffffffff',
      'ns1.test host\\.master.test 1 2 3 4 4294967295',
    ],
    ['TYPE65534', '\\# 3 00FF10', '00ff10', '\\# 3 00ff10'],
    ['AAAA', '::FFFF:c000:201', '00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
    ['AAAA', '::ffff:192.0.2.1', '00000000000000000000ffffc0000201', null],
    ['AAAA', '64:ff9b::192.0.2.1', '0064ff9b0000000000000000c0000201', '64:ff9b::c000:201'],
    ['A', '\\# 4 c0000201', 'c0000201', '192.0.2.1'],
  ])('%s %s', (type, given, hex, canonical) => {
    const code = typeCode(type);
    expect(hexOf(code, given)).toBe(hex);
    expect(presentRdata(code, Buffer.from(hex, 'hex'))).toBe(canonical ?? given);
  });

  it.each([
    ['A', '192.0.2.256'],
    ['A', '192.0.2'],
    ['A', '192.0.2.01'],
    ['A', '0xc0000201'],
    ['A', '192.0.2.1 192.0.2.2'],
    ['A', ''],
    ['A', '\\# 5 c000020101'],
    ['A', '\\# 3 c00002'],
    ['A', '\\# 3 c0000201'],
    ['AAAA', '2001:db8::1%eth0'],
    ['AAAA', '192.0.2.1'],
    ['MX', 'mail.example.test'],
    ['MX', '65536 mail.example.test'],
    ['MX', '-1 mail.example.test'],
    ['TXT', ''],
    ['TXT', '"open'],
    ['TXT', `"${'a'.repeat(256)}"`],
    ['TXT', '"new\nline"'],
    ['TXT', '"bücher"'],
    ['CAA', '0 is-sue "x"'],
    ['TLSA', '3 1 1 abc'],
    ['TLSA', '3 1 1'],
    ['CNAME', 'a b'],
    ['TYPE999', 'text'],
  ])('refuses %s %s as invalid-input', (type, given) => {
    expect(() => parseRdata(typeCode(type), given)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });

  it.each(recordTypes)('every valid %s value has one spelling, which survives the way to bytes and back', (type) => {
    const code = typeCodes[type];
    fc.assert(
      fc.property(anyValue[type], (value) => {
        const once = canonicalValue(code, value);
        expect(canonicalValue(code, once)).toBe(once);
        expect(Buffer.from(parseRdata(code, once))).toEqual(Buffer.from(parseRdata(code, value)));
        if (type !== 'AAAA') expect(once).toBe(value);
      }),
      { numRuns: 50 },
    );
  });

  it('random bytes as RDATA of any type give data or dns-malformed, and data gives text or dns-malformed', () => {
    const types = [...Object.values(typeCodes), 9999];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 60 }), (type, bytes) => {
        try {
          const data = readRdata(type, new WireReader(bytes), bytes.length);
          const text = presentRdata(type, data);
          expect(Buffer.from(parseRdata(type, text)).toString('latin1').toLowerCase()).toBe(
            Buffer.from(data).toString('latin1').toLowerCase(),
          );
        } catch (error) {
          expect(error).toMatchObject({ code: 'dns-malformed' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('random text as a value gives data or invalid-input', () => {
    fc.assert(
      fc.property(fc.constantFrom(...recordTypes), fc.string({ maxLength: 40, unit: 'binary' }), (type, text) => {
        try {
          parseRdata(typeCodes[type], text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-input' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('text of any length becomes strings of at most 255 bytes that join to it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 700, unit: 'grapheme' }), (text) => {
        const strings = tokenize(textValue(text)).map((token) => token.bytes);
        expect(Buffer.concat(strings).toString('utf8')).toBe(Buffer.from(text).toString('utf8'));
        expect(Math.max(...strings.map((bytes) => bytes.length))).toBeLessThanOrEqual(255);
      }),
      { numRuns: 100 },
    );
  });

  it('a type number without a mnemonic is TYPE<n>', () => {
    expect(typeName(65534)).toBe('TYPE65534');
    expect(typeCode('type65534')).toBe(65534);
    expect(() => typeCode('TYPE65536')).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    expect(() => typeCode('toString')).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});

describe('records and record sets', () => {
  it('groups by name and type, sorts, drops duplicates, takes the lowest TTL, leaves unmanaged types out', () => {
    const records = [
      ...toRecords({ name: 'B.test', type: 'A', ttl: 60, values: ['192.0.2.2', '192.0.2.1', '192.0.2.1'] }),
      ...toRecords({ name: 'b.test', type: 'A', ttl: 30, values: ['192.0.2.3'] }),
      ...toRecords({ name: 'a.test', type: 'CNAME', ttl: 5, values: ['B.test.'] }),
      { name: 'a.test', type: typeCodes.RRSIG, class: 1, ttl: 5, data: new Uint8Array(20) },
    ];
    expect(toRecordSets(records)).toEqual([
      { name: 'a.test', type: 'CNAME', ttl: 5, values: ['b.test'] },
      { name: 'b.test', type: 'A', ttl: 30, values: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] },
    ]);
  });

  it('names of every type what people put there, and leaves out what servers make by themselves', () => {
    const at = { name: 'a.test', class: 1, ttl: 5 };
    const records = [
      ...toRecords({ name: 'a.test', type: 'A', ttl: 60, values: ['192.0.2.2'] }),
      { ...at, type: typeCodes.HTTPS, data: Uint8Array.of(0, 1, 0) },
      { ...at, type: typeCodes.HTTPS, data: Uint8Array.of(0, 2, 0) },
      { ...at, type: 65400, data: new Uint8Array() },
      { ...at, type: typeCodes.HINFO, class: 3, data: Uint8Array.of(0, 0) },
      ...[
        typeCodes.RRSIG,
        typeCodes.NSEC,
        typeCodes.NSEC3,
        typeCodes.NSEC3PARAM,
        typeCodes.DNSKEY,
        typeCodes.CDS,
        typeCodes.CDNSKEY,
        65534,
      ].map((type) => ({ ...at, type, data: new Uint8Array(20) })),
    ];
    expect(toAllRecordSets(records)).toEqual([
      { name: 'a.test', type: 'A', ttl: 60, values: ['192.0.2.2'] },
      { name: 'a.test', type: 'HTTPS', ttl: 5, values: ['\\# 3 000100', '\\# 3 000200'] },
      { name: 'a.test', type: 'TYPE65400', ttl: 5, values: ['\\# 0'] },
    ]);
  });

  it('one odd record does not hide the others: it stands in the form for unknown data', () => {
    const odd = { name: 'odd.test', type: typeCodes.SSHFP, class: 1, ttl: 5, data: Uint8Array.of(1) };
    expect(toRecordSets([odd])).toEqual([{ name: 'odd.test', type: 'SSHFP', ttl: 5, values: ['\\# 1 01'] }]);
  });

  it.each([
    ['a fingerprint of nothing', typeCodes.SSHFP, '0109'],
    ['a CAA tag with a hyphen', typeCodes.CAA, '0003612d6278'],
  ])('%s is read from a message, stands in the form for unknown data, and is written back as it was', (_, type, data) => {
    const record = { name: 'odd.test', type, class: 1, ttl: 5, data: Buffer.from(data, 'hex') };
    const message = encodeMessage({ ...queryMessage(1, 'odd.test', type), response: true, answers: [record] });
    const [set] = toRecordSets(decodeMessage(message).answers);
    expect(set?.values).toEqual([`\\# ${data.length / 2} ${data}`]);
    if (set === undefined) throw new Error('the set is one that is managed');
    expect(toRecords(set).map((one) => Buffer.from(one.data).toString('hex'))).toEqual([data]);
    expect(canonicalRecordSet(set)).toEqual(set);
  });

  it('the serial is read from an SOA and from nothing else', () => {
    const [soa] = toRecords({ name: 'x.test', type: 'SOA', ttl: 1, values: ['ns.x.test h.x.test 4294967295 1 2 3 4'] });
    const [a] = toRecords({ name: 'x.test', type: 'A', ttl: 1, values: ['192.0.2.1'] });
    if (soa === undefined || a === undefined) throw new Error('both have a value');
    expect(serialOfSoa(soa)).toBe(4294967295);
    expect(() => serialOfSoa(a)).toThrow(expect.objectContaining({ code: 'dns-malformed' }));
  });

  it('a canonical set is what its records group back to', () => {
    const set = { name: 'X.test.', type: 'TXT' as const, ttl: 60, values: ['b', '"a"', 'b'] };
    expect(canonicalRecordSet(set)).toEqual({ name: 'x.test', type: 'TXT', ttl: 60, values: ['"a"', '"b"'] });
    expect(toRecordSets(toRecords(set))).toEqual([canonicalRecordSet(set)]);
  });
});
