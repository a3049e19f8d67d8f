// Dynamic update (RFC 2136 §3.2 and §3.4) on a zone in memory: prerequisites, then the updates in their order on a draft. Pure: what comes out
// is an RCODE, or the sets that differ afterwards with the SOA that goes with them; nothing is changed here.
import { isLaterSerial } from '@hostmaster/core/dns/serial';
import { rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { presentAny } from '@hostmaster/core/dns/wire/rdata';
import type { Prerequisite, Update } from '@hostmaster/core/dns/wire/update';
import { nextSerial, serialOf, serialOfValue, withSerial } from './soa.ts';
import { type StoredSet, storedSet, type Zone, type ZoneChange } from './zone.ts';

/** RDATA of one set, with room for the rest of a message: what cannot be answered is not taken. */
const maxSetBytes = 60_000;

/** Each record besides its data: a pointer to the name, type, class, TTL, length. */
const recordOverhead = 12;

export type UpdateOutcome = { readonly rcode: number; readonly changes: readonly ZoneChange[] };

const refused = (rcode: number): UpdateOutcome => ({ rcode, changes: [] });

/** Both parts as `readUpdate` gives them: within the zone, forms checked. No changes: the zone is already as asked. */
export function planUpdate(zone: Zone, prerequisites: readonly Prerequisite[], updates: readonly Update[]): UpdateOutcome {
  for (const prerequisite of prerequisites) {
    const rcode = checkPrerequisite(zone, prerequisite);
    if (rcode !== rcodes.NOERROR) return refused(rcode);
  }
  // DNAME redirects everything below it (RFC 6672), which this server does not do: better no than half.
  if (updates.some((update) => update.kind === 'add' && update.type === typeCodes.DNAME)) return refused(rcodes.REFUSED);
  const draft = new Draft(zone);
  for (const update of updates) applyOne(zone, draft, update);
  const changes = draft.changes();
  if (changes.some(({ after }) => after !== null && bytesOf(after) > maxSetBytes)) return refused(rcodes.REFUSED);
  if (changes.length === 0 || changes.some(({ type }) => type === typeCodes.SOA)) return { rcode: rcodes.NOERROR, changes };
  const soa = withSerial(zone.soa, nextSerial(serialOf(zone.soa)));
  return { rcode: rcodes.NOERROR, changes: [...changes, { name: zone.apex, type: typeCodes.SOA, after: soa }] };
}

const bytesOf = (set: StoredSet): number => set.records.reduce((sum, { data }) => sum + data.length + recordOverhead, 0);

/** §3.2.5; wildcards and delegations play no part: only what a name owns counts. */
function checkPrerequisite(zone: Zone, prerequisite: Prerequisite): number {
  const { kind, name } = prerequisite;
  switch (kind) {
    case 'rrset-exists':
      return zone.set(name, prerequisite.type) === undefined ? rcodes.NXRRSET : rcodes.NOERROR;
    case 'rrset-absent':
      return zone.set(name, prerequisite.type) === undefined ? rcodes.NOERROR : rcodes.YXRRSET;
    case 'rrset-equals': {
      const held = zone.set(name, prerequisite.type)?.values ?? [];
      const wanted = new Set(prerequisite.data.map((data) => presentAny(prerequisite.type, data)));
      return held.length === wanted.size && held.every((value) => wanted.has(value)) ? rcodes.NOERROR : rcodes.NXRRSET;
    }
    case 'name-in-use':
      return zone.node(name) === undefined ? rcodes.NXDOMAIN : rcodes.NOERROR;
    case 'name-not-in-use':
      return zone.node(name) === undefined ? rcodes.NOERROR : rcodes.YXDOMAIN;
  }
}

/** Values and TTL of a set in the making. */
type DraftSet = { readonly ttl: number; readonly values: readonly string[] };

/** The zone as it would be; only names that were touched are copied. */
class Draft {
  readonly #zone: Zone;
  readonly #touched = new Map<string, Map<number, DraftSet>>();

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  at(name: string): Map<number, DraftSet> {
    let node = this.#touched.get(name);
    if (node === undefined) {
      node = new Map(this.#zone.node(name));
      this.#touched.set(name, node);
    }
    return node;
  }

  changes(): ZoneChange[] {
    const changes: ZoneChange[] = [];
    for (const [name, node] of this.#touched) {
      const before = this.#zone.node(name);
      for (const type of before?.keys() ?? []) if (!node.has(type)) changes.push({ name, type, after: null });
      for (const [type, { ttl, values }] of node) {
        const old = before?.get(type);
        const same = old?.ttl === ttl && old.values.length === values.length && values.every((value) => old.values.includes(value));
        if (!same) changes.push({ name, type, after: storedSet(name, type, ttl, values) });
      }
    }
    return changes;
  }
}

/** §3.4.2.2 to §3.4.2.4: what may not be done is passed over in silence, as the RFC wants it. */
function applyOne(zone: Zone, draft: Draft, update: Update): void {
  const { kind, name } = update;
  const node = draft.at(name);
  const isApex = name === zone.apex;
  switch (kind) {
    case 'add':
      add(node, isApex, update);
      return;
    case 'delete-rrset':
      if (!(isApex && isApexOnly(update.type))) node.delete(update.type);
      return;
    case 'delete-name':
      for (const type of [...node.keys()]) if (!(isApex && isApexOnly(type))) node.delete(type);
      return;
    case 'delete-record': {
      const set = node.get(update.type);
      if (set === undefined || update.type === typeCodes.SOA) return;
      const gone = presentAny(update.type, update.data);
      const values = set.values.filter((value) => value !== gone);
      // The last name server of the zone stays.
      if (values.length > 0) node.set(update.type, { ttl: set.ttl, values });
      else if (!(isApex && update.type === typeCodes.NS)) node.delete(update.type);
    }
  }
}

const isApexOnly = (type: number): boolean => type === typeCodes.SOA || type === typeCodes.NS;

function add(node: Map<number, DraftSet>, isApex: boolean, { type, ttl, data }: Update & { kind: 'add' }): void {
  const value = presentAny(type, data);
  const held = node.get(type);
  if (type === typeCodes.SOA) {
    const current = held?.values[0];
    if (isApex && current !== undefined && isLaterSerial(serialOfValue(value), serialOfValue(current)))
      node.set(type, { ttl, values: [value] });
    return;
  }
  const hasAlias = node.has(typeCodes.CNAME);
  if (type === typeCodes.CNAME ? node.size > (hasAlias ? 1 : 0) : hasAlias) return;
  if (type === typeCodes.CNAME || held === undefined) node.set(type, { ttl, values: [value] });
  // All records of a set have one TTL (RFC 2181 §5.2): the newest.
  else node.set(type, { ttl, values: held.values.includes(value) ? held.values : [...held.values, value] });
}
