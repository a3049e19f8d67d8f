// Resource records (RFC 1035 §4.1.3) and the way between them and the domain's record sets.
// RDATA is kept as bytes with names in full, so that a record read from one message can be written into another as it is.
import { type OtherRecordSet, type RecordSet, type RecordType, recordSetKey, recordTypes } from '../record-set.ts';
import { classCodes, isData, typeCodes, typeName } from './codes.ts';
import { canonicalName, malformed } from './name.ts';
import { parseRdata, presentAny, readRdata } from './rdata.ts';
import type { WireReader } from './reader.ts';
import type { WireWriter } from './writer.ts';

export type ResourceRecord = {
  /** Lower case, absolute, without the trailing dot. */
  readonly name: string;
  readonly type: number;
  /** IN in data; ANY and NONE carry meaning in UPDATE (RFC 2136 §2.4, §2.5). */
  readonly class: number;
  /** Seconds; at most 2^31-1 (RFC 2181 §8). */
  readonly ttl: number;
  /** RDATA with names in full; empty in some UPDATE forms. May share memory with the message it was read from. */
  readonly data: Uint8Array;
};

const managed = new Map<number, RecordType>(recordTypes.map((type) => [typeCodes[type], type]));

/** The domain's type for a number, or undefined for types that Hostmaster leaves alone. */
export const managedType = (type: number): RecordType | undefined => managed.get(type);

/** The fixed part of a record in a message; RDATA is still to be read. */
export type RecordHeader = {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  readonly length: number;
};

export function readRecordHeader(reader: WireReader): RecordHeader {
  const name = reader.name();
  const type = reader.u16();
  const recordClass = reader.u16();
  const ttl = reader.u32();
  const length = reader.u16();
  if (reader.offset + length > reader.end) throw malformed('RDATA runs past the end');
  return { name, type, class: recordClass, ttl, length };
}

/** Reads the RDATA behind a header. Classes ANY and NONE may have none: that is what UPDATE is made of. Errors: dns-malformed. */
export function readRecordData(reader: WireReader, header: RecordHeader): ResourceRecord {
  const { name, type, class: recordClass, length } = header;
  const bare = recordClass === classCodes.ANY || recordClass === classCodes.NONE;
  const known = recordClass === classCodes.IN || bare;
  const data = known && !(bare && length === 0) ? readRdata(type, reader, length) : reader.take(length);
  // RFC 2181 §8: a TTL with the top bit set means zero. OPT and TSIG, which use the field otherwise, are read elsewhere.
  return { name, type, class: recordClass, ttl: header.ttl > 0x7fffffff ? 0 : header.ttl, data };
}

/** Writes a record; its owner name is compressed, names in RDATA are not (RFC 3597 §4 lets only the oldest types do that). */
export function writeRecord(writer: WireWriter, record: ResourceRecord): void {
  writer.compressedName(record.name);
  writer.u16(record.type);
  writer.u16(record.class);
  writer.u32(record.ttl);
  writer.u16(record.data.length);
  writer.put(record.data);
}

/** The records of a set. Errors: invalid-input (a value that is not valid for its type, a bad name, a TTL out of range). */
export function toRecords(set: RecordSet): ResourceRecord[] {
  const type = typeCodes[set.type];
  const name = canonicalName(set.name);
  return set.values.map((value) => ({ name, type, class: classCodes.IN, ttl: set.ttl, data: parseRdata(type, value) }));
}

/**
 * Groups records of class IN into record sets: values sorted and without duplicates, sets in order of name and type.
 * Other classes and types that Hostmaster does not write are left out (`toAllRecordSets`).
 * TTLs that differ within a set become the lowest (RFC 2181 §5.2). A value that is not well-formed for its type stands in
 * the form for unknown ones (RFC 3597 §5), so that one odd record does not hide a zone.
 */
export const toRecordSets = (records: Iterable<ResourceRecord>): RecordSet[] => grouped(records, managedType);

/** As `toRecordSets`, of every type, save what servers make by themselves. */
export const toAllRecordSets = (records: Iterable<ResourceRecord>): OtherRecordSet[] =>
  grouped(records, (code) => managedType(code) ?? (isData(code) ? typeName(code) : undefined));

function grouped<Type extends string>(
  records: Iterable<ResourceRecord>,
  typeOf: (code: number) => Type | undefined,
): { name: string; type: Type; ttl: number; values: string[] }[] {
  const sets = new Map<string, { name: string; type: Type; ttl: number; values: Set<string> }>();
  for (const record of records) {
    const type = typeOf(record.type);
    if (type === undefined || record.class !== classCodes.IN) continue;
    const value = presentAny(record.type, record.data);
    const key = recordSetKey({ name: record.name, type });
    const set = sets.get(key);
    if (set === undefined) sets.set(key, { name: record.name, type, ttl: record.ttl, values: new Set([value]) });
    else {
      set.values.add(value);
      set.ttl = Math.min(set.ttl, record.ttl);
    }
  }
  return [...sets.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { name, type, ttl, values }]) => ({ name, type, ttl, values: [...values].sort() }));
}

/** A set with its name and values in their one canonical spelling, sorted, without duplicates. Errors: invalid-input. */
export function canonicalRecordSet(set: RecordSet): RecordSet {
  const values = new Set(toRecords(set).map((record) => presentAny(record.type, record.data)));
  return { name: canonicalName(set.name), type: set.type, ttl: set.ttl, values: [...values].sort() };
}

/** The serial of an SOA record: the first of the five numbers that end its data (RFC 1035 §3.3.13). Errors: dns-malformed. */
export function serialOfSoa(record: ResourceRecord): number {
  const { data } = record;
  if (record.type !== typeCodes.SOA || data.length < 22) throw malformed('a record that should be an SOA is none');
  return new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(data.length - 20);
}
