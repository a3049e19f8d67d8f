import { checkedChanges } from '@hostmaster/core/dns/checked-changes';
import { readsZone, writesAndTakesBack } from '@hostmaster/core/dns/connection-check';
import type { DnsProvider, DnsProviderDescriptor } from '@hostmaster/core/dns/provider';
import type { RecordSet, RecordSetChange } from '@hostmaster/core/dns/record-set';
import { recordSetKey } from '@hostmaster/core/dns/record-set';
import { canonicalName } from '@hostmaster/core/dns/wire/name';
import { canonicalRecordSet } from '@hostmaster/core/dns/wire/record';
import { HostmasterError } from '@hostmaster/core/errors';
import { z } from 'zod';

/** A zone that several providers can share, as several clients share one name server. */
export type MemoryZone = { readonly name: string; serial: number; readonly sets: Map<string, RecordSet> };

/** Errors: invalid-input (the zone's name or a set). */
export function createMemoryZone(name: string, recordSets: readonly RecordSet[] = []): MemoryZone {
  const sets = recordSets.map(canonicalRecordSet).map((set): [string, RecordSet] => [recordSetKey(set), set]);
  return { name: canonicalName(name), serial: 1, sets: new Map(sets) };
}

/**
 * The reference implementation: what every other provider must be indistinguishable from. Its zones live as long as the map.
 * @param minimumTtl what shorter TTLs are rounded up to, as many a hosted service does.
 */
export function memoryProvider(zones: ReadonlyMap<string, MemoryZone>, minimumTtl = 0): DnsProviderDescriptor {
  const rounded = (set: RecordSet): RecordSet => ({ ...set, ttl: Math.max(set.ttl, minimumTtl) });
  return {
    kind: 'memory',
    label: 'Memory',
    summary: 'Zones that are gone when the process ends.',
    settings: z.strictObject({}),
    secret: null,
    capabilities: { atomic: true, compareAndSet: true },
    checks: [
      { name: 'read', holds: 'The zone can be read', remedy: () => null, run: readsZone },
      { name: 'write', holds: 'The zone can be written', remedy: () => null, run: writesAndTakesBack },
    ],
    servers: () => [],
    questionKey: () => null,
    normalise: (desired) => desired.map(rounded),
    limits: { concurrent: 4, perSecond: null },
    account: () => 'memory',
    open: ({ zone }) => {
      const held = zones.get(zone);
      if (held === undefined) throw new HostmasterError('dns-not-served', `There is no zone ${zone}.`);
      return openMemory(held, rounded);
    },
  };
}

function openMemory(zone: MemoryZone, rounded: (set: RecordSet) => RecordSet): DnsProvider {
  return {
    async *readZone(signal) {
      const { serial } = zone;
      const sets = sorted(zone.sets.values());
      for (let at = 0; at === 0 || at < sets.length; at += partSize) {
        signal.throwIfAborted();
        yield { serial, recordSets: sets.slice(at, at + partSize) };
        signal.throwIfAborted();
      }
    },
    readName: async (name, signal) => {
      signal.throwIfAborted();
      const wanted = canonicalName(name);
      return sorted([...zone.sets.values()].filter((set) => set.name === wanted));
    },
    apply: async (changes, signal) => {
      signal.throwIfAborted();
      const checked = checkedChanges(zone.name, changes);
      const next = new Map(zone.sets);
      for (const change of checked) {
        if (!sameValues(zone.sets.get(recordSetKey(change)) ?? null, change.before)) throw stale(change);
        if (change.after === null) next.delete(recordSetKey(change));
        else next.set(recordSetKey(change), rounded(change.after));
      }
      refuseMixedCnames(next, checked);
      zone.sets.clear();
      for (const [key, set] of next) zone.sets.set(key, set);
      if (checked.length > 0) zone.serial += 1;
    },
  };
}

/** Record sets of one part of a reading. */
const partSize = 500;

const sorted = (sets: Iterable<RecordSet>): readonly RecordSet[] => [...sets].sort((a, b) => (recordSetKey(a) < recordSetKey(b) ? -1 : 1));

/** TTLs are not compared, because the prerequisites of RFC 2136 §2.4.2 cannot. */
const sameValues = (a: RecordSet | null, b: RecordSet | null): boolean => a?.values.join('\n') === b?.values.join('\n');

const stale = ({ name, type }: RecordSetChange): HostmasterError =>
  new HostmasterError('plan-stale', `${name} ${type} is no longer what the plan was made from.`);

function refuseMixedCnames(sets: ReadonlyMap<string, RecordSet>, changes: readonly RecordSetChange[]): void {
  const changed = new Map(changes.filter((change) => change.after !== null).map((change) => [change.name, change]));
  const types = new Map<string, Set<string>>();
  for (const set of sets.values()) {
    if (changed.has(set.name)) types.set(set.name, (types.get(set.name) ?? new Set()).add(set.type));
  }
  for (const [name, change] of changed) {
    const found = types.get(name);
    if (found?.has('CNAME') && found.size > 1) throw stale(change);
  }
}
