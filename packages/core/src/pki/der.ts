// A writer for the DER subset of ITU-T X.690 that X.509 needs. Values are built inside out: every function returns
// one finished TLV, so a structure reads like its ASN.1 and nothing is ever patched afterwards. The volume paths
// (leaf, CRL) rest on it; the strict counterpart that reads is der-reader.ts.
import { HostmasterError } from '../errors.ts';

/** Nothing this writer builds is larger; a CRL of 100,000 entries takes about 4 MB. */
export const maxDerLength = 32 * 1024 * 1024;

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  if (length < 0x1_0000) return [0x82, length >> 8, length & 0xff];
  if (length < 0x100_0000) return [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return [0x84, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
}

/** One TLV with the contents joined. Errors: invalid-input past `maxDerLength`. */
export function tlv(tagOctet: number, contents: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of contents) length += part.length;
  if (length > maxDerLength) throw new HostmasterError('invalid-input', `A DER value may hold at most ${maxDerLength} bytes.`);
  const header = lengthOctets(length);
  const out = new Uint8Array(1 + header.length + length);
  out[0] = tagOctet;
  out.set(header, 1);
  let at = 1 + header.length;
  for (const part of contents) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => tlv(tag.sequence, parts);
export const setOf = (...parts: readonly Uint8Array[]): Uint8Array =>
  tlv(
    tag.set,
    [...parts].sort((a, b) => Buffer.compare(a, b)),
  );
export const octetString = (...parts: readonly Uint8Array[]): Uint8Array => tlv(tag.octetString, parts);
export const utf8String = (text: string): Uint8Array => tlv(tag.utf8String, [Buffer.from(text, 'utf8')]);
export const derNull = new Uint8Array([tag.null, 0]);
export const derTrue = new Uint8Array([tag.boolean, 1, 0xff]);

/** `[number] EXPLICIT`, or `[number] IMPLICIT` of a constructed type when given its contents. */
export const contextConstructed = (number: number, ...parts: readonly Uint8Array[]): Uint8Array => tlv(0xa0 | number, parts);
/** `[number] IMPLICIT` of a primitive type. */
export const contextPrimitive = (number: number, content: Uint8Array): Uint8Array => tlv(0x80 | number, [content]);

/** Contents of a non-negative INTEGER from big-endian octets: minimal, with a zero octet where the sign bit would be set. */
function unsignedContent(bigEndian: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bigEndian.length - 1 && bigEndian[start] === 0) start += 1;
  const minimal = bigEndian.subarray(start);
  if (minimal.length === 0) return new Uint8Array([0]);
  return (minimal[0] ?? 0) < 0x80 ? minimal : Uint8Array.from([0, ...minimal]);
}

/** A non-negative INTEGER, from big-endian octets or from a safe integer. */
export function integer(value: Uint8Array | number): Uint8Array {
  if (typeof value !== 'number') return tlv(tag.integer, [unsignedContent(value)]);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new HostmasterError('invalid-input', 'An INTEGER must be a non-negative safe integer.');
  const hex = value.toString(16);
  return tlv(tag.integer, [unsignedContent(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'))]);
}

/** What a template fills in is shorter, as a rule: the lengths of its parts make one number. */
const shortPart = 4096;

/**
 * Makes structures that end with parts which differ from one to the next: what stands before them follows from their lengths, and is
 * written once for each. Where hundreds of thousands are made, most of the time would go into the same headers.
 * @param build the whole from its parts, which stand at its end in their order
 */
export function template(build: (...parts: Uint8Array[]) => Uint8Array): (...parts: Uint8Array[]) => Uint8Array {
  const beginnings = new Map<number, Uint8Array>();
  return (...parts) => {
    let [key, length] = [0, 0];
    for (const part of parts) {
      if (part.length >= shortPart) return build(...parts);
      key = key * shortPart + part.length;
      length += part.length;
    }
    const known = beginnings.get(key);
    if (known !== undefined) return Buffer.concat([known, ...parts], known.length + length);
    const whole = build(...parts);
    beginnings.set(key, whole.slice(0, whole.length - length));
    return whole;
  };
}

export const enumerated = (value: number): Uint8Array => new Uint8Array([tag.enumerated, 1, value]);

/** A BIT STRING of whole octets. */
export const bitString = (octets: Uint8Array): Uint8Array => tlv(tag.bitString, [new Uint8Array([0]), octets]);

/** A BIT STRING with named bits: trailing zero bits are left out (X.690 §11.2.2). */
export function namedBits(...positions: readonly number[]): Uint8Array {
  const last = Math.max(...positions);
  const octets = new Uint8Array((last >> 3) + 1);
  for (const position of positions) octets[position >> 3] = (octets[position >> 3] ?? 0) | (0x80 >> (position & 7));
  return tlv(tag.bitString, [new Uint8Array([7 - (last & 7)]), octets]);
}

function encodeOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const base128 = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) base128.unshift((left & 0x7f) | 0x80);
    octets.push(...base128);
  }
  return tlv(tag.oid, [Uint8Array.from(octets)]);
}

const encodedOids = new Map<string, Uint8Array>();

/** An OBJECT IDENTIFIER from its dotted form; ours are few, so each is encoded once. */
export function oid(dotted: string): Uint8Array {
  const known = encodedOids.get(dotted);
  if (known !== undefined) return known;
  const encoded = encodeOid(dotted);
  if (encodedOids.size < 100) encodedOids.set(dotted, encoded);
  return encoded;
}

/** The digits of a GeneralizedTime: whole seconds, Z. */
function digitsOf(date: Date): string {
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 1950 || year > 9999)
    throw new HostmasterError('invalid-input', 'A time must lie in the years 1950 to 9999.');
  const text = date.toISOString();
  const at = (from: number): string => text.slice(from, from + 2);
  return `${text.slice(0, 4)}${at(5)}${at(8)}${at(11)}${at(14)}${at(17)}Z`;
}

/** UTCTime until the end of 2049, GeneralizedTime from 2050; whole seconds, Z (RFC 5280 §4.1.2.5). */
export function time(date: Date): Uint8Array {
  return date.getUTCFullYear() < 2050 ? tlv(tag.utcTime, [Buffer.from(digitsOf(date).slice(2), 'latin1')]) : generalizedTime(date);
}

/** GeneralizedTime whatever the year, as OCSP has it (RFC 6960 §4.2.1). */
export const generalizedTime = (date: Date): Uint8Array => tlv(tag.generalizedTime, [Buffer.from(digitsOf(date), 'latin1')]);
