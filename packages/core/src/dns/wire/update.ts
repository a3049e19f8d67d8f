// Dynamic update (RFC 2136): the five prerequisites of §2.4 and the four updates of §2.5 as values, and their form on the wire.
// Both directions are here: a client builds messages, a server reads them back into the same values.
import { classCodes, opcodes, rcodes, typeCodes } from './codes.ts';
import { type Message, message } from './message.ts';
import { canonicalName, isNameWithin } from './name.ts';
import type { ResourceRecord } from './record.ts';

export type Prerequisite =
  /** §2.4.1: at least one record of the type exists. */
  | { readonly kind: 'rrset-exists'; readonly name: string; readonly type: number }
  /** §2.4.2: exactly these records of the type exist; TTLs are not compared. */
  | { readonly kind: 'rrset-equals'; readonly name: string; readonly type: number; readonly data: readonly Uint8Array[] }
  /** §2.4.3: no record of the type exists. */
  | { readonly kind: 'rrset-absent'; readonly name: string; readonly type: number }
  /** §2.4.4: at least one record exists at the name. */
  | { readonly kind: 'name-in-use'; readonly name: string }
  /** §2.4.5: no record exists at the name. */
  | { readonly kind: 'name-not-in-use'; readonly name: string };

export type Update =
  /** §2.5.1 */
  | { readonly kind: 'add'; readonly name: string; readonly type: number; readonly ttl: number; readonly data: Uint8Array }
  /** §2.5.2 */
  | { readonly kind: 'delete-rrset'; readonly name: string; readonly type: number }
  /** §2.5.3 */
  | { readonly kind: 'delete-name'; readonly name: string }
  /** §2.5.4 */
  | { readonly kind: 'delete-record'; readonly name: string; readonly type: number; readonly data: Uint8Array };

const nothing = new Uint8Array();
const bare = (name: string, type: number, recordClass: number): ResourceRecord => ({
  name,
  type,
  class: recordClass,
  ttl: 0,
  data: nothing,
});

function prerequisiteRecords(prerequisite: Prerequisite): ResourceRecord[] {
  const { kind, name } = prerequisite;
  switch (kind) {
    case 'rrset-exists':
      return [bare(name, prerequisite.type, classCodes.ANY)];
    case 'rrset-equals':
      return prerequisite.data.map((data) => ({ name, type: prerequisite.type, class: classCodes.IN, ttl: 0, data }));
    case 'rrset-absent':
      return [bare(name, prerequisite.type, classCodes.NONE)];
    case 'name-in-use':
      return [bare(name, typeCodes.ANY, classCodes.ANY)];
    case 'name-not-in-use':
      return [bare(name, typeCodes.ANY, classCodes.NONE)];
  }
}

function updateRecord(update: Update): ResourceRecord {
  const { kind, name } = update;
  switch (kind) {
    case 'add':
      return { name, type: update.type, class: classCodes.IN, ttl: update.ttl, data: update.data };
    case 'delete-rrset':
      return bare(name, update.type, classCodes.ANY);
    case 'delete-name':
      return bare(name, typeCodes.ANY, classCodes.ANY);
    case 'delete-record':
      return { name, type: update.type, class: classCodes.NONE, ttl: 0, data: update.data };
  }
}

/** An UPDATE message. `id`: 16 random bits; names lower case. Errors: invalid-input (the zone's name). */
export function updateMessage(id: number, zone: string, prerequisites: readonly Prerequisite[], updates: readonly Update[]): Message {
  return message({
    id,
    opcode: opcodes.UPDATE,
    questions: [{ name: canonicalName(zone), type: typeCodes.SOA, class: classCodes.IN }],
    answers: prerequisites.flatMap(prerequisiteRecords),
    authorities: updates.map(updateRecord),
  });
}

export type ReadUpdate =
  | { readonly ok: true; readonly zone: string; readonly prerequisites: readonly Prerequisite[]; readonly updates: readonly Update[] }
  /** FORMERR or NOTZONE: what the server answers (§3.1 to §3.4). */
  | { readonly ok: false; readonly rcode: number };

/** What a received UPDATE asks for, checked as §3.1.1, §3.2 and §3.4.1 demand; whether the server serves the zone is the server's to check. */
export function readUpdate(from: Message): ReadUpdate {
  const zone = from.questions[0];
  if (from.questions.length !== 1 || zone === undefined || zone.type !== typeCodes.SOA || zone.class !== classCodes.IN) return formatError;
  const outside = [...from.answers, ...from.authorities].some((record) => !isNameWithin(record.name, zone.name));
  if (outside) return { ok: false, rcode: rcodes.NOTZONE };
  const prerequisites = readPrerequisites(from.answers);
  const updates = from.authorities.map(readUpdateRecord);
  if (prerequisites === null || !updates.every((update) => update !== null)) return formatError;
  return { ok: true, zone: zone.name, prerequisites, updates };
}

const formatError: ReadUpdate = { ok: false, rcode: rcodes.FORMERR };

/** Types that exist in questions only (AXFR, ANY, …) or in one message only (OPT, TSIG). */
const isMeta = (type: number): boolean => type === typeCodes.OPT || (type >= 128 && type <= 255);

function readPrerequisites(records: readonly ResourceRecord[]): Prerequisite[] | null {
  const prerequisites: Prerequisite[] = [];
  const exact = new Map<string, { name: string; type: number; data: Uint8Array[] }>();
  for (const { name, type, class: recordClass, ttl, data } of records) {
    if (ttl !== 0) return null;
    const any = type === typeCodes.ANY;
    if (isMeta(type) && !any) return null;
    if (recordClass === classCodes.IN) {
      if (any) return null;
      const key = `${name} ${type}`;
      const set = exact.get(key);
      if (set === undefined) exact.set(key, { name, type, data: [data] });
      else set.data.push(data);
      continue;
    }
    if (data.length > 0) return null;
    if (recordClass === classCodes.ANY) prerequisites.push(any ? { kind: 'name-in-use', name } : { kind: 'rrset-exists', name, type });
    else if (recordClass === classCodes.NONE)
      prerequisites.push(any ? { kind: 'name-not-in-use', name } : { kind: 'rrset-absent', name, type });
    else return null;
  }
  return [...prerequisites, ...[...exact.values()].map((set): Prerequisite => ({ kind: 'rrset-equals', ...set }))];
}

function readUpdateRecord({ name, type, class: recordClass, ttl, data }: ResourceRecord): Update | null {
  const any = type === typeCodes.ANY;
  if (isMeta(type) && !(any && recordClass === classCodes.ANY)) return null;
  if (recordClass === classCodes.IN) return { kind: 'add', name, type, ttl, data };
  if (ttl !== 0) return null;
  if (recordClass === classCodes.ANY) {
    if (data.length > 0) return null;
    return any ? { kind: 'delete-name', name } : { kind: 'delete-rrset', name, type };
  }
  if (recordClass === classCodes.NONE) return { kind: 'delete-record', name, type, data };
  return null;
}
