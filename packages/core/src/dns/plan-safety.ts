import type { Violation } from '../errors.ts';
import type { Hostname } from '../hostname/hostname.ts';
import type { RecordSetChange } from './record-set.ts';

/** A plan may remove the larger of the two; the zone's owner sets them. */
export type SafetyThresholds = { /** Share of the zone's records, 0 to 1. */ readonly share: number; readonly records: number };

export const defaultThresholds: SafetyThresholds = { share: 0.1, records: 20 };

/** What a plan stands against. `records` counts single records (not sets) in the zone before the plan. */
export type ZoneSize = { readonly apex: Hostname; readonly records: number };

/** Records (not sets) that the changes take away; a set that another type replaces at its name does not count. */
export function removedRecords(changes: readonly RecordSetChange[]): number {
  const kept = new Set(changes.filter(({ after }) => after !== null).map(({ name }) => name));
  return changes.reduce((sum, { name, before, after }) => {
    if (before === null || (after === null && kept.has(name))) return sum;
    return sum + Math.max(0, before.values.length - (after?.values.length ?? 0));
  }, 0);
}

/**
 * What makes a plan unsafe; empty when it may be applied. Two rules: `plan-protected` (the apex' NS, SOA and DS are never
 * touched, whatever the override) and `plan-removes-too-much` (a reviewed override may lift it).
 */
export function checkPlanSafety(
  changes: readonly RecordSetChange[],
  zone: ZoneSize,
  thresholds: SafetyThresholds = defaultThresholds,
): readonly Violation[] {
  const violations: Violation[] = [];
  for (const { name, type } of changes) {
    if (name === zone.apex && (type === 'NS' || type === 'SOA' || type === 'DS'))
      violations.push({
        rule: 'plan-protected',
        reason: `The plan touches ${type} at the apex ${zone.apex}.`,
        remedy: 'Delegation and authority of a zone are changed by hand on the name server, never by a plan.',
      });
  }
  const removed = removedRecords(changes);
  const limit = Math.max(thresholds.records, Math.floor(zone.records * thresholds.share));
  if (removed > limit)
    violations.push({
      rule: 'plan-removes-too-much',
      reason: `The plan removes ${removed} of ${zone.records} records of ${zone.apex}; at most ${limit} may go at once.`,
      remedy: 'Split the change, or ask the platform owner for a reviewed override.',
    });
  return violations;
}
