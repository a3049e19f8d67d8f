// RDATA of each known type as a list of fields, and from it three things: reading from a message (names expanded, lengths checked),
// presentation format, and parsing. One list instead of three codecs, so that they cannot disagree.
// Types without a list are opaque bytes and are written as `\# length hex` (RFC 3597 §5).
import ipaddr from 'ipaddr.js';
import { addressText } from '../../address/address.ts';
import { HostmasterError } from '../../errors.ts';
import { typeCodes, typeName } from './codes.ts';
import { canonicalName, invalid, malformed } from './name.ts';
import { quote, type Token, tokenize } from './presentation.ts';
import { WireReader } from './reader.ts';
import { WireWriter } from './writer.ts';

type Field = {
  /** Copies the field from the reader to the writer in full form, checking its length. */
  readonly copy: (from: WireReader, to: WireWriter) => void;
  readonly present: (from: WireReader) => string;
  /** Takes the words it needs from the front of `tokens`. */
  readonly parse: (tokens: Token[], to: WireWriter) => void;
};

function next(tokens: Token[]): Token {
  const token = tokens.shift();
  if (token === undefined) throw invalid('A field is missing at the end.');
  return token;
}

function integer(bits: 8 | 16 | 32): Field {
  const read = (from: WireReader) => (bits === 8 ? from.u8() : bits === 16 ? from.u16() : from.u32());
  const write = (to: WireWriter, value: number) => (bits === 8 ? to.u8(value) : bits === 16 ? to.u16(value) : to.u32(value));
  return {
    copy: (from, to) => write(to, read(from)),
    present: (from) => String(read(from)),
    parse: (tokens, to) => {
      const { raw } = next(tokens);
      if (!/^[0-9]{1,10}$/.test(raw) || Number(raw) >= 2 ** bits) throw invalid(`"${raw}" is not a number from 0 to ${2 ** bits - 1}.`);
      write(to, Number(raw));
    },
  };
}

const name: Field = {
  copy: (from, to) => to.name(from.spelledName()),
  present: (from) => from.name(),
  parse: (tokens, to) => to.name(canonicalName(next(tokens).raw)),
};

const ipv4: Field = {
  copy: (from, to) => to.put(from.take(4)),
  present: (from) => from.take(4).join('.'),
  parse: (tokens, to) => {
    const { raw } = next(tokens);
    if (!/^(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}$/.test(raw)) throw invalid(`"${raw}" is not an IPv4 address.`);
    for (const part of raw.split('.')) {
      if (Number(part) > 255) throw invalid(`"${raw}" is not an IPv4 address.`);
      to.u8(Number(part));
    }
  },
};

const ipv6: Field = {
  copy: (from, to) => to.put(from.take(16)),
  present: (from) => addressText([...from.take(16)]),
  parse: (tokens, to) => {
    const { raw } = next(tokens);
    if (!/^[0-9a-fA-F:.]+$/.test(raw) || !ipaddr.IPv6.isValid(raw)) throw invalid(`"${raw}" is not an IPv6 address.`);
    to.put(Uint8Array.from(ipaddr.IPv6.parse(raw).toByteArray()));
  },
};

const characterString: Field = {
  copy: (from, to) => to.shortString(from.take(from.u8())),
  present: (from) => quote(from.take(from.u8())),
  parse: (tokens, to) => to.shortString(next(tokens).bytes),
};

/** One or more character strings up to the end (TXT, RFC 1035 §3.3.14). */
const characterStrings: Field = {
  copy: (from, to) => {
    do characterString.copy(from, to);
    while (from.offset < from.end);
  },
  present: (from) => {
    const strings: string[] = [];
    do strings.push(characterString.present(from));
    while (from.offset < from.end);
    return strings.join(' ');
  },
  parse: (tokens, to) => {
    do characterString.parse(tokens, to);
    while (tokens.length > 0);
  },
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

function parseHex(tokens: Token[]): Uint8Array {
  const digits = tokens.splice(0).map((token) => token.raw);
  const text = digits.join('');
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw invalid(`"${text.slice(0, 40)}" is not an even number of hexadecimal digits.`);
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** Bytes up to the end, as hexadecimal digits that may be spread over several words. Servers hold digests of none; such has no text. */
const hexRest: Field = {
  copy: (from, to) => to.put(from.rest()),
  present: (from) => {
    if (from.offset >= from.end) throw malformed('a digest is empty');
    return hex(from.rest());
  },
  parse: (tokens, to) => {
    const bytes = parseHex(tokens);
    if (bytes.length === 0) throw invalid('The hexadecimal data is missing.');
    to.put(bytes);
  },
};

const tagPattern = /^[a-z0-9]{1,255}$/i;

/** The property tag of CAA (RFC 8659 §4.1): ASCII letters and digits behind a length. Servers hold others, too; such have no text. */
const caaTag: Field = {
  copy: (from, to) => to.shortString(from.take(from.u8())),
  present: (from) => {
    const tag = Buffer.from(from.take(from.u8())).toString('latin1');
    if (!tagPattern.test(tag)) throw malformed('a CAA tag is not letters and digits');
    return tag.toLowerCase();
  },
  parse: (tokens, to) => {
    const { raw } = next(tokens);
    if (!tagPattern.test(raw)) throw invalid(`"${raw}" is not a CAA tag: letters and digits only.`);
    to.shortString(Buffer.from(raw.toLowerCase(), 'latin1'));
  },
};

/** The value of CAA: everything up to the end, without a length. */
const quotedRest: Field = {
  copy: (from, to) => to.put(from.rest()),
  present: (from) => quote(from.rest()),
  parse: (tokens, to) => to.put(next(tokens).bytes),
};

const u8 = integer(8);
const u16 = integer(16);
const u32 = integer(32);

const layouts = new Map<number, readonly Field[]>([
  [typeCodes.A, [ipv4]],
  [typeCodes.NS, [name]],
  [typeCodes.CNAME, [name]],
  [typeCodes.SOA, [name, name, u32, u32, u32, u32, u32]],
  [typeCodes.PTR, [name]],
  [typeCodes.MX, [u16, name]],
  [typeCodes.TXT, [characterStrings]],
  [typeCodes.RP, [name, name]],
  [typeCodes.AFSDB, [u16, name]],
  [typeCodes.AAAA, [ipv6]],
  [typeCodes.SRV, [u16, u16, u16, name]],
  [typeCodes.NAPTR, [u16, u16, characterString, characterString, characterString, name]],
  [typeCodes.DNAME, [name]],
  [typeCodes.DS, [u16, u8, u8, hexRest]],
  [typeCodes.SSHFP, [u8, u8, hexRest]],
  [typeCodes.TLSA, [u8, u8, u8, hexRest]],
  [typeCodes.CAA, [u8, caaTag, quotedRest]],
]);

/** Reads `length` bytes of RDATA from a message, names in full. Errors: dns-malformed (fields shorter or longer than `length`). */
export function readRdata(type: number, reader: WireReader, length: number): Uint8Array {
  const layout = layouts.get(type);
  if (layout === undefined) return reader.take(length);
  const outer = reader.end;
  const start = reader.offset;
  if (start + length > outer) throw malformed('RDATA runs past the end');
  reader.end = start + length;
  try {
    const writer = new WireWriter(length + 32);
    for (const field of layout) field.copy(reader, writer);
    if (reader.offset !== reader.end) throw malformed(`${typeName(type)} data has ${reader.end - reader.offset} bytes too many`);
    return writer.finish();
  } finally {
    reader.end = outer;
  }
}

/** RDATA of any type in the form for unknown ones (RFC 3597 §5). */
const presentOpaque = (data: Uint8Array): string => `\\# ${data.length}${data.length === 0 ? '' : ` ${hex(data)}`}`;

/** RDATA in presentation format, or in the form for unknown types where it is not what the type says, so that no odd record hides others. */
export function presentAny(type: number, data: Uint8Array): string {
  try {
    return presentRdata(type, data);
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    return presentOpaque(data);
  }
}

/** RDATA in presentation format; names lower case. Errors: dns-malformed if `data` is not what the type says. */
export function presentRdata(type: number, data: Uint8Array): string {
  const layout = layouts.get(type);
  if (layout === undefined) return presentOpaque(data);
  const reader = new WireReader(data);
  const text = layout.map((field) => field.present(reader)).join(' ');
  if (reader.offset !== reader.end) throw malformed(`${typeName(type)} data has ${reader.end - reader.offset} bytes too many`);
  return text;
}

/** RDATA from presentation format; `\# length hex` is taken for every type (RFC 3597 §5). Errors: invalid-input. */
export function parseRdata(type: number, text: string): Uint8Array {
  try {
    const layout = layouts.get(type);
    if (/^\s*\\#(?:\s|$)/.test(text)) return parseOpaque(type, text);
    if (layout === undefined) throw invalid('Data of this type is written as "\\# length hexadecimal".');
    const tokens = tokenize(text);
    const writer = new WireWriter(64);
    for (const field of layout) field.parse(tokens, writer);
    if (tokens.length > 0) throw invalid(`"${tokens[0]?.raw}" is too much at the end.`);
    if (writer.length > 0xffff) throw invalid('The data is over 65535 bytes.');
    return writer.finish();
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    throw new HostmasterError('invalid-input', `The ${typeName(type)} value "${text.slice(0, 80)}" is not valid: ${error.message}`, {
      cause: error,
    });
  }
}

function parseOpaque(type: number, text: string): Uint8Array {
  const [length, ...digits] = text.trim().split(/\s+/).slice(1);
  const bytes = parseHex(digits.map((raw) => ({ raw, bytes: new Uint8Array(), quoted: false })));
  if (length === undefined || !/^[0-9]{1,5}$/.test(length) || Number(length) !== bytes.length) {
    throw invalid(`The length "${length ?? ''}" is not that of the ${bytes.length} bytes that follow.`);
  }
  return readRdata(type, new WireReader(bytes), bytes.length);
}

/** A value in the one spelling that this codec produces (sorted sets compare by it). Errors: invalid-input. */
export const canonicalValue = (type: number, text: string): string => presentRdata(type, parseRdata(type, text));
