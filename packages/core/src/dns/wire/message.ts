// One DNS message (RFC 1035 §4.1) with EDNS (RFC 6891), for client and server: decode what came, build queries and responses,
// encode within a size limit. UPDATE (update.ts) uses the same four sections under other names; TSIG (tsig.ts) signs the encoded bytes.
import { classCodes, opcodes, rcodes, typeCodes } from './codes.ts';
import { canonicalName, invalid, malformed } from './name.ts';
import { WireReader } from './reader.ts';
import { type RecordHeader, type ResourceRecord, readRecordData, readRecordHeader, writeRecord } from './record.ts';
import { WireWriter } from './writer.ts';

export const maxMessageLength = 0xffff;
/** What fits every path without fragments (DNS flag day 2020). */
export const safeUdpPayload = 1232;
const headerLength = 12;

export type Question = {
  /** Lower case. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** The name in the case it had on the wire; a server echoes it (resolvers check it, "0x20"). Absent: as `name`. */
  readonly spelled?: string;
};

export type Edns = {
  /** The largest UDP payload the sender takes, in bytes. */
  readonly udpPayload: number;
  readonly version: number;
  readonly dnssecOk: boolean;
  readonly options: readonly { readonly code: number; readonly data: Uint8Array }[];
};

export type Message = {
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  readonly authenticData: boolean;
  readonly checkingDisabled: boolean;
  /** Twelve bits with EDNS, four without. */
  readonly rcode: number;
  /** The zone section of an UPDATE. */
  readonly questions: readonly Question[];
  /** The prerequisites of an UPDATE. */
  readonly answers: readonly ResourceRecord[];
  /** The updates of an UPDATE. */
  readonly authorities: readonly ResourceRecord[];
  /** Without OPT and TSIG, which are `edns` and `signature`. */
  readonly additionals: readonly ResourceRecord[];
  readonly edns: Edns | null;
};

/** The TSIG record of a message (RFC 8945 §4.2), as received. */
export type Signature = {
  readonly keyName: string;
  readonly algorithm: string;
  /** Seconds since 1970. */
  readonly timeSigned: number;
  /** Seconds. */
  readonly fudge: number;
  readonly mac: Uint8Array;
  readonly originalId: number;
  readonly error: number;
  readonly otherData: Uint8Array;
  /** Where the record starts in the message: everything before it is what was signed. */
  readonly offset: number;
};

export type ReceivedMessage = Message & { readonly wire: Uint8Array; readonly signature: Signature | null };

const emptyMessage: Omit<Message, 'id'> = {
  response: false,
  opcode: opcodes.QUERY,
  authoritative: false,
  truncated: false,
  recursionDesired: false,
  recursionAvailable: false,
  authenticData: false,
  checkingDisabled: false,
  rcode: rcodes.NOERROR,
  questions: [],
  answers: [],
  authorities: [],
  additionals: [],
  edns: null,
};

/** A message from its parts; what is not given is off or empty. */
export const message = (parts: Partial<Message> & { readonly id: number }): Message => ({ ...emptyMessage, ...parts });

const plainEdns = (udpPayload: number): Edns => ({ udpPayload, version: 0, dnssecOk: false, options: [] });

/** A query of one question, class IN, with EDNS; recursive, and not to be validated (CD, RFC 4035 §3.2.2), only where that is asked for. `id`: 16 random bits. Errors: invalid-input (name). */
export function queryMessage(
  id: number,
  name: string,
  type: number,
  options: { recursionDesired?: boolean; checkingDisabled?: boolean; edns?: Edns | null } = {},
): Message {
  const { recursionDesired = false, checkingDisabled = false, edns = plainEdns(safeUdpPayload) } = options;
  return message({ id, recursionDesired, checkingDisabled, edns, questions: [{ name: canonicalName(name), type, class: classCodes.IN }] });
}

/** The response to a query: its id, opcode, question and RD, EDNS if the query had it (RFC 6891 §6.1.1); the rest as given. */
export function responseTo(query: Message, parts: Partial<Omit<Message, 'id' | 'response' | 'opcode' | 'questions' | 'edns'>>): Message {
  const { id, opcode, questions, recursionDesired } = query;
  const edns = query.edns === null ? null : { ...plainEdns(safeUdpPayload), dnssecOk: query.edns.dnssecOk };
  return { ...emptyMessage, ...parts, id, opcode, questions, recursionDesired, response: true, edns };
}

/** The size limit for a UDP response: what the asker takes, 512 without EDNS (RFC 1035 §4.2.1), at most `ours`. */
export const udpLimit = (query: Message, ours: number = safeUdpPayload): number =>
  Math.min(Math.max(512, query.edns?.udpPayload ?? 512), ours);

/** FORMERR for bytes that cannot be decoded, or null where no answer is due (a response, or too short to have an id). */
export function formatErrorFor(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < headerLength || ((bytes[2] ?? 0) & 0x80) !== 0) return null;
  const header = new Uint8Array(headerLength);
  header.set(bytes.subarray(0, 2));
  header[2] = 0x80 | ((bytes[2] ?? 0) & 0x79);
  header[3] = rcodes.FORMERR;
  return header;
}

/** Decodes a whole message, bytes to the last. Errors: dns-malformed, and never anything else. */
export function decodeMessage(bytes: Uint8Array): ReceivedMessage {
  if (bytes.length > maxMessageLength) throw malformed('it is over 65535 bytes');
  const reader = new WireReader(bytes);
  const id = reader.u16();
  const flags = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()] as const;
  const questions: Question[] = [];
  for (let index = 0; index < counts[0]; index += 1) {
    const spelled = reader.spelledName();
    questions.push({ name: spelled.toLowerCase(), type: reader.u16(), class: reader.u16(), spelled });
  }
  const answers = readSection(reader, counts[1]);
  const authorities = readSection(reader, counts[2]);
  const { additionals, edns, signature } = readAdditionals(reader, counts[3]);
  if (reader.offset !== bytes.length) throw malformed(`${bytes.length - reader.offset} bytes follow after the last record`);
  return {
    id,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >>> 11) & 0xf,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionDesired: (flags & 0x0100) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    authenticData: (flags & 0x0020) !== 0,
    checkingDisabled: (flags & 0x0010) !== 0,
    rcode: (flags & 0xf) | ((edns?.extendedRcode ?? 0) << 4),
    questions,
    answers,
    authorities,
    additionals,
    edns: edns?.edns ?? null,
    wire: bytes,
    signature,
  };
}

function readSection(reader: WireReader, count: number): ResourceRecord[] {
  const records: ResourceRecord[] = [];
  for (let index = 0; index < count; index += 1) records.push(readRecordData(reader, readRecordHeader(reader)));
  return records;
}

type ReadEdns = { readonly edns: Edns; readonly extendedRcode: number };

function readAdditionals(reader: WireReader, count: number) {
  const additionals: ResourceRecord[] = [];
  let edns: ReadEdns | null = null;
  let signature: Signature | null = null;
  for (let index = 0; index < count; index += 1) {
    const offset = reader.offset;
    const header = readRecordHeader(reader);
    if (header.type === typeCodes.OPT) {
      if (edns !== null) throw malformed('it has two OPT records');
      edns = readEdns(reader, header);
    } else if (header.type === typeCodes.TSIG) {
      if (index !== count - 1) throw malformed('the TSIG record is not the last one');
      signature = readSignature(reader, header, offset);
    } else additionals.push(readRecordData(reader, header));
  }
  return { additionals, edns, signature };
}

function readEdns(reader: WireReader, header: RecordHeader): ReadEdns {
  if (header.name !== '.') throw malformed('the OPT record is not at the root');
  const body = new WireReader(reader.take(header.length));
  const options: { code: number; data: Uint8Array }[] = [];
  while (body.offset < body.end) options.push({ code: body.u16(), data: body.take(body.u16()) });
  const edns = { udpPayload: header.class, version: (header.ttl >>> 16) & 0xff, dnssecOk: (header.ttl & 0x8000) !== 0, options };
  return { edns, extendedRcode: header.ttl >>> 24 };
}

function readSignature(reader: WireReader, header: RecordHeader, offset: number): Signature {
  if (header.class !== classCodes.ANY || header.ttl !== 0) throw malformed('the TSIG record has a class other than ANY or a TTL');
  const body = new WireReader(reader.take(header.length));
  const signature = {
    keyName: header.name,
    algorithm: body.name(),
    timeSigned: body.u48(),
    fudge: body.u16(),
    mac: body.take(body.u16()),
    originalId: body.u16(),
    error: body.u16(),
    otherData: body.take(body.u16()),
    offset,
  };
  if (body.offset !== body.end) throw malformed('the TSIG record has bytes too many');
  return signature;
}

/**
 * Encodes a message. A response that does not fit `limit` minus `reserve` (kept free for a TSIG record) is cut between record sets:
 * TC is set unless only additional records are missing (RFC 2181 §9). Errors: invalid-input (a query or update over the limit, a bad name).
 */
export function encodeMessage(from: Message, options: { limit?: number; reserve?: number } = {}): Uint8Array {
  const { limit = maxMessageLength, reserve = 0 } = options;
  const writer = new WireWriter();
  const edns = from.edns === null ? null : encodeEdns(from.edns, from.rcode);
  const room = limit - reserve - (edns?.length ?? 0);
  writer.u16(from.id);
  writer.u16(0);
  writer.u16(from.questions.length);
  for (let count = 0; count < 3; count += 1) writer.u16(0);
  for (const question of from.questions) {
    writer.compressedName(question.spelled ?? question.name);
    writer.u16(question.type);
    writer.u16(question.class);
  }
  const sections = [from.answers, from.authorities, from.additionals];
  let truncated = from.truncated;
  for (const [index, section] of sections.entries()) {
    const count = writeSection(writer, section, room);
    writer.putU16(6 + index * 2, count);
    if (count === section.length) continue;
    if (!from.response) throw invalid(`The message does not fit into ${limit} bytes.`);
    truncated ||= index < 2;
    break;
  }
  if (edns !== null) {
    writer.put(edns);
    // Additional records plus OPT; a section cut short has left its own count behind.
    const counted = writer.finish();
    writer.putU16(10, (((counted[10] ?? 0) << 8) | (counted[11] ?? 0)) + 1);
  }
  writer.putU16(2, flagsOf(from, truncated));
  if (writer.length > limit - reserve) throw invalid(`The message does not fit into ${limit} bytes.`);
  return writer.finish();
}

/** Writes records while they fit, whole record sets only; returns how many. Nothing may be written by name after a cut. */
function writeSection(writer: WireWriter, records: readonly ResourceRecord[], room: number): number {
  let start = writer.length;
  let first = 0;
  for (const [index, record] of records.entries()) {
    const before = records[index - 1];
    if (before === undefined || before.type !== record.type || before.name !== record.name) {
      start = writer.length;
      first = index;
    }
    if (index >= 0xffff || record.data.length > 0xffff) throw invalid('The message has more records, or more data, than can be counted.');
    writeRecord(writer, record);
    if (writer.length > room) {
      writer.rollBack(start);
      return first;
    }
  }
  return records.length;
}

const flagsOf = (from: Message, truncated: boolean): number =>
  (from.response ? 0x8000 : 0) |
  ((from.opcode & 0xf) << 11) |
  (from.authoritative ? 0x0400 : 0) |
  (truncated ? 0x0200 : 0) |
  (from.recursionDesired ? 0x0100 : 0) |
  (from.recursionAvailable ? 0x0080 : 0) |
  (from.authenticData ? 0x0020 : 0) |
  (from.checkingDisabled ? 0x0010 : 0) |
  (from.rcode & 0xf);

function encodeEdns(edns: Edns, rcode: number): Uint8Array {
  const writer = new WireWriter(32);
  writer.u8(0);
  writer.u16(typeCodes.OPT);
  writer.u16(edns.udpPayload);
  writer.u8(rcode >>> 4);
  writer.u8(edns.version);
  writer.u16(edns.dnssecOk ? 0x8000 : 0);
  const lengthAt = writer.length;
  writer.u16(0);
  for (const option of edns.options) {
    writer.u16(option.code);
    writer.u16(option.data.length);
    writer.put(option.data);
  }
  writer.putU16(lengthAt, writer.length - lengthAt - 2);
  return writer.finish();
}
