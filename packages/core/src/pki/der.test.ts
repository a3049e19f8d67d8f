import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { rounds } from '../testing/soak.ts';
import { bitString, integer, maxDerLength, namedBits, octetString, oid, sequence, setOf, time, tlv } from './der.ts';
import { children, readBitOctets, readDer, readInteger, readNamedBits, readOid, readSmallInteger, readTime } from './der-reader.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Buffer.from(text, 'hex');
const refused = (run: () => unknown): boolean => {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof HostmasterError && error.code === 'invalid-input') return true;
    throw error;
  }
};

describe('the writer', () => {
  it.each([
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_535, '0482ffff'],
    [65_536, '0483010000'],
  ])('gives %i octets the shortest length', (length, start) => {
    expect(hex(octetString(new Uint8Array(length))).startsWith(start)).toBe(true);
  });

  it.each([
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [256, '02020100'],
    [2 ** 32, '02050100000000'],
  ])('writes the integer %i minimally', (value, expected) => {
    expect(hex(integer(value))).toBe(expected);
  });

  it.each([
    ['2.5.29.17', '0603551d11'],
    ['1.2.840.113549.1.1.11', '06092a864886f70d01010b'],
    ['1.3.132.0.34', '06052b81040022'],
  ])('writes the object identifier %s', (dotted, expected) => {
    expect(hex(oid(dotted))).toBe(expected);
    expect(readOid(readDer(oid(dotted)))).toBe(dotted);
  });

  it('leaves trailing zero bits out of named bits', () => {
    expect(hex(namedBits(0))).toBe('03020780');
    expect(hex(namedBits(5, 6))).toBe('03020106');
    expect(readNamedBits(readDer(namedBits(0, 5, 6)))).toEqual([0, 5, 6]);
  });

  it('switches from UTCTime to GeneralizedTime with the year 2050, and drops milliseconds', () => {
    expect(Buffer.from(time(new Date('2049-12-31T23:59:59.999Z'))).toString('latin1', 2)).toBe('491231235959Z');
    expect(time(new Date('2049-12-31T23:59:59Z'))[0]).toBe(0x17);
    expect(Buffer.from(time(new Date('2050-01-01T00:00:00.5Z'))).toString('latin1', 2)).toBe('20500101000000Z');
    expect(time(new Date('2050-01-01T00:00:00Z'))[0]).toBe(0x18);
  });

  it.each([new Date(Number.NaN), new Date('1949-12-31T23:59:59Z'), new Date(8.64e15)])('refuses the time %s', (date) => {
    expect(refused(() => time(date))).toBe(true);
  });

  it('sorts a SET OF by its encodings', () => {
    expect(hex(setOf(integer(2), integer(1)))).toBe('3106020101020102');
  });

  it('refuses to build past its bound, and integers it cannot carry', () => {
    expect(refused(() => tlv(0x04, [new Uint8Array(maxDerLength + 1)]))).toBe(true);
    expect(refused(() => integer(-1))).toBe(true);
    expect(refused(() => integer(2 ** 53))).toBe(true);
  });
});

describe('the reader', () => {
  it.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['an indefinite length', '30800000'],
    ['a length that is not minimal', '04810100'],
    ['a length with a leading zero', '0482007f'],
    ['a length of five octets', '04850000000001'],
    ['a value past the end', '0405ff'],
    ['octets after the end', '050000'],
    ['a long tag', '1f8101'],
  ])('refuses %s', (_, input) => {
    expect(refused(() => readDer(bytes(input)))).toBe(true);
  });

  it.each(['0200', '02020001', '0202ff80'])('refuses the integer %s, which is not minimal', (input) => {
    expect(refused(() => readInteger(readDer(bytes(input))))).toBe(true);
  });

  it.each(['0600', '0602807f', '060181', '060a2affffffffffffffffff7f'])('refuses the object identifier %s', (input) => {
    expect(refused(() => readOid(readDer(bytes(input))))).toBe(true);
  });

  it.each([
    ['17', '260231120000Z'],
    ['17', '2602281200Z'],
    ['17', '260228120000+0100'],
    ['18', '20490101000000Z'],
    ['18', '20500101000000.5Z'],
    ['17', '260228240000Z'],
  ])('refuses the time %s %s', (tagOctet, text) => {
    expect(refused(() => readTime(readDer(tlv(Number.parseInt(tagOctet, 16), [Buffer.from(text)]))))).toBe(true);
  });

  it('reads back every time the writer can write', () => {
    const seconds = fc.integer({ min: Date.UTC(1950, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });
    fc.assert(fc.property(seconds, (at) => readTime(readDer(time(new Date(at * 1000)))).getTime() === at * 1000));
  });

  it('reads back what the writer wrote, whatever the nesting', () => {
    const { value } = fc.letrec<{ value: Uint8Array }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.uint8Array({ maxLength: 300 }).map((content) => octetString(content)),
        fc.nat().map(integer),
        fc.uint8Array({ maxLength: 20 }).map((content) => bitString(content)),
        fc.array(tie('value'), { maxLength: 5 }).map((parts) => sequence(...parts)),
      ),
    }));
    fc.assert(
      fc.property(value, (written) => {
        const read = readDer(written);
        expect(hex(read.raw)).toBe(hex(written));
        if (read.tag === 0x30) expect(hex(sequence(...children(read).map(({ raw }) => raw)))).toBe(hex(written));
        if (read.tag === 0x03) expect(readBitOctets(read)).toEqual(read.content.subarray(1));
      }),
    );
    fc.assert(fc.property(fc.integer({ min: 0, max: 0x7fffffff }), (n) => readSmallInteger(readDer(integer(n))) === n));
  });

  it('accepts no second encoding: any bytes it reads are the bytes the writer writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (input) => {
        let read: ReturnType<typeof readDer>;
        try {
          read = readDer(input);
        } catch (error) {
          return error instanceof HostmasterError;
        }
        return hex(tlv(read.tag, [read.content])) === hex(input);
      }),
      { numRuns: rounds(5000, 1_000_000) },
    );
  });
});
