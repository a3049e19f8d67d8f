// One zone in memory: record sets by name and type, and which names exist without owning anything (empty non-terminals, RFC 4592 §2.2.2).
// A set is never changed, only replaced, so that a transfer under way keeps reading the zone as it was when it began.
import { classCodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { parseRdata } from '@hostmaster/core/dns/wire/rdata';
import type { ResourceRecord } from '@hostmaster/core/dns/wire/record';
import { HostmasterError } from '@hostmaster/core/errors';
import { lineage } from './ancestors.ts';

/** All records of one name and type; any type, also those that Hostmaster itself does not manage. */
export type StoredSet = {
  /** Canonical: lower case, absolute, without the trailing dot. */
  readonly name: string;
  readonly type: number;
  /** Seconds. */
  readonly ttl: number;
  /** Presentation format in the codec's one spelling, so that equal data is equal text; at least one. */
  readonly values: readonly string[];
  readonly records: readonly ResourceRecord[];
};

export type ZoneChange = { readonly name: string; readonly type: number; readonly after: StoredSet | null };

/** The records at one name, by type. */
export type ZoneNode = ReadonlyMap<number, StoredSet>;

/** A set from canonical values; duplicates become one. Errors: invalid-input. */
export function storedSet(name: string, type: number, ttl: number, values: readonly string[]): StoredSet {
  const distinct = [...new Set(values)];
  const records = distinct.map((value) => ({ name, type, class: classCodes.IN, ttl, data: parseRdata(type, value) }));
  return { name, type, ttl, values: distinct, records };
}

export class Zone {
  readonly apex: string;
  readonly #nodes = new Map<string, Map<number, StoredSet>>();
  /** For each existing name, how many owner names are at or below it. */
  readonly #owners = new Map<string, number>();
  #sets = 0;

  /** `sets` must hold the SOA at the apex. Errors: internal where it does not. */
  constructor(apex: string, sets: Iterable<StoredSet>) {
    this.apex = apex;
    for (const set of sets) this.#put(set);
    // The getter checks.
    void this.soa;
  }

  get soa(): StoredSet {
    const soa = this.set(this.apex, typeCodes.SOA);
    if (soa === undefined) throw new HostmasterError('internal', `The zone ${this.apex} has no SOA record.`);
    return soa;
  }

  get size(): number {
    return this.#sets;
  }

  node(name: string): ZoneNode | undefined {
    return this.#nodes.get(name);
  }

  set(name: string, type: number): StoredSet | undefined {
    return this.#nodes.get(name)?.get(type);
  }

  /** Whether the name owns records or lies above one that does. */
  exists(name: string): boolean {
    return this.#owners.has(name);
  }

  /** Every set, the SOA first. */
  *sets(): Generator<StoredSet> {
    const { soa } = this;
    yield soa;
    for (const node of this.#nodes.values()) for (const set of node.values()) if (set !== soa) yield set;
  }

  apply(changes: readonly ZoneChange[]): void {
    for (const { name, type, after } of changes) {
      if (after === null) this.#remove(name, type);
      else this.#put(after);
    }
  }

  #put(set: StoredSet): void {
    let node = this.#nodes.get(set.name);
    if (node === undefined) {
      node = new Map();
      this.#nodes.set(set.name, node);
      for (const name of lineage(set.name, this.apex)) this.#owners.set(name, (this.#owners.get(name) ?? 0) + 1);
    }
    if (!node.has(set.type)) this.#sets += 1;
    node.set(set.type, set);
  }

  #remove(name: string, type: number): void {
    const node = this.#nodes.get(name);
    if (!node?.delete(type)) return;
    this.#sets -= 1;
    if (node.size > 0) return;
    this.#nodes.delete(name);
    for (const at of lineage(name, this.apex)) {
      const left = (this.#owners.get(at) ?? 1) - 1;
      if (left === 0) this.#owners.delete(at);
      else this.#owners.set(at, left);
    }
  }
}
