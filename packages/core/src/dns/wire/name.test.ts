import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyName } from './arbitrary.ts';
import { canonicalName, isNameWithin } from './name.ts';
import { WireReader } from './reader.ts';
import { WireWriter } from './writer.ts';

const encoded = (name: string): string => {
  const writer = new WireWriter();
  writer.name(name);
  return Buffer.from(writer.finish()).toString('hex');
};
const decoded = (hex: string, offset = 0): string => {
  const reader = new WireReader(Buffer.from(hex, 'hex'));
  reader.offset = offset;
  return reader.name();
};

describe('names on the wire', () => {
  it.each([
    ['.', '00'],
    ['f.isi.arpa', '016603697369046172706100'],
    ['*.example.test', '012a076578616d706c65047465737400'],
    ['a\\.b.test', '03612e62047465737400'],
    ['\\000\\255.test', '0200ff047465737400'],
    ['a\\\\.test', '02615c047465737400'],
  ])('%s is %s and back', (name, hex) => {
    expect(encoded(name)).toBe(hex);
    expect(decoded(hex)).toBe(name);
  });

  it('every valid name survives the way to the wire and back', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(decoded(encoded(name))).toBe(name);
      }),
    );
  });

  it('decodes the compressed names of RFC 1035 §4.1.4', () => {
    // F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64, the root at 92.
    const bytes = Buffer.alloc(93);
    bytes.set(Buffer.from('014603495349044152504100', 'hex'), 20);
    bytes.set(Buffer.from('03464f4fc014', 'hex'), 40);
    bytes.set(Buffer.from('c01a', 'hex'), 64);
    const hex = bytes.toString('hex');
    expect([20, 40, 64, 92].map((offset) => decoded(hex, offset))).toEqual(['f.isi.arpa', 'foo.f.isi.arpa', 'arpa', '.']);
  });

  it.each([
    ['an empty label', 'a..test'],
    ['a leading dot', '.test'],
    ['nothing at all', ''],
    ['a label of 64 bytes', `${'a'.repeat(64)}.test`],
    ['256 bytes', `${`${'a'.repeat(49)}.`.repeat(5)}${'b'.repeat(4)}`],
    ['a space', 'a b.test'],
    ['characters beyond ASCII', 'bücher.test'],
    ['an escape that is not a byte', '\\256.test'],
    ['a backslash at the end', 'a\\'],
  ])('refuses to encode %s', (_, name) => {
    expect(() => encoded(name)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });

  it('takes exactly 255 bytes and labels of exactly 63', () => {
    const name = [63, 63, 63, 61].map((length) => 'a'.repeat(length)).join('.');
    expect(encoded(name)).toHaveLength(510);
    expect(decoded(encoded(name))).toBe(name);
  });

  it.each([
    ['a pointer to itself', 'c000', 0],
    ['a pointer forwards', `${'00'.repeat(12)}c00e00`, 12],
    ['two pointers at each other', `${'00'.repeat(12)}c00ec00c`, 14],
    ['a pointer into the header', `${'00'.repeat(12)}c000`, 12],
    ['a label that loops onto itself', `${'00'.repeat(12)}0161c00c`, 12],
    ['a label type of 0x40', '40', 0],
    ['a label over the end', '0561', 0],
    ['no end', '0161', 0],
    ['half a pointer', 'c0', 0],
    ['256 bytes', `${`3f${'61'.repeat(63)}`.repeat(4)}00`, 0],
  ])('refuses to decode %s', (_, hex, offset) => {
    expect(() => decoded(hex, offset)).toThrow(expect.objectContaining({ code: 'dns-malformed' }));
  });

  it('refuses a name that pointers stretch over 255 bytes', () => {
    const run = `3f${'61'.repeat(63)}`;
    // 12 bytes header, a name of 193 bytes, then one label of 63 bytes that points to it.
    const hex = `${'00'.repeat(12)}${run.repeat(3)}00${run}c00c`;
    expect(() => decoded(hex, 12 + 193)).toThrow(expect.objectContaining({ code: 'dns-malformed' }));
  });
});

describe('names in text', () => {
  it.each([
    ['WWW.Example.TEST.', 'www.example.test'],
    ['\\097b.test', 'ab.test'],
    ['\\065b.test', 'ab.test'],
    ['a\\.b.test', 'a\\.b.test'],
    ['.', '.'],
  ])('%s is spelled %s', (given, canonical) => {
    expect(canonicalName(given)).toBe(canonical);
    expect(canonicalName(canonical)).toBe(canonical);
  });

  it.each([
    ['example.test', 'example.test', true],
    ['a.example.test', 'example.test', true],
    ['evilexample.test', 'example.test', false],
    ['test', 'example.test', false],
    ['a\\.example.test', 'example.test', false],
    ['a\\\\.example.test', 'example.test', true],
    ['anything', '.', true],
  ])('%s within %s: %s', (name, zone, within) => expect(isNameWithin(name, zone)).toBe(within));
});
