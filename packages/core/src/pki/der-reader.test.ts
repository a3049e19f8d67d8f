import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { rounds } from '../testing/soak.ts';
import { bitString, integer, octetString, sequence, time, tlv } from './der.ts';
import {
  children,
  type DerValue,
  expectTag,
  readAscii,
  readBitOctets,
  readBoolean,
  readDer,
  readInteger,
  readNamedBits,
  readOid,
  readSmallInteger,
  readTime,
} from './der-reader.ts';

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
const notDer = (run: () => unknown, reason: string): void =>
  expect(run).toThrow(expect.objectContaining({ code: 'invalid-input', message: `Not valid DER: ${reason}.` }));
const read = (text: string): DerValue => readDer(bytes(text));

describe('the reader', () => {
  it.each([
    ['nothing', '', 'a value is cut short'],
    ['a tag alone', '30', 'a value is cut short'],
    ['a long tag', '1f8101', 'a tag number over 30'],
    ['a long tag of a constructed value', 'bf8101', 'a tag number over 30'],
    ['an indefinite length', '30800000', 'an indefinite or oversized length'],
    ['a length of five octets', '04850000000001', 'an indefinite or oversized length'],
    ['a length that is cut short', '048201', 'a length is cut short'],
    ['a long length of what is short', '04810100', 'a length is not minimal'],
    ['a length with a leading zero', '0482007f', 'a length is not minimal'],
    ['a length with a leading zero before 128 and more', `048200ff${'00'.repeat(255)}`, 'a length is not minimal'],
    ['a value past the end', '0405ff', 'a value runs past the end'],
    ['a long value past the end', '0484ffffffff', 'a value runs past the end'],
    ['octets after the end', '050000', 'octets after the end'],
  ])('refuses %s', (_, input, reason) => {
    notDer(() => read(input), reason);
  });

  it('tells a value that is missing from one of another kind', () => {
    expect(expectTag(read('0500'), 0x05, 'the thing').content).toHaveLength(0);
    notDer(() => expectTag(undefined, 0x05, 'the thing'), 'the thing is missing');
    notDer(() => expectTag(read('0400'), 0x05, 'the thing'), 'the thing has tag 0x4');
  });

  it('holds no more values in one than it is told to, and no half one', () => {
    const three = sequence(integer(1), integer(2), integer(3));
    expect(children(readDer(three), 3)).toHaveLength(3);
    notDer(() => children(readDer(three), 2), 'more than 2 values in one');
    notDer(() => children(read('3004020101ff')), 'a value is cut short');
  });

  it.each<[kind: string, (value: DerValue) => unknown, refused: readonly (readonly [string, string])[]]>([
    [
      'an integer',
      readInteger,
      [
        ['0200', 'an empty integer'],
        ['02020001', 'an integer is not minimal'],
        ['0202007f', 'an integer is not minimal'],
        ['0202ff80', 'an integer is not minimal'],
        ['0401ff', 'an integer has tag 0x4'],
      ],
    ],
    [
      'a small integer',
      readSmallInteger,
      [
        ['0201ff', 'an integer out of range'],
        ['020180', 'an integer out of range'],
        ['02050100000000', 'an integer out of range'],
      ],
    ],
    [
      'an object identifier',
      readOid,
      [
        ['0600', 'an object identifier is cut short'],
        ['060181', 'an object identifier is cut short'],
        [`0641${'01'.repeat(65)}`, 'an object identifier is cut short'],
        ['0602807f', 'an object identifier is not minimal'],
        ['06032a8001', 'an object identifier is not minimal'],
        ['0500', 'an object identifier has tag 0x5'],
      ],
    ],
    [
      'whole octets',
      readBitOctets,
      [
        ['0300', 'a bit string is not whole octets'],
        ['03020780', 'a bit string is not whole octets'],
        ['0400', 'a bit string has tag 0x4'],
      ],
    ],
    [
      'named bits',
      readNamedBits,
      [
        ['0300', 'named bits'],
        ['030101', 'named bits'],
        ['03020880', 'named bits'],
        ['0306000102030405', 'named bits'],
        ['0400', 'a bit string has tag 0x4'],
      ],
    ],
    [
      'a boolean',
      readBoolean,
      [
        ['0100', 'a boolean'],
        ['010101', 'a boolean'],
        ['01020000', 'a boolean'],
        ['0102ffff', 'a boolean'],
        ['0201ff', 'a boolean has tag 0x2'],
      ],
    ],
  ])('refuses as %s what is none or not written as DER does', (_, parse, cases) => {
    for (const [input, reason] of cases) notDer(() => parse(read(input)), reason);
  });

  it('takes the edges of what it does not refuse', () => {
    expect(['020100', '0201ff', '02020080', '0202ff7f'].map((text) => hex(readInteger(read(text))))).toEqual(['00', 'ff', '0080', 'ff7f']);
    expect(['02017f', '0204ffffffff', '02047fffffff', '02020080'].filter((text) => !refused(() => readSmallInteger(read(text))))).toEqual([
      '02017f',
      '02047fffffff',
      '02020080',
    ]);
    expect(readOid(read(`0640${'01'.repeat(64)}`))).toBe(['0.1', ...Array.from({ length: 63 }, () => '1')].join('.'));
    // Arcs of 63 bits, and of the 128 of a UUID.
    expect(readOid(read('060a2affffffffffffffff7f'))).toBe(`1.2.${2n ** 63n - 1n}`);
    expect(readOid(read(`06146983${'ff'.repeat(17)}7f`))).toBe(`2.25.${2n ** 128n - 1n}`);
    expect([readBoolean(read('010100')), readBoolean(read('0101ff'))]).toEqual([false, true]);
    expect(readNamedBits(read('030100'))).toEqual([]);
    expect(readNamedBits(read('03050080008001'))).toEqual([0, 16, 31]);
    expect(readAscii(Buffer.from('!a~'))).toBe('!a~');
    expect(readAscii(new Uint8Array(0))).toBe('');
  });

  it.each([' ', '\x7f', '\x80', 'a\n', 'a b', '\0a'])('refuses the text %j', (text) => {
    notDer(() => readAscii(Buffer.from(text, 'latin1')), 'text that is not printable ASCII');
  });

  const timeOf = (tagOctet: number, text: string): Date => readTime(readDer(tlv(tagOctet, [Buffer.from(text)])));
  const [utc, generalized] = [0x17, 0x18];
  const [form, nowhere] = ['a time is not in the form of RFC 5280', 'a time that does not exist'];

  it.each([
    [utc, '2602281200Z', form],
    [utc, '260228120000+0100', form],
    [utc, '260228120000', form],
    [utc, '20260228120000Z', form],
    [utc, '260228120000Zx', form],
    [utc, 'x260228120000Z', form],
    [generalized, '20500101000000.5Z', form],
    [generalized, '120500101000000Z', form],
    [generalized, '500101000000Z', form],
    [utc, '260231120000Z', nowhere],
    [utc, '260229120000Z', nowhere],
    [utc, '260001120000Z', nowhere],
    [utc, '261301120000Z', nowhere],
    [utc, '260200120000Z', nowhere],
    [utc, '260228240000Z', nowhere],
    [utc, '260228006000Z', nowhere],
    [utc, '260228000060Z', nowhere],
    [generalized, '00500101000000Z', nowhere],
    [generalized, '20490101000000Z', 'a GeneralizedTime before 2050'],
    [0x04, '260228120000Z', 'a time has tag 0x4'],
  ])('refuses the time %i %s: %s', (tagOctet, text, reason) => {
    notDer(() => timeOf(tagOctet, text), reason);
  });

  it.each([
    [utc, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [utc, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [utc, '280229000000Z', '2028-02-29T00:00:00.000Z'],
    [generalized, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
  ])('reads the time %i %s as %s', (tagOctet, text, expected) => {
    expect(timeOf(tagOctet, text).toISOString()).toBe(expected);
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
