// The SOA's numbers (RFC 1035 §3.3.13) and serial arithmetic (RFC 1982).
import { type StoredSet, storedSet } from './zone.ts';

/** The fields of SOA data in presentation format: mname, rname, serial, refresh, retry, expire, minimum. Names have their spaces escaped. */
const fieldsOf = (value: string): string[] => value.split(' ');

export const serialOfValue = (value: string): number => Number(fieldsOf(value)[2]);

export const serialOf = (soa: StoredSet): number => serialOfValue(soa.values[0] ?? '');

/** The SOA that goes into negative answers, with the TTL by which they are cached (RFC 2308 §3, §5). */
export function negativeSoa(soa: StoredSet): StoredSet['records'] {
  const minimum = Number(fieldsOf(soa.values[0] ?? '')[6]);
  return soa.records.map((record) => ({ ...record, ttl: Math.min(record.ttl, minimum) }));
}

/** The next serial. Zero is skipped: some secondaries take it for "none". */
export const nextSerial = (serial: number): number => (serial + 1) >>> 0 || 1;

export function withSerial(soa: StoredSet, serial: number): StoredSet {
  const fields = fieldsOf(soa.values[0] ?? '');
  fields[2] = String(serial);
  return storedSet(soa.name, soa.type, soa.ttl, [fields.join(' ')]);
}
