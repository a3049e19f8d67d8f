// The lines that zone files on disk are made of: a checksum, a space, JSON. One line is one state or one change that happened wholly or not
// at all; a line that was cut by a crash is told by its checksum, not guessed from its shape.
import { createHash } from 'node:crypto';
import { typeCode, typeName } from '@hostmaster/core/dns/wire/codes';
import { type StoredSet, storedSet, type ZoneChange } from './zone.ts';

/** Sets by name, mnemonic, TTL and values; no values: the set is gone. */
type LineSet = readonly [name: string, type: string, ttl: number, values: readonly string[]];

export type ZoneLine = {
  readonly apex: string;
  /** Counts the updates of a zone; unlike the serial it never goes round and nobody sets it. */
  readonly sequence: number;
  readonly changes: readonly ZoneChange[];
};

const checksumLength = 16;
const checksum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, checksumLength);

export function formatLine({ apex, sequence, changes }: ZoneLine): string {
  const sets = changes.map(({ name, type, after }): LineSet => [name, typeName(type), after?.ttl ?? 0, after?.values ?? []]);
  const text = JSON.stringify({ apex, sequence, sets });
  return `${checksum(text)} ${text}\n`;
}

/** The line without its line feed; null for anything that was not written whole by formatLine. */
export function parseLine(line: string): ZoneLine | null {
  const text = line.slice(checksumLength + 1);
  if (line[checksumLength] !== ' ' || checksum(text) !== line.slice(0, checksumLength)) return null;
  const parsed: unknown = JSON.parse(text);
  if (!isObject(parsed) || typeof parsed.apex !== 'string' || typeof parsed.sequence !== 'number' || !Array.isArray(parsed.sets))
    return null;
  const sets: readonly unknown[] = parsed.sets;
  return sets.every(isLineSet) ? { apex: parsed.apex, sequence: parsed.sequence, changes: sets.map(changeOf) } : null;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function isLineSet(value: unknown): value is LineSet {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [name, type, ttl, values]: readonly unknown[] = value;
  const strings = Array.isArray(values) && values.every((one) => typeof one === 'string');
  return typeof name === 'string' && typeof type === 'string' && typeof ttl === 'number' && strings;
}

function changeOf([name, mnemonic, ttl, values]: LineSet): ZoneChange {
  const type = typeCode(mnemonic);
  return { name, type, after: values.length === 0 ? null : storedSet(name, type, ttl, values) };
}

/** A whole zone as the changes that make it from nothing. */
export const wholeZone = (sets: Iterable<StoredSet>): ZoneChange[] =>
  Array.from(sets, (after) => ({ name: after.name, type: after.type, after }));
