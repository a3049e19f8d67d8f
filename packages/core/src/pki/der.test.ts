import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { generalizedTime, integer, maxDerLength, namedBits, octetString, oid, setOf, time, tlv } from './der.ts';
import { readDer, readNamedBits, readOid, readTime } from './der-reader.ts';

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
    [16_777_215, '0483ffffff'],
    [16_777_216, '048401000000'],
  ])('gives %i octets the shortest length, which the reader takes', (length, start) => {
    const written = octetString(new Uint8Array(length));
    expect(hex(written.subarray(0, start.length / 2))).toBe(start);
    expect(readDer(written).content).toHaveLength(length);
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
    ['', '020100'],
    ['0000', '020100'],
    ['000001', '020101'],
    ['80', '02020080'],
    ['00007f', '02017f'],
  ])('writes the octets %j as a minimal integer that is not negative', (octets, expected) => {
    expect(hex(integer(bytes(octets)))).toBe(expected);
  });

  it.each([
    ['2.5.29.17', '0603551d11'],
    ['1.2.840.113549.1.1.11', '06092a864886f70d01010b'],
    ['1.3.132.0.34', '06052b81040022'],
    ['0.9.2342', '0603099226'],
    ['2.39.1', '06027701'],
    ['2.999.3', '0603883703'],
    ['1.2.4294967296', '06062a9080808000'],
    ['1.2.9007199254740991', '06092a8fffffffffffff7f'],
  ])('writes the object identifier %s', (dotted, expected) => {
    for (const written of [oid(dotted), oid(dotted)]) expect(hex(written)).toBe(expected);
    expect(readOid(readDer(bytes(expected)))).toBe(dotted);
  });

  it('leaves trailing zero bits out of named bits', () => {
    expect(hex(namedBits(0))).toBe('03020780');
    expect(hex(namedBits(5, 6))).toBe('03020106');
    expect(hex(namedBits(8, 0))).toBe('0303078080');
    expect(readNamedBits(readDer(namedBits(0, 5, 6)))).toEqual([0, 5, 6]);
  });

  it('switches from UTCTime to GeneralizedTime with the year 2050, and drops milliseconds', () => {
    expect(Buffer.from(time(new Date('2049-12-31T23:59:59.999Z'))).toString('latin1', 2)).toBe('491231235959Z');
    expect(time(new Date('2049-12-31T23:59:59Z'))[0]).toBe(0x17);
    expect(Buffer.from(time(new Date('2050-01-01T00:00:00.5Z'))).toString('latin1', 2)).toBe('20500101000000Z');
    expect(time(new Date('2050-01-01T00:00:00Z'))[0]).toBe(0x18);
    expect(Buffer.from(generalizedTime(new Date('2026-11-20T12:00:07.9Z'))).toString('latin1')).toBe('\x18\x0f20261120120007Z');
  });

  it.each(['1950-01-01T00:00:00.000Z', '9999-12-31T23:59:59.000Z'])('writes the time %s, at the edge of what there is', (text) => {
    expect(readTime(readDer(time(new Date(text)))).toISOString()).toBe(text);
  });

  it.each([new Date(Number.NaN), new Date('1949-12-31T23:59:59Z'), new Date('+010000-01-01T00:00:00Z')])('refuses the time %s', (date) => {
    expect(refused(() => time(date))).toBe(true);
    expect(refused(() => generalizedTime(date))).toBe(true);
  });

  it('sorts a SET OF by its encodings', () => {
    expect(hex(setOf(integer(2), integer(1)))).toBe('3106020101020102');
  });

  it('refuses to build past its bound, and integers it cannot carry', () => {
    expect(refused(() => tlv(0x04, [new Uint8Array(maxDerLength), new Uint8Array(1)]))).toBe(true);
    expect(tlv(0x04, [new Uint8Array(maxDerLength)])).toHaveLength(maxDerLength + 6);
    expect(refused(() => integer(-1))).toBe(true);
    expect(refused(() => integer(2 ** 53))).toBe(true);
  });
});
