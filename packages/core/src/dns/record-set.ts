// A record set (RRset, RFC 2181 §5): all records of one name, class IN and one type, with one TTL.
// Names and name-valued data are absolute, lower case, without the trailing dot; values are in presentation format.

/** Record types that Hostmaster writes; others in a zone are seen and left alone. */
export const recordTypes = ['A', 'AAAA', 'CNAME', 'TXT', 'CAA', 'MX', 'SRV', 'NS', 'SOA', 'PTR', 'TLSA', 'SSHFP', 'DS', 'NAPTR'] as const;
export type RecordType = (typeof recordTypes)[number];

export type RecordSet = {
  readonly name: string;
  readonly type: RecordType;
  /** Seconds. */
  readonly ttl: number;
  /** Presentation format (RFC 1035 §5.1), sorted, without duplicates; at least one. */
  readonly values: readonly string[];
};

/** A set of whatever type: of those that Hostmaster does not write nothing is written, but nothing is put beside them unseen either. */
export type OtherRecordSet = Omit<RecordSet, 'type'> & {
  /** Mnemonic, or TYPE<n> (RFC 3597 §5). */
  readonly type: string;
};

/** By what a set is found among others: there is one of each name and type. */
export const recordSetKey = ({ name, type }: { readonly name: string; readonly type: string }): string => `${name} ${type}`;

export const isManaged = (set: OtherRecordSet): set is RecordSet => recordTypes.some((type) => type === set.type);

/** One step of a plan. `before` is the ground it was planned on: null means that no such set existed. */
export type RecordSetChange = {
  readonly name: string;
  readonly type: RecordType;
  readonly before: RecordSet | null;
  readonly after: RecordSet | null;
};

export const sameRecordSet = (a: RecordSet | null, b: RecordSet | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.name === b.name &&
    a.type === b.type &&
    a.ttl === b.ttl &&
    a.values.length === b.values.length &&
    a.values.every((value, index) => value === b.values[index]));
