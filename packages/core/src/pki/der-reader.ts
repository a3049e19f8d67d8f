// A strict reader for the DER subset of ITU-T X.690 that X.509 needs: definite minimal lengths, minimal integers,
// single-octet tags, no trailing octets, bounded depth by construction (the caller descends). What is not DER is
// refused, so two parsers can never see two different certificates in the same bytes. Every error is `invalid-input`.
import { HostmasterError } from '../errors.ts';
import { tag } from './der.ts';

/** One value: its tag octet, its contents, and the whole TLV as it stood in the input (views, not copies). */
export type DerValue = { readonly tag: number; readonly content: Uint8Array; readonly raw: Uint8Array };

const malformed = (what: string): HostmasterError => new HostmasterError('invalid-input', `Not valid DER: ${what}.`);

function readValue(input: Uint8Array, at: number): DerValue {
  const tagOctet = input[at];
  const first = input[at + 1];
  if (tagOctet === undefined || first === undefined) throw malformed('a value is cut short');
  if ((tagOctet & 0x1f) === 0x1f) throw malformed('a tag number over 30');
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw malformed('an indefinite or oversized length');
    length = 0;
    for (let i = 0; i < count; i += 1) {
      const octet = input[start + i];
      if (octet === undefined) throw malformed('a length is cut short');
      length = length * 256 + octet;
    }
    start += count;
    if (length < 0x80 || length < 256 ** (count - 1)) throw malformed('a length is not minimal');
  }
  if (start + length > input.length) throw malformed('a value runs past the end');
  return { tag: tagOctet, content: input.subarray(start, start + length), raw: input.subarray(at, start + length) };
}

/** Exactly one value and nothing after it. */
export function readDer(input: Uint8Array): DerValue {
  const value = readValue(input, 0);
  if (value.raw.length !== input.length) throw malformed('octets after the end');
  return value;
}

/** The values that a constructed value holds; at most `limit`. */
export function children(value: DerValue, limit = 4096): DerValue[] {
  const out: DerValue[] = [];
  for (let at = 0; at < value.content.length; ) {
    if (out.length === limit) throw malformed(`more than ${limit} values in one`);
    const child = readValue(value.content, at);
    out.push(child);
    at += child.raw.length;
  }
  return out;
}

/** The value, provided that it is there and has the expected tag. */
export function expectTag(value: DerValue | undefined, expected: number, what: string): DerValue {
  if (value === undefined) throw malformed(`${what} is missing`);
  if (value.tag !== expected) throw malformed(`${what} has tag 0x${value.tag.toString(16)}`);
  return value;
}

/** The dotted form of an OBJECT IDENTIFIER. */
export function readOid(value: DerValue | undefined): string {
  const { content } = expectTag(value, tag.oid, 'an object identifier');
  if (content.length === 0 || content.length > 64 || ((content.at(-1) ?? 0x80) & 0x80) !== 0)
    throw malformed('an object identifier is cut short');
  const arcs: (number | bigint)[] = [];
  let arc: number | bigint = 0;
  let begins = true;
  for (const octet of content) {
    if (begins && octet === 0x80) throw malformed('an object identifier is not minimal');
    // A UUID is an arc, too (ITU-T X.667), and needs 128 bits.
    arc = typeof arc === 'number' && arc < 2 ** 45 ? arc * 128 + (octet & 0x7f) : BigInt(arc) * 128n + BigInt(octet & 0x7f);
    begins = (octet & 0x80) === 0;
    if (begins) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [head = 0, ...rest] = arcs;
  const root = head >= 80 ? 2 : Math.floor(Number(head) / 40);
  return [root, BigInt(head) - BigInt(root * 40), ...rest].join('.');
}

/** Contents of an INTEGER, checked to be minimal; the first octet's top bit is its sign. */
export function readInteger(value: DerValue | undefined): Uint8Array {
  const { content } = expectTag(value, tag.integer, 'an integer');
  const [first, second = 0] = content;
  if (first === undefined) throw malformed('an empty integer');
  if (content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    throw malformed('an integer is not minimal');
  return content;
}

/** A small non-negative INTEGER as a number. */
export function readSmallInteger(value: DerValue | undefined): number {
  const content = readInteger(value);
  if ((content[0] ?? 0) >= 0x80 || content.length > 4) throw malformed('an integer out of range');
  return content.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** The octets of a BIT STRING without unused bits. */
export function readBitOctets(value: DerValue | undefined): Uint8Array {
  const { content } = expectTag(value, tag.bitString, 'a bit string');
  if (content[0] !== 0) throw malformed('a bit string is not whole octets');
  return content.subarray(1);
}

/** The positions of the set bits of a BIT STRING with named bits. */
export function readNamedBits(value: DerValue | undefined): number[] {
  const { content } = expectTag(value, tag.bitString, 'a bit string');
  const unused = content[0] ?? 8;
  if (unused > 7 || content.length > 5 || (content.length === 1 && unused !== 0)) throw malformed('named bits');
  const positions: number[] = [];
  for (let bit = 0; bit < (content.length - 1) * 8; bit += 1) {
    if (((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0) positions.push(bit);
  }
  return positions;
}

export function readBoolean(value: DerValue | undefined): boolean {
  const { content } = expectTag(value, tag.boolean, 'a boolean');
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw malformed('a boolean');
  return content[0] === 0xff;
}

const characterSets: ReadonlyMap<number, (content: Uint8Array) => string> = new Map([
  [tag.utf8String, (content) => Buffer.from(content).toString('utf8')],
  // PrintableString, IA5String, VisibleString; TeletexString is read as the Latin-1 that everybody writes into it.
  ...[0x13, 0x14, 0x16, 0x1a].map((each) => [each, (content: Uint8Array) => Buffer.from(content).toString('latin1')] as const),
  // BMPString: UTF-16, the high octet first.
  [0x1e, (content) => (content.length % 2 === 0 ? Buffer.from(content).swap16().toString('utf16le') : '\ufffd')],
]);

/** The text of a DirectoryString (RFC 5280 §4.1.2.4) or an IA5String; null for any other value. */
export function readText({ tag: kind, content }: DerValue): string | null {
  return characterSets.get(kind)?.(content) ?? null;
}

/** UTCTime or GeneralizedTime in the one form that RFC 5280 §4.1.2.5 allows: whole seconds, Z, switched at 2050. */
export function readTime(value: DerValue | undefined): Date {
  const utc = value?.tag === tag.utcTime;
  const { content } = expectTag(value, utc ? tag.utcTime : tag.generalizedTime, 'a time');
  const text = Buffer.from(content).toString('latin1');
  const digits = utc ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  if (!/^\d{14}Z$/.test(digits)) throw malformed('a time is not in the form of RFC 5280');
  const part = (at: number, size = 2): number => Number(digits.slice(at, at + size));
  const date = new Date(Date.UTC(part(0, 4), part(4) - 1, part(6), part(8), part(10), part(12)));
  // Date.UTC carries the 31st of February over into March; writing the date again finds that.
  if (`${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z` !== digits) throw malformed('a time that does not exist');
  if (!utc && date.getUTCFullYear() < 2050) throw malformed('a GeneralizedTime before 2050');
  return date;
}

/** Text of an IA5String-like value, refused if it holds anything but printable ASCII. */
export function readAscii(content: Uint8Array): string {
  const text = Buffer.from(content).toString('latin1');
  if (!/^[\x21-\x7e]*$/.test(text)) throw malformed('text that is not printable ASCII');
  return text;
}
