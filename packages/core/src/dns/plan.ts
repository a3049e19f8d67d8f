// Desired against current record sets, as one list of changes that preview, approval (by hash), apply and audit share.
// Everything here is pure and ordered, so that the same two sets always give the same plan and the same hash.

import { createHash } from 'node:crypto';
import type { Plan } from '../contract/plan.ts';
import {
  isManaged,
  type OtherRecordSet,
  type RecordSet,
  type RecordSetChange,
  recordSetKey,
  recordTypes,
  sameRecordSet,
} from './record-set.ts';

export type RecordChangeAction = 'delete' | 'update' | 'create';

/** What of a plan its hash covers. */
type HashedPlan = {
  readonly changes: readonly RecordSetChange[];
  readonly contract: Pick<NonNullable<Plan['contract']>, 'changes'> | null;
  readonly certificate: Pick<NonNullable<Plan['certificate']>, 'action' | 'names' | 'source' | 'profile' | 'key' | 'publicKey'> | null;
};

export const actionOf = ({ before, after }: RecordSetChange): RecordChangeAction =>
  before === null ? 'create' : after === null ? 'delete' : 'update';

const actionOrder = { delete: 0, update: 1, create: 2 } as const satisfies Record<RecordChangeAction, number>;
const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** Canonical DNS order (RFC 4034 §6.1) of lower-case names: by labels from the right. */
const sortKeyOf = (name: string): string => name.split('.').reverse().join('\u0000');

/** By name, and at one name deletions first: what makes room comes before what takes it. */
function inOrder(changes: readonly RecordSetChange[]): RecordSetChange[] {
  return changes
    .map((change) => ({ change, key: sortKeyOf(change.name) }))
    .sort(
      (a, b) =>
        byCode(a.key, b.key) ||
        actionOrder[actionOf(a.change)] - actionOrder[actionOf(b.change)] ||
        recordTypes.indexOf(a.change.type) - recordTypes.indexOf(b.change.type),
    )
    .map(({ change }) => change);
}

/** Values sorted and without duplicates, as a RecordSet has them. */
export const sortedRecordSet = (set: RecordSet): RecordSet => ({ ...set, values: [...new Set(set.values)].sort(byCode) });

const indexed = (sets: readonly RecordSet[]): Map<string, RecordSet> =>
  new Map(sets.map((set) => [recordSetKey(set), sortedRecordSet(set)]));

/**
 * The changes that turn `current` into `desired`. Both cover the same names: what is in `current` alone is removed, so the
 * caller passes only record sets that are its own. `desired` is as the provider will hold it (`normalise`), or the same plan would be
 * made for ever.
 *
 *     at one name      | current        | desired        | changes
 *     -----------------|----------------|----------------|---------------------------
 *     asked for        | -              | A 1            | create A
 *     the same         | A 1            | A 1            | none
 *     another order    | A 2 1          | A 1 2          | none
 *     another value    | A 1            | A 2            | update A
 *     another TTL      | A 1, 60 s      | A 1, 30 s      | update A
 *     a family more    | A 1            | A 1, AAAA 2    | create AAAA
 *     another type     | A 1            | CNAME c        | delete A, create CNAME
 *     no longer wanted | A 1            | -              | delete A
 */
export function makePlan(desired: readonly RecordSet[], current: readonly RecordSet[]): RecordSetChange[] {
  const wanted = indexed(desired);
  const there = indexed(current);
  const changes: RecordSetChange[] = [];
  for (const [key, after] of wanted) {
    const before = there.get(key) ?? null;
    if (!sameRecordSet(before, after)) changes.push({ name: after.name, type: after.type, before, after });
  }
  for (const [key, before] of there) if (!wanted.has(key)) changes.push({ name: before.name, type: before.type, before, after: null });
  return inOrder(changes);
}

/** `current` after the changes; what they do not name stays. */
export function applyChanges(changes: readonly RecordSetChange[], current: readonly RecordSet[]): RecordSet[] {
  const sets = indexed(current);
  for (const change of changes) {
    if (change.after === null) sets.delete(recordSetKey(change));
    else sets.set(recordSetKey(change), sortedRecordSet(change.after));
  }
  return [...sets.values()];
}

/**
 * The changes that bring back what stood before the first of these plans, each of which was made on what the one before it
 * was to leave, and none of which needs to have happened. A value that is found and that none of them knows is somebody
 * else's, and stays; a set that holds nothing else was taken over by hand, and is left as it is.
 */
export function planBack(plans: readonly (readonly RecordSetChange[])[], found: readonly RecordSet[]): RecordSetChange[] {
  const first = new Map<string, RecordSetChange>();
  const known = new Map<string, Set<string>>();
  for (const change of plans.flat()) {
    const key = recordSetKey(change);
    if (!first.has(key)) first.set(key, change);
    const values = [change.before, change.after].flatMap((set) => (set === null ? [] : sortedRecordSet(set).values));
    known.set(key, new Set([...(known.get(key) ?? []), ...values]));
  }
  const there = indexed(found);
  const wanted = [...first].flatMap(([key, { name, type, before }]) => {
    const here = there.get(key);
    const foreign = here?.values.filter((value) => !known.get(key)?.has(value)) ?? [];
    if (here !== undefined && foreign.length === here.values.length) return [here];
    const values = [...(before?.values ?? []), ...foreign];
    return values.length === 0 ? [] : [{ name, type, ttl: before?.ttl ?? here?.ttl ?? 0, values }];
  });
  return makePlan(
    wanted,
    found.filter((set) => first.has(recordSetKey(set))),
  );
}

/**
 * SHA-256, lower-case hex, of the effective diff: names, types, values and TTLs before and after, every field of the contract
 * before and after, and what the certificate will be. Independent of the order of changes, values and names; serials and times
 * are not in it.
 */
export function planHash({ changes, contract, certificate }: HashedPlan): string {
  const side = (set: RecordSet | null) => (set === null ? null : [set.ttl, sortedRecordSet(set).values]);
  const effective = inOrder(changes.filter(({ before, after }) => !sameRecordSet(canonical(before), canonical(after))));
  const canonicalJson = JSON.stringify({
    changes: effective.map(({ name, type, before, after }) => [name, type, side(before), side(after)]),
    certificate: certificate && [
      certificate.action,
      certificate.source,
      certificate.profile,
      certificate.key,
      [...new Set(certificate.names)].sort(byCode),
      certificate.publicKey,
    ],
    // Left out where there is none: what was approved before plans said it is the same plan still.
    ...(contract === null
      ? {}
      : {
          contract: contract.changes.map(({ field, before, after }) => [field, before, after]).sort(([a], [b]) => byCode(a ?? '', b ?? '')),
        }),
  });
  return createHash('sha256').update(canonicalJson).digest('hex');
}

const canonical = (set: RecordSet | null): RecordSet | null => (set === null ? null : sortedRecordSet(set));

export type GroundDifference = {
  readonly name: string;
  readonly type: string;
  /** What the plan was made on. */
  readonly planned: RecordSet | null;
  /** What is there now. */
  readonly found: OtherRecordSet | null;
};

export type GroundVerdict =
  /** Every set is as it was when the plan was made. */
  | { readonly status: 'unchanged' }
  /** Every set is as the plan would leave it: nothing to do. */
  | { readonly status: 'already-applied' }
  /** Some sets are as the plan would leave them, the others as they were: `remaining` finishes the same plan. */
  | { readonly status: 'partly-applied'; readonly remaining: readonly RecordSetChange[] }
  /** Somebody else changed something that the plan builds on. */
  | { readonly status: 'moved'; readonly differences: readonly GroundDifference[] };

/**
 * Compares the ground of a plan with what its names hold now.
 *
 *     plan                    | found now        | verdict
 *     ------------------------|------------------|---------------------------------------------
 *     update A 1 to A 2       | A 1              | unchanged
 *     update A 1 to A 2       | A 2              | already-applied
 *     update A 1 to A 2       | A 3, or nothing  | moved: A was 1
 *     create A, create AAAA   | A                | partly-applied: AAAA remains
 *     create A                | A of another     | moved: A was absent
 *     delete A                | nothing          | already-applied
 *     delete A, create CNAME  | CNAME            | already-applied
 *     create A                | CNAME            | moved: nothing can stand beside a CNAME
 *     create CNAME            | TXT              | moved: a CNAME can stand beside nothing
 *     create A                | TXT              | unchanged: they stand side by side
 *     none                    | anything         | already-applied
 *
 * @param current all record sets at the names of the plan, not only those of its types: a CNAME that appeared beside, or
 *   data that appeared beside a planned CNAME (RFC 1034 §3.6.2), moves the ground too.
 */
export function groundMoved(changes: readonly RecordSetChange[], current: readonly OtherRecordSet[]): GroundVerdict {
  const there = indexed(current.filter(isManaged));
  const differences: GroundDifference[] = [];
  const remaining: RecordSetChange[] = [];
  for (const change of changes) {
    const found = there.get(recordSetKey(change)) ?? null;
    if (sameRecordSet(found, canonical(change.after))) continue;
    if (sameRecordSet(found, canonical(change.before))) remaining.push(change);
    else differences.push({ name: change.name, type: change.type, planned: change.before, found });
  }
  differences.push(...intruders(changes, current));
  if (differences.length > 0) return { status: 'moved', differences };
  if (remaining.length === 0) return { status: 'already-applied' };
  return remaining.length === changes.length ? { status: 'unchanged' } : { status: 'partly-applied', remaining };
}

/** Sets that the plan does not know of and that cannot stand beside what it creates. */
function intruders(changes: readonly RecordSetChange[], current: readonly OtherRecordSet[]): GroundDifference[] {
  const planned = new Set(changes.map(recordSetKey));
  return current
    .filter((set) => !planned.has(recordSetKey(set)))
    .filter((set) =>
      changes.some(({ name, type, after }) => name === set.name && after !== null && (type === 'CNAME' || set.type === 'CNAME')),
    )
    .map((set) => ({ name: set.name, type: set.type, planned: null, found: set }));
}
