// From changes to the prerequisites and updates of RFC 2136, cut into parts of one message each. Pure: nothing here talks to a server.
import { type RecordSet, type RecordSetChange, sameRecordSet } from '@hostmaster/core/dns/record-set';
import { dataTypes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { toRecords } from '@hostmaster/core/dns/wire/record';
import type { Prerequisite, Update } from '@hostmaster/core/dns/wire/update';

export type Part = {
  readonly prerequisites: Prerequisite[];
  readonly updates: Update[];
  /** Records before and after. */
  records: number;
  /** An upper bound of the size on the wire. */
  bytes: number;
};

/** The sweet spot of BIND, Knot and PowerDNS; beyond it nothing gets faster. */
export const partRecords = 500;
/** A message ends at 65,535 bytes; the rest is for the header, the zone and the signature. */
const partBytes = 64_000;

/** Parts in the order of the changes. All changes of one name are in one part, so that no name is ever half changed. Changes: checked before. */
export function partsOf(zone: string, changes: readonly RecordSetChange[]): Part[] {
  const names = new Map<string, RecordSetChange[]>();
  for (const change of changes) {
    const known = names.get(change.name);
    if (known === undefined) names.set(change.name, [change]);
    else known.push(change);
  }
  const parts: Part[] = [];
  for (const [name, ofName] of names) {
    const next = partOfName(zone, name, ofName);
    const last = parts.at(-1);
    if (last === undefined || last.records + next.records > partRecords || last.bytes + next.bytes > partBytes) {
      parts.push(next);
      continue;
    }
    last.prerequisites.push(...next.prerequisites);
    last.updates.push(...next.updates);
    last.records += next.records;
    last.bytes += next.bytes;
  }
  return parts;
}

function partOfName(zone: string, name: string, changes: readonly RecordSetChange[]): Part {
  const prerequisites = [...changes.map(groundOf), ...aloneness(name, changes)];
  const becomesAlias = changes.some(({ type, before, after }) => type === 'CNAME' && before === null && after !== null);
  const updates = becomesAlias ? aliasInstead(name, changes) : changes.flatMap((change) => updatesOf(zone, change));
  const records = changes.reduce((sum, { before, after }) => sum + (before?.values.length ?? 0) + (after?.values.length ?? 0), 0);
  const sizes = [...prerequisites, ...updates].map((one) => {
    const data = !('data' in one) ? [] : one.data instanceof Uint8Array ? [one.data] : one.data;
    return Math.max(1, data.length) * (name.length + 12) + data.reduce((sum, bytes) => sum + bytes.length, 0);
  });
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return { prerequisites, updates, records, bytes };
}

const dataOf = (set: RecordSet): Uint8Array[] => toRecords(set).map((record) => record.data);

/** The change's `before`, value by value (§2.4.2), or that there is none (§2.4.3). */
function groundOf({ name, type, before }: RecordSetChange): Prerequisite {
  const code = typeCodes[type];
  return before === null ? { kind: 'rrset-absent', name, type: code } : { kind: 'rrset-equals', name, type: code, data: dataOf(before) };
}

/**
 * BIND and Knot answer NOERROR and ignore a CNAME beside other data (RFC 2136 §3.4.2.2), so the conflict is made a prerequisite: for a new
 * CNAME nothing else may be there, for anything else new no CNAME.
 */
function aloneness(name: string, changes: readonly RecordSetChange[]): Prerequisite[] {
  const created = changes.filter((change) => change.before === null && change.after !== null);
  const asserted = new Set<number>(changes.map((change) => typeCodes[change.type]));
  if (created.some((change) => change.type === 'CNAME')) {
    if (changes.every((change) => change.before === null)) return [{ kind: 'name-not-in-use', name }];
    const others = dataTypes.filter((type) => type !== typeCodes.SOA && !asserted.has(type));
    return others.map((type) => ({ kind: 'rrset-absent', name, type }));
  }
  return created.length > 0 && !asserted.has(typeCodes.CNAME) ? [{ kind: 'rrset-absent', name, type: typeCodes.CNAME }] : [];
}

/**
 * A CNAME in the place of all that stands at the name, which the prerequisites have told (`aloneness`): the name is emptied as a whole.
 * Where Knot signs the zone, signatures and the proof of the next name outlast the sets one by one, and it ignores a CNAME beside them.
 */
function aliasInstead(name: string, changes: readonly RecordSetChange[]): Update[] {
  const emptied: Update[] = changes.every(({ before }) => before === null) ? [] : [{ kind: 'delete-name', name }];
  return [...emptied, ...changes.flatMap(({ type, after }) => additionsOf(name, type, after))];
}

const additionsOf = (name: string, type: RecordSetChange['type'], after: RecordSet | null): Update[] =>
  after === null ? [] : dataOf(after).map((data) => ({ kind: 'add', name, type: typeCodes[type], ttl: after.ttl, data }));

/**
 * The set is deleted and added anew in the same message: no name is empty in between, and Knot, which ignores an addition that differs in its
 * TTL alone, takes the new TTL. NS at the apex cannot be deleted as a set (§3.4.2.3), so there the old values go one by one, after the new.
 */
function updatesOf(zone: string, { name, type: mnemonic, before, after }: RecordSetChange): Update[] {
  if (sameRecordSet(before, after)) return [];
  const type = typeCodes[mnemonic];
  const added = additionsOf(name, mnemonic, after);
  // A CNAME that is added takes the place of the one before (§3.4.2.2).
  if (before === null || (mnemonic === 'CNAME' && after !== null)) return added;
  if (mnemonic !== 'NS' || name !== zone) return [{ kind: 'delete-rrset', name, type }, ...added];
  const kept = new Set(after?.values ?? []);
  const removed = { ...before, values: before.values.filter((value) => !kept.has(value)) };
  return [...added, ...dataOf(removed).map((data): Update => ({ kind: 'delete-record', name, type, data }))];
}
