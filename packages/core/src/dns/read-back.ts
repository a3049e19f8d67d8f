import { HostmasterError, type Violation } from '../errors.ts';
import type { DnsProvider } from './provider.ts';
import { isManaged, type OtherRecordSet, type RecordSet, type RecordSetChange, recordSetKey, sameRecordSet } from './record-set.ts';
import { joinedSets, recordCount } from './zone-parts.ts';

/** From here on, one transfer is cheaper than asking name by name. */
const manyNames = 20;
/** So many records of a transfer cost as much as asking for one name. */
const recordsForOneName = 100;

/** Every record set at the names of the sets or changes, of types that Hostmaster does not write too. Errors: dns-*. */
export async function readNames(
  provider: DnsProvider,
  changes: readonly { readonly name: string }[],
  signal: AbortSignal,
): Promise<readonly OtherRecordSet[]> {
  const names = new Set(changes.map((change) => change.name));
  const found = names.size < manyNames ? null : await fromTransfer(provider, names, signal);
  return found ?? (await Promise.all([...names].map((name) => provider.readName(name, signal)))).flat();
}

/** null where the zone is so large that its names are asked for sooner one by one. */
async function fromTransfer(
  provider: DnsProvider,
  names: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly OtherRecordSet[] | null> {
  const pieces: OtherRecordSet[] = [];
  let records = 0;
  for await (const { recordSets } of provider.readZone(signal)) {
    records += recordCount(recordSets);
    if (records > recordsForOneName * names.size) return null;
    pieces.push(...recordSets.filter(({ name }) => names.has(name)));
  }
  return joinedSets(pieces);
}

/**
 * Reads what the provider now holds and compares it with what was to become of it: servers answer NOERROR and ignore a CNAME beside other
 * data, a deletion of the last NS, and more. Answers what it read. Errors: dns-not-applied naming every set that differs; dns-* from reading.
 */
export async function readBack(
  provider: DnsProvider,
  changes: readonly RecordSetChange[],
  signal: AbortSignal,
): Promise<readonly OtherRecordSet[]> {
  const sets = await readNames(provider, changes, signal);
  const observed = new Map<string, RecordSet>(sets.filter(isManaged).map((set) => [recordSetKey(set), set]));
  const violations = changes.flatMap((change): Violation[] => {
    const found = observed.get(recordSetKey(change)) ?? null;
    if (sameRecordSet(found, change.after)) return [];
    const reason = `${change.name} ${change.type} should be ${setText(change.after)} and is ${setText(found)}.`;
    return [{ rule: 'applied', path: recordSetKey(change), reason, remedy: 'Look for a conflict at this name on the name server.' }];
  });
  const [first] = violations;
  if (first === undefined) return sets;
  throw new HostmasterError('dns-not-applied', `The provider said yes, but ${first.reason}`, { violations });
}

const setText = (set: RecordSet | null): string => (set === null ? 'absent' : `${set.values.join(', ')} (TTL ${set.ttl})`);
