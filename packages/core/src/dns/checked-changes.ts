import { HostmasterError, type Violation } from '../errors.ts';
import type { RecordSet, RecordSetChange } from './record-set.ts';
import { recordSetKey } from './record-set.ts';
import { canonicalName, isNameWithin } from './wire/name.ts';
import { canonicalRecordSet } from './wire/record.ts';

const maxTtl = 0x7fffffff;

/**
 * The changes in canonical spelling, after the checks that every provider makes before it writes anything.
 * Errors, with all violations at once: invalid-input (outside the zone, a bad name, value or TTL, an empty set, the same set twice);
 * unsupported for SOA, which the name server keeps by itself.
 */
export function checkedChanges(zone: string, changes: readonly RecordSetChange[]): readonly RecordSetChange[] {
  const violations: Violation[] = [];
  const seen = new Set<string>();
  const checked: RecordSetChange[] = [];
  for (const [index, change] of changes.entries()) {
    const broken = (rule: string, reason: string, remedy: string) => violations.push({ rule, path: `changes.${index}`, reason, remedy });
    try {
      const name = canonicalName(change.name);
      const before = checkedSet(change, name, change.before);
      const after = checkedSet(change, name, change.after);
      if (!isNameWithin(name, zone)) broken('within-zone', `${name} is not in the zone ${zone}.`, 'Choose a name within the zone.');
      const key = recordSetKey({ name, type: change.type });
      if (seen.has(key)) broken('one-change-per-set', `${key} is changed twice.`, 'Merge the two changes.');
      seen.add(key);
      checked.push({ name, type: change.type, before, after });
    } catch (error) {
      if (!(error instanceof HostmasterError)) throw error;
      broken('valid-record-set', error.message, 'Correct the record set.');
    }
  }
  const [first] = violations;
  if (first !== undefined)
    throw new HostmasterError('invalid-input', `The changes to ${zone} are not valid: ${first.reason}`, { violations });
  if (checked.some((change) => change.type === 'SOA')) {
    throw new HostmasterError('unsupported', `The SOA record of ${zone} belongs to its name server and is not changed from here.`);
  }
  return checked;
}

function checkedSet(change: RecordSetChange, name: string, set: RecordSet | null): RecordSet | null {
  if (set === null) return null;
  const invalid = (what: string) => new HostmasterError('invalid-input', `${change.name} ${change.type} ${what}.`);
  if (set.type !== change.type) throw invalid(`is changed to a set of type ${set.type}`);
  if (set.values.length === 0) throw invalid('has no values; deleting is an `after` of null');
  if (!Number.isInteger(set.ttl) || set.ttl < 0 || set.ttl > maxTtl) throw invalid(`has a TTL of ${set.ttl}; it goes from 0 to ${maxTtl}`);
  const canonical = canonicalRecordSet(set);
  if (canonical.name !== name) throw invalid(`is changed to a set of the name ${set.name}`);
  if (set.type === 'CNAME' && canonical.values.length > 1) throw invalid('has more than one value; a CNAME has one');
  return canonical;
}
