import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostnameOf } from '../hostname/parse-hostname.ts';
import { desiredRecordSets } from './desired.ts';
import { actionOf, applyChanges, groundMoved, makePlan, planBack, planHash, sortedRecordSet } from './plan.ts';
import { checkPlanSafety, defaultThresholds, touchedRecords } from './plan-safety.ts';
import { type RecordSet, type RecordSetChange, type RecordType, recordTypes } from './record-set.ts';
import { ttlWithin } from './ttl.ts';

const names = ['a.example.test', 'b.example.test', 'a.b.example.test', 'example.test'];
const recordSet = fc.record({
  name: fc.constantFrom(...names),
  type: fc.constantFrom<RecordType>('A', 'AAAA', 'CNAME', 'TXT'),
  ttl: fc.constantFrom(30, 60, 300),
  values: fc.uniqueArray(fc.constantFrom('1', '2', '3', '10'), { minLength: 1, maxLength: 4 }),
});
const recordSets = fc.uniqueArray(recordSet, { selector: ({ name, type }) => `${name} ${type}`, maxLength: 12 });
const sorted = (sets: readonly RecordSet[]) =>
  sets.map(sortedRecordSet).sort((a, b) => (`${a.name} ${a.type}` < `${b.name} ${b.type}` ? -1 : 1));
const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });

const a = (value: string, ttl = 60): RecordSet => ({ name: 'a.example.test', type: 'A', ttl, values: [value] });
const cname: RecordSet = { name: 'a.example.test', type: 'CNAME', ttl: 60, values: ['lb.example.net'] };

describe('a plan leads from current to desired', () => {
  it('applied to current it gives desired, and taken back it gives current', () => {
    fc.assert(
      fc.property(recordSets, recordSets, (desired, current) => {
        const changes = makePlan(desired, current);
        const after = applyChanges(changes, current);
        expect(sorted(after)).toEqual(sorted(desired));
        expect(sorted(applyChanges(planBack([changes], after), after))).toEqual(sorted(current));
      }),
    );
  });

  it('several that followed one another are taken back to before the first, whichever of them happened', () => {
    fc.assert(
      fc.property(recordSets, recordSets, recordSets, recordSets, fc.nat({ max: 3 }), (first, second, third, fourth, reached) => {
        const plans = [makePlan(second, first), makePlan(third, second), makePlan(fourth, third)];
        const there = [first, second, third, fourth][reached] ?? first;
        expect(sorted(applyChanges(planBack(plans, there), there))).toEqual(sorted(first));
      }),
    );
  });

  it.each<[string, RecordSet | null, RecordSet | null, RecordSet | null, RecordSet | null]>([
    ['a value of its own goes', null, a('1'), a('1'), null],
    ['the value before it comes back', a('1'), a('2'), a('2'), a('1')],
    ['what was never written changes nothing', a('1'), a('2'), a('1'), a('1')],
    ['what somebody removed comes back', a('1'), a('2'), null, a('1')],
    ["somebody else's value beside it stays", null, a('1'), { ...a('1'), values: ['1', '9'] }, a('9')],
    [
      "somebody else's value stays beside the one before",
      a('1'),
      a('2'),
      { ...a('2'), values: ['2', '9'] },
      { ...a('1'), values: ['1', '9'] },
    ],
    ['a set that was taken over whole is left alone', a('1'), a('2'), a('9', 30), a('9', 30)],
    ['a set that was taken over whole is left alone, where nothing stood', null, a('1'), a('9'), a('9')],
    ['the TTL before it comes back with a value of that time', a('1', 300), a('2', 30), a('1', 30), a('1', 300)],
    ['the TTL before it comes back', a('1', 300), a('1', 30), a('1', 30), a('1', 300)],
  ])('taken back, %s', (_, before, after, found, left) => {
    const sets = (set: RecordSet | null) => (set === null ? [] : [set]);
    const plan = makePlan(sets(after), sets(before));
    const there = [...sets(found), { ...a('x'), type: 'TXT' as const }];
    const back = applyChanges(planBack([plan], there), there);
    expect(back.filter(({ type }) => type === 'A')).toEqual(sets(left));
    expect(back).toContainEqual(expect.objectContaining({ type: 'TXT' }));
  });

  it('is empty for equal sets, whatever their order', () => {
    fc.assert(
      fc.property(
        recordSets.chain((sets) =>
          fc.tuple(fc.constant(sets), shuffled(sets.map((set) => ({ ...set, values: [...set.values].reverse() })))),
        ),
        ([desired, current]) => {
          expect(makePlan(desired, current)).toEqual([]);
        },
      ),
    );
  });

  it('comes in one order, whatever the order of the sets', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(recordSets, recordSets)
          .chain(([desired, current]) => fc.tuple(fc.constant([desired, current] as const), shuffled(desired), shuffled(current))),
        ([[desired, current], desired2, current2]) => {
          expect(makePlan(desired2, current2)).toEqual(makePlan(desired, current));
        },
      ),
    );
  });

  it('comes in the canonical order of names, by labels from the right', () => {
    const ordered = ['b.test', 'example.test', 'b.example.test', 'a.b.example.test', 'b-c.example.test', 'c.example.test'];
    const desired = ordered.toReversed().map((name) => ({ ...a('192.0.2.1'), name }));
    expect(makePlan(desired, []).map(({ name }) => name)).toEqual(ordered);
  });

  it('deletes what is in the way before it creates, in one plan', () => {
    expect(makePlan([cname], [a('192.0.2.1')]).map((change) => [actionOf(change), change.type])).toEqual([
      ['delete', 'A'],
      ['create', 'CNAME'],
    ]);
  });
});

describe('the cases of a name', () => {
  const name = 'a.example.test';
  const sets = (...given: string[]): RecordSet[] =>
    given.map((text) => {
      const [type, ...values] = text.split(' ');
      const [known, ttl] = (type ?? '').split('/');
      return { name, type: recordTypes.find((each) => each === known) ?? 'A', ttl: Number(ttl ?? 60), values };
    });

  it.each([
    ['asked for', [], ['A 1'], ['create A']],
    ['the same', ['A 1'], ['A 1'], []],
    ['another order', ['A 2 1'], ['A 1 2'], []],
    ['another value', ['A 1'], ['A 2'], ['update A']],
    ['another TTL', ['A 1'], ['A/30 1'], ['update A']],
    ['a family more', ['A 1'], ['A 1', 'AAAA 2'], ['create AAAA']],
    ['another type', ['A 1'], ['CNAME c'], ['delete A', 'create CNAME']],
    ['no longer wanted', ['A 1'], [], ['delete A']],
  ])('%s', (_, current, desired, expected) => {
    const changes = makePlan(sets(...desired), sets(...current));
    expect(changes.map((change) => `${actionOf(change)} ${change.type}`)).toEqual(expected);
  });

  it.each([
    ['update', ['A 1'], ['A 2'], ['A 1'], 'unchanged'],
    ['update', ['A 1'], ['A 2'], ['A 2'], 'already-applied'],
    ['update', ['A 1'], ['A 2'], ['A 3'], 'moved'],
    ['update', ['A 1'], ['A 2'], [], 'moved'],
    ['create A and AAAA', [], ['A 1', 'AAAA 2'], ['A 1'], 'partly-applied'],
    ['create', [], ['A 1'], ['A 2'], 'moved'],
    ['delete', ['A 1'], [], [], 'already-applied'],
    ['A to CNAME', ['A 1'], ['CNAME c'], ['CNAME c'], 'already-applied'],
    ['create A', [], ['A 1'], ['CNAME c'], 'moved'],
    ['create CNAME', [], ['CNAME c'], ['TXT t'], 'moved'],
    ['create A', [], ['A 1'], ['TXT t'], 'unchanged'],
    ['none', ['A 1'], ['A 1'], ['A 2'], 'already-applied'],
  ])('a plan to %s (%j to %j) that finds %j is %s', (_, current, desired, found, expected) => {
    expect(groundMoved(makePlan(sets(...desired), sets(...current)), sets(...found)).status).toBe(expected);
  });

  it('no alias is planned beside what Hostmaster does not write, which is named; an address is', () => {
    const https = { name, type: 'HTTPS', ttl: 60, values: ['1 .'] };
    expect(groundMoved(makePlan(sets('CNAME c'), []), [https])).toEqual({
      status: 'moved',
      differences: [{ name, type: 'HTTPS', planned: null, found: https }],
    });
    expect(groundMoved(makePlan(sets('A 1'), []), [https]).status).toBe('unchanged');
  });

  it('are of this name alone: what appeared at another one stands in the way of nothing here', () => {
    const b = { ...a('192.0.2.1'), name: 'b.example.test' };
    const beside: RecordSet = { ...b, type: 'TXT', values: ['"x"'] };
    expect(groundMoved(makePlan([cname, b], []), [beside]).status).toBe('unchanged');
  });
});

describe('the hash covers the effective diff and nothing else', () => {
  const certificate = {
    action: 'issue' as const,
    source: 'internal-ca' as const,
    profile: 'server',
    key: 'ecdsa-p256',
    names: ['a.example.test', 'b.example.test'],
    publicKey: null,
  };
  const text: RecordSet = { name: 'b.example.test', type: 'TXT', ttl: 60, values: ['"1"', '"2"'] };
  /** One replaced set beside one created set; only the first differs between the cases. */
  const replaced = (after: RecordSet, before: RecordSet) => makePlan([after, text], [before]);
  const changes = replaced(a('192.0.2.1'), a('192.0.2.9'));
  const base = planHash({ changes, contract: null, certificate });

  it('is stable under permutation of changes, values and names', () => {
    fc.assert(
      fc.property(
        fc.tuple(recordSets, recordSets).chain(([desired, current]) => {
          const plan = makePlan(desired, current);
          return fc.tuple(fc.constant(plan), shuffled(plan));
        }),
        ([plan, other]) => {
          const turn = (set: RecordSet | null) => (set === null ? null : { ...set, values: [...set.values].reverse() });
          const turned = other.map((change) => ({ ...change, before: turn(change.before), after: turn(change.after) }));
          expect(planHash({ changes: turned, contract: null, certificate })).toBe(planHash({ changes: plan, contract: null, certificate }));
        },
      ),
    );
    expect(planHash({ changes, contract: null, certificate: { ...certificate, names: [...certificate.names].reverse() } })).toBe(base);
  });

  it('is what it was in the first release: a plan that was approved then is the same plan now', () => {
    expect(base).toBe('9fe6bb42d02150ef9f680e244613a2e5867b40b538f69ddf0ae7fac41bb785a6');
  });

  it('ignores changes that change nothing', () => {
    const idle: RecordSetChange = { name: 'c.example.test', type: 'A', before: a('192.0.2.1'), after: a('192.0.2.1') };
    expect(planHash({ changes: [...changes, idle], contract: null, certificate })).toBe(base);
  });

  it('changes with what is said otherwise in any field, whatever the order in which the fields are told', () => {
    const said = (...told: { field: string; before: string | null; after: string | null }[]) =>
      planHash({ changes, contract: { changes: told }, certificate } as Parameters<typeof planHash>[0]);
    const [port, path] = [
      { field: 'routing.port', before: '443', after: '8443' },
      { field: 'routing.healthPath', before: null, after: '/' },
    ];
    expect(said(port, path)).toBe(said(path, port));
    const all = [said(), said(port), said(path), said({ ...port, after: '9443' }), said({ ...port, before: '80' }), said(port, path), base];
    expect(new Set(all).size).toBe(all.length);
  });

  it.each<[string, RecordSetChange[], Parameters<typeof planHash>[0]['certificate']]>([
    ['a value', replaced(a('192.0.2.2'), a('192.0.2.9')), certificate],
    ['the ground', replaced(a('192.0.2.1'), a('192.0.2.8')), certificate],
    ['a TTL', replaced(a('192.0.2.1', 61), a('192.0.2.9')), certificate],
    ['a TTL before', replaced(a('192.0.2.1'), a('192.0.2.9', 61)), certificate],
    ['a type', replaced(cname, a('192.0.2.9')), certificate],
    ['no certificate', changes, null],
    ['another profile', changes, { ...certificate, profile: 'client' }],
    ['a further name', changes, { ...certificate, names: [...certificate.names, 'c.example.test'] }],
    ['another key', changes, { ...certificate, publicKey: 'ab' }],
    ['another kind of key', changes, { ...certificate, key: 'rsa-2048' }],
    ['another source', changes, { ...certificate, source: 'acme' }],
    ['a certificate that is kept', changes, { ...certificate, action: 'keep' }],
  ])('changes with %s', (_, other, otherCertificate) => {
    expect(planHash({ changes: other, contract: null, certificate: otherCertificate })).not.toBe(base);
  });
});

describe('a plan knows whether its ground has moved', () => {
  it('tells unchanged, applied, partly applied apart for any plan', () => {
    fc.assert(
      fc.property(recordSets, recordSets, fc.nat(), (desired, current, cut) => {
        const legal = (sets: RecordSet[]) =>
          sets
            .filter(({ name, type }) => type === 'CNAME' || !sets.some((set) => set.name === name && set.type === 'CNAME'))
            .filter((set, _, all) => set.type !== 'CNAME' || all.every((other) => other === set || other.name !== set.name));
        const [to, from] = [legal(desired), legal(current)];
        const changes = makePlan(to, from);
        const done = applyChanges(changes, from);
        expect(groundMoved(changes, done).status).toBe('already-applied');
        if (changes.length === 0) return;
        expect(groundMoved(changes, from).status).toBe('unchanged');
        const part = changes.slice(0, cut % changes.length);
        const verdict = groundMoved(changes, applyChanges(part, from));
        if (part.length === 0) expect(verdict.status).toBe('unchanged');
        else expect(verdict).toEqual({ status: 'partly-applied', remaining: changes.slice(part.length) });
      }),
    );
  });

  const replace = makePlan([a('192.0.2.1')], [a('192.0.2.9')]);
  const create = makePlan([cname], []);
  it.each<[string, RecordSetChange[], RecordSet[], string]>([
    ['another value', replace, [a('192.0.2.5')], 'A'],
    ['another TTL', replace, [a('192.0.2.9', 61)], 'A'],
    ['the set is gone', replace, [], 'A'],
    ['a CNAME appeared beside', makePlan([a('192.0.2.1')], []), [cname], 'CNAME'],
    ['data appeared where a CNAME is planned', create, [{ name: 'a.example.test', type: 'TXT', ttl: 60, values: ['"x"'] }], 'TXT'],
  ])('moved: %s', (_, changes, now, type) => {
    const verdict = groundMoved(changes, now);
    expect(verdict.status).toBe('moved');
    if (verdict.status === 'moved') expect(verdict.differences.map((difference) => difference.type)).toEqual([type]);
  });
});

describe('a plan that touches too much is unsafe', () => {
  const many = (label: string, count: number, after: (name: string) => RecordSet | null): RecordSetChange[] =>
    Array.from({ length: count }, (_, index) => {
      const name = `${label}${index}.example.test`;
      return { name, type: 'A', before: { ...a('192.0.2.1'), name }, after: after(name) };
    });
  const removal = (count: number) => many('gone', count, () => null);
  const update = (count: number) => many('moved', count, (name) => ({ ...a('192.0.2.2'), name }));
  const zone = (records: number) => ({ apex: hostnameOf('example.test'), records });
  const rules = (changes: RecordSetChange[], records: number, thresholds = defaultThresholds) =>
    checkPlanSafety(changes, zone(records), thresholds).map(({ rule }) => rule);

  it.each([
    ['removes', 20, 25, []],
    ['removes', 21, 25, ['plan-removes-too-much']],
    ['removes', 21, 210, []],
    ['removes', 100, 1000, []],
    ['removes', 101, 1000, ['plan-removes-too-much']],
    ['updates', 20, 20, []],
    ['updates', 21, 21, ['plan-updates-too-much']],
    ['updates', 300, 1000, []],
    ['updates', 301, 1000, ['plan-updates-too-much']],
    ['updates', 1000, 1000, ['plan-updates-too-much']],
  ])('%s %i of %i', (what, count, records, expected) => {
    expect(rules(what === 'removes' ? removal(count) : update(count), records)).toEqual(expected);
  });

  it.each([
    ['removes', removal(21), 'The plan removes 21 of 25 records of example.test; at most 20 may be touched so at once.'],
    ['changes', update(21), 'The plan changes 21 of 25 records of example.test; at most 20 may be touched so at once.'],
  ])('and says how much it %s, and how much it may', (_, changes, reason) => {
    expect(checkPlanSafety(changes, zone(25), defaultThresholds)).toMatchObject([{ reason }]);
  });

  it('by the thresholds of the zone, each its own', () => {
    const strict = { deletes: { percent: 0, records: 0 }, updates: { percent: 50, records: 0 } };
    expect(rules(removal(1), 1000, strict)).toEqual(['plan-removes-too-much']);
    expect(rules(update(500), 1000, strict)).toEqual([]);
    expect(rules([...removal(1), ...update(501)], 1000, strict)).toEqual(['plan-removes-too-much', 'plan-updates-too-much']);
  });

  it('in a zone that was never read, a plan that would be in an empty one, and no other', () => {
    for (const changes of [removal(20), update(20), [...removal(20), ...update(20)]]) expect(rules(changes, 0)).toEqual([]);
    for (const changes of [removal(21), update(21)]) expect(rules(changes, 0)).not.toEqual([]);
  });

  const big: RecordSet = { ...a(''), values: ['1', '2', '3'] };
  it.each<[string, RecordSetChange[], number, number]>([
    ['a set that goes', makePlan([], [big]), 3, 0],
    ['a set that shrinks to others', makePlan([{ ...big, values: ['4'] }], [big]), 2, 1],
    ['a set that shrinks to some of its own', makePlan([{ ...big, values: ['2'] }], [big]), 2, 0],
    ['a set that grows', makePlan([{ ...big, values: ['1', '2', '3', '4'] }], [big]), 0, 0],
    ['a set that leads elsewhere', makePlan([{ ...big, values: ['4', '5', '6'] }], [big]), 0, 3],
    ['a set that another type replaces', makePlan([cname], [big]), 0, 3],
    ['a TTL alone', makePlan([{ ...big, ttl: 30 }], [big]), 0, 0],
    ['a new set', makePlan([big], []), 0, 0],
  ])('counts records, not sets: %s', (_, changes, deleted, updated) => {
    expect(touchedRecords(changes)).toEqual({ deleted, updated });
  });

  it.each<RecordType>(['NS', 'SOA', 'DS'])('never touches %s at the apex', (type) => {
    const set: RecordSet = { name: 'example.test', type, ttl: 60, values: ['x'] };
    expect(rules([{ name: set.name, type, before: null, after: set }], 1000)).toEqual(['plan-protected']);
    expect(rules([{ name: set.name, type, before: set, after: null }], 1000)).toEqual(['plan-protected']);
  });

  it.each<[string, RecordType]>([
    ['sub.example.test', 'NS'],
    ['sub.example.test', 'DS'],
    ['example.test', 'A'],
    ['example.test', 'CAA'],
  ])('touches what else there is: %s %s', (name, type) => {
    const set: RecordSet = { name, type, ttl: 60, values: ['x'] };
    expect(rules([{ name, type, before: null, after: set }], 1000)).toEqual([]);
  });
});

describe('a contract wants record sets', () => {
  const hostname = hostnameOf('orders.example.test');
  const ground = { ttlBounds: { min: 30, max: 86_400 }, clusterName: null };

  it('A and AAAA for addresses, once each', () => {
    const target = { addresses: ['192.0.2.2', '2001:db8::1', '192.0.2.1', '192.0.2.2'] };
    expect(desiredRecordSets({ hostname, target, ttl: 'service' }, ground)).toEqual([
      { name: 'orders.example.test', type: 'A', ttl: 60, values: ['192.0.2.1', '192.0.2.2'] },
      { name: 'orders.example.test', type: 'AAAA', ttl: 60, values: ['2001:db8::1'] },
    ]);
  });

  it.each([
    ['A', '192.0.2.1'],
    ['AAAA', '2001:db8::1'],
  ])('%s alone where no address is of the other family', (type, address) => {
    expect(desiredRecordSets({ hostname, target: { addresses: [address] }, ttl: 'service' }, ground)).toEqual([
      { name: 'orders.example.test', type, ttl: 60, values: [address] },
    ]);
  });

  it('CNAME for a name and for a cluster, and an error where admission should have refused', () => {
    const wanted = { name: 'orders.example.test', type: 'CNAME', ttl: 3600, values: ['k8s-1.example.net'] };
    const leadsTo = hostnameOf('k8s-1.example.net');
    const target = { cluster: 'k8s-1' };
    expect(desiredRecordSets({ hostname, target: { cname: leadsTo }, ttl: 'stable' }, ground)).toEqual([wanted]);
    expect(desiredRecordSets({ hostname, target, ttl: 'stable' }, { ...ground, clusterName: leadsTo })).toEqual([wanted]);
    expect(() => desiredRecordSets({ hostname, target, ttl: 'stable' }, ground)).toThrow(
      new RangeError('The target of orders.example.test has no name'),
    );
    expect(() => desiredRecordSets({ hostname, target: { addresses: ['192.0.2.1'] }, ttl: 5 }, ground)).toThrow(
      new RangeError('TTL 5 is outside the bounds of the zone'),
    );
  });

  it.each([
    ['cutover', 30, 86_400, 30],
    ['cutover', 60, 86_400, null],
    ['service', 30, 86_400, 60],
    ['service', 120, 86_400, 120],
    ['service', 600, 86_400, null],
    ['service', 5, 30, null],
    ['stable', 30, 86_400, 3600],
    ['stable', 30, 300, null],
    [30, 30, 300, 30],
    [45, 30, 300, 45],
    [300, 30, 300, 300],
    [29, 30, 300, null],
    [301, 30, 300, null],
  ] as const)('TTL %s within %i to %i s is %s', (ttl, min, max, seconds) => {
    expect(ttlWithin(ttl, { min, max })).toBe(seconds);
  });
});
