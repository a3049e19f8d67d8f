// BER (ITU-T X.690 §8) made into DER, for what other programs write of PKCS #12: macOS and Bouncy Castle leave lengths open and cut
// octet strings into pieces. What was signed or hashed is in octet strings, whose content stays as it is.
import { HostmasterError } from '../errors.ts';
import { tag, tlv } from './der.ts';

/** More than any store nests. */
const deepest = 24;
const constructed = 0x20;
const constructedOctetString = tag.octetString | constructed;

const malformed = (what: string): HostmasterError => new HostmasterError('invalid-input', `Not valid BER: ${what}.`);

type Read = { readonly tag: number; readonly content: Uint8Array; readonly der: Uint8Array; readonly next: number };

/** The length in octets, null where it is left open, and where the content begins. */
function lengthAt(input: Uint8Array, at: number): { readonly length: number | null; readonly start: number } {
  const first = input[at];
  if (first === undefined) throw malformed('a value is cut short');
  if (first < 0x80) return { length: first, start: at + 1 };
  const octets = input.subarray(at + 1, at + 1 + (first & 0x7f));
  if (octets.length > 4 || octets.length < (first & 0x7f)) throw malformed('an oversized length');
  const start = at + 1 + octets.length;
  if (octets.length === 0) return { length: null, start };
  return { length: octets.reduce((length, octet) => length * 256 + octet, 0), start };
}

const isEnd = (input: Uint8Array, at: number): boolean => input[at] === 0 && input[at + 1] === 0;

function read(input: Uint8Array, at: number, depth: number): Read {
  const tagOctet = input[at];
  if (tagOctet === undefined) throw malformed('a value is cut short');
  if (depth > deepest) throw malformed('values nest too deep');
  if ((tagOctet & 0x1f) === 0x1f) throw malformed('a tag number over 30');
  const { length, start } = lengthAt(input, at + 1);
  const end = length === null ? null : start + length;
  if (end !== null && end > input.length) throw malformed('a value runs past the end');
  if ((tagOctet & constructed) === 0) {
    if (end === null) throw malformed('a primitive value of open length');
    const content = input.subarray(start, end);
    return { tag: tagOctet, content, der: tlv(tagOctet, [content]), next: end };
  }
  const within = end === null ? input : input.subarray(0, end);
  const parts: Read[] = [];
  let next = start;
  while (end === null ? !isEnd(within, next) : next < end) {
    const part = read(within, next, depth + 1);
    parts.push(part);
    next = part.next;
  }
  const after = end ?? next + 2;
  // One that was cut into pieces is one again (§8.7.3).
  if (tagOctet === constructedOctetString) {
    if (parts.some((part) => part.tag !== tag.octetString)) throw malformed('an octet string of something else');
    const content = Buffer.concat(parts.map((part) => part.content));
    return { tag: tag.octetString, content, der: tlv(tag.octetString, [content]), next: after };
  }
  const ders = parts.map(({ der }) => der);
  return { tag: tagOctet, content: Buffer.concat(ders), der: tlv(tagOctet, ders), next: after };
}

/** The DER of exactly one value of BER. Errors: invalid-input. */
export function derOfBer(input: Uint8Array): Uint8Array {
  const { der, next } = read(input, 0, 0);
  if (next !== input.length) throw malformed('octets after the end');
  return der;
}
