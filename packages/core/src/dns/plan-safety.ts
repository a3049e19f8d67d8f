import type { Violation } from '../errors.ts';
import type { Hostname } from '../hostname/hostname.ts';
import type { RecordSetChange } from './record-set.ts';

/** So many of a zone's records may be touched at once: the larger of a share and a number, below which a zone is too small to judge. */
export type SafetyLimit = { readonly percent: number; readonly records: number };

/** What one plan may do to a zone; its owner sets them. */
export type SafetyThresholds = { readonly deletes: SafetyLimit; readonly updates: SafetyLimit };

export const defaultThresholds: SafetyThresholds = {
  deletes: { percent: 10, records: 20 },
  updates: { percent: 30, records: 20 },
};

/** What a plan stands against. `records` counts single records (not sets) in the zone when it was last read whole, 0 where it never was. */
export type ZoneSize = { readonly apex: Hostname; readonly records: number };

/** Records (not sets) that a plan takes away, and those that it makes lead elsewhere; a TTL alone leads nowhere else. */
export type TouchedRecords = { readonly deleted: number; readonly updated: number };

export function touchedRecords(changes: readonly RecordSetChange[]): TouchedRecords {
  // A set that another type replaces at its name is not gone: it leads elsewhere.
  const kept = new Set(changes.filter(({ after }) => after !== null).map(({ name }) => name));
  let deleted = 0;
  let updated = 0;
  for (const { name, before, after } of changes) {
    if (before === null) continue;
    const now = new Set(after?.values ?? []);
    const missing = before.values.filter((value) => !now.has(value)).length;
    const fewer = after === null && kept.has(name) ? 0 : Math.max(0, before.values.length - now.size);
    deleted += fewer;
    updated += missing - fewer;
  }
  return { deleted, updated };
}

/**
 * What makes a plan unsafe; empty when it may be applied. `plan-protected`: the apex' NS, SOA and DS are never touched, whatever the
 * thresholds. `plan-removes-too-much` and `plan-updates-too-much`: a share of the zone that no single wish explains.
 */
export function checkPlanSafety(changes: readonly RecordSetChange[], zone: ZoneSize, thresholds: SafetyThresholds): readonly Violation[] {
  const violations: Violation[] = [];
  for (const { name, type } of changes) {
    if (name === zone.apex && (type === 'NS' || type === 'SOA' || type === 'DS'))
      violations.push({
        rule: 'plan-protected',
        reason: `The plan touches ${type} at the apex ${zone.apex}.`,
        remedy: 'Delegation and authority of a zone are changed by hand on the name server, never by a plan.',
      });
  }
  const { deleted, updated } = touchedRecords(changes);
  const hold = (rule: string, verb: string, count: number, { percent, records }: SafetyLimit): void => {
    const limit = Math.max(records, Math.floor((zone.records * percent) / 100));
    if (count <= limit) return;
    const reason = `The plan ${verb} ${count} of ${zone.records} records of ${zone.apex}; at most ${limit} may be touched so at once.`;
    violations.push({ rule, reason, remedy: 'Split the change into smaller ones.' });
  };
  hold('plan-removes-too-much', 'removes', deleted, thresholds.deletes);
  hold('plan-updates-too-much', 'changes', updated, thresholds.updates);
  return violations;
}
