// A zone as it is read: in parts, so that one of a million records is never held whole. Small ones may be (`wholeZone`).
import { isManaged, type OtherRecordSet, type RecordSet, recordSetKey } from './record-set.ts';

/** Some of what a zone holds. */
export type ZonePart = {
  /** Serial of the SOA (RFC 1982 arithmetic), the same in all parts of a reading; null where the provider has none. */
  readonly serial: number | null;
  /**
   * Record sets of whatever type, in no order: also what people put there that Hostmaster does not write, and not what the server makes by
   * itself (signatures, proofs of non-existence, keys). Records of one set may come in several parts, which are one set together
   * (`joinedSets`): RFC 5936 §2.2 gives a transfer no order.
   */
  readonly recordSets: readonly OtherRecordSet[];
};

export const recordCount = (sets: readonly OtherRecordSet[]): number => sets.reduce((sum, { values }) => sum + values.length, 0);

/** Sets of one name and type as one: all values, sorted and without duplicates, and the lowest TTL (RFC 2181 §5.2). By name and type. */
export function joinedSets<S extends OtherRecordSet>(pieces: Iterable<S>): S[] {
  const sets = new Map<string, S>();
  for (const piece of pieces) {
    const key = recordSetKey(piece);
    const other = sets.get(key);
    const values = other === undefined ? piece.values : [...new Set([...other.values, ...piece.values])].sort();
    sets.set(key, { ...piece, values, ttl: Math.min(piece.ttl, other?.ttl ?? piece.ttl) });
  }
  return [...sets.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, set]) => set);
}

export type WholeZone = {
  readonly serial: number | null;
  readonly recordSets: readonly RecordSet[];
  readonly others: readonly OtherRecordSet[];
};

/** A reading to its end, in memory: for zones that are known to be small. Errors: those of the reading. */
export async function wholeZone(parts: AsyncIterable<ZonePart>): Promise<WholeZone> {
  let serial: number | null = null;
  const pieces: OtherRecordSet[] = [];
  for await (const part of parts) {
    ({ serial } = part);
    pieces.push(...part.recordSets);
  }
  const all = joinedSets(pieces);
  return { serial, recordSets: all.filter(isManaged), others: all.filter((set) => !isManaged(set)) };
}
