import { rcodeName, rcodes, typeCode, typeName } from '@hostmaster/core/dns/wire/codes';
import { parseRdata } from '@hostmaster/core/dns/wire/rdata';
import type { Prerequisite, Update } from '@hostmaster/core/dns/wire/update';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serialOf } from './soa.ts';
import { zoneFromText } from './testing/zone-text.ts';
import { planUpdate } from './update.ts';
import type { Zone } from './zone.ts';

const apex = 'example.test';
const soaText = 'ns1.example.test admin.example.test 7 3600 600 86400 60';
const freshZone = (): Zone =>
  zoneFromText(
    apex,
    `example.test SOA ${soaText}
     example.test NS ns1.example.test
     example.test NS ns2.example.test
     example.test MX 10 Mail.Example.NET
     a.example.test A 192.0.2.1
     a.example.test A 192.0.2.2
     a.example.test TXT "a"
     c.example.test CNAME a.example.test
     x.ent.example.test A 192.0.2.3
     *.w.example.test A 192.0.2.4`,
  );

const at = (name: string): string => (name === '@' ? apex : `${name}.${apex}`);
const data = (type: string, value: string): Uint8Array => parseRdata(typeCode(type), value);
const add = (name: string, type: string, value: string, ttl = 300): Update => ({
  kind: 'add',
  name: at(name),
  type: typeCode(type),
  ttl,
  data: data(type, value),
});
const deleteSet = (name: string, type: string): Update => ({ kind: 'delete-rrset', name: at(name), type: typeCode(type) });
const deleteName = (name: string): Update => ({ kind: 'delete-name', name: at(name) });
const deleteRecord = (name: string, type: string, value: string): Update => ({
  kind: 'delete-record',
  name: at(name),
  type: typeCode(type),
  data: data(type, value),
});

const held = (zone: Zone): string[] =>
  [...zone.sets()].flatMap((set) => set.values.map((value) => `${set.name} ${set.ttl} ${typeName(set.type)} ${value}`)).sort();

const after = (updates: readonly Update[], prerequisites: readonly Prerequisite[] = []) => {
  const zone = freshZone();
  const before = held(zone);
  const outcome = planUpdate(zone, prerequisites, updates);
  expect(held(zone)).toEqual(before);
  zone.apply(outcome.changes);
  const now = held(zone);
  return {
    rcode: rcodeName(outcome.rcode),
    serial: serialOf(zone.soa),
    gained: now.filter((line) => !before.includes(line) && !line.includes(' SOA ')),
    lost: before.filter((line) => !now.includes(line) && !line.includes(' SOA ')),
  };
};

describe('prerequisites (RFC 2136 §3.2)', () => {
  const a = typeCode('A');
  const equal = (name: string, ...values: string[]): Prerequisite => ({
    kind: 'rrset-equals',
    name: at(name),
    type: a,
    data: values.map((value) => data('A', value)),
  });
  const table: readonly (readonly [string, Prerequisite, string])[] = [
    ['a set that exists', { kind: 'rrset-exists', name: at('a'), type: a }, 'NOERROR'],
    ['a set that does not exist', { kind: 'rrset-exists', name: at('c'), type: a }, 'NXRRSET'],
    ['a set that a wildcard would give', { kind: 'rrset-exists', name: at('any.w'), type: a }, 'NXRRSET'],
    ['a set that should be absent and is', { kind: 'rrset-absent', name: at('c'), type: a }, 'NOERROR'],
    ['a set that should be absent and is not', { kind: 'rrset-absent', name: at('a'), type: a }, 'YXRRSET'],
    ['the same set in another order', equal('a', '192.0.2.2', '192.0.2.1'), 'NOERROR'],
    ['the same set with a record twice', equal('a', '192.0.2.1', '192.0.2.2', '192.0.2.2'), 'NOERROR'],
    ['a smaller set', equal('a', '192.0.2.1'), 'NXRRSET'],
    ['a larger set', equal('a', '192.0.2.1', '192.0.2.2', '192.0.2.3'), 'NXRRSET'],
    ['another set of the same size', equal('a', '192.0.2.1', '192.0.2.3'), 'NXRRSET'],
    ['a set where there is none', equal('c', '192.0.2.1'), 'NXRRSET'],
    ['a name in use', { kind: 'name-in-use', name: at('c') }, 'NOERROR'],
    ['a name not in use', { kind: 'name-in-use', name: at('z') }, 'NXDOMAIN'],
    ['an empty non-terminal is not in use', { kind: 'name-in-use', name: at('ent') }, 'NXDOMAIN'],
    ['a name that should not be in use and is not', { kind: 'name-not-in-use', name: at('z') }, 'NOERROR'],
    ['an empty non-terminal that should not be in use', { kind: 'name-not-in-use', name: at('ent') }, 'NOERROR'],
    ['a name that should not be in use and is', { kind: 'name-not-in-use', name: at('a') }, 'YXDOMAIN'],
  ];
  it.each(table)('%s', (_, prerequisite, rcode) => {
    const result = after([add('new', 'A', '192.0.2.9')], [prerequisite]);
    expect(result.rcode).toBe(rcode);
    expect(result.gained).toEqual(rcode === 'NOERROR' ? ['new.example.test 300 A 192.0.2.9'] : []);
  });

  it('names within data are compared without case', () => {
    const prerequisite: Prerequisite = {
      kind: 'rrset-equals',
      name: apex,
      type: typeCode('MX'),
      data: [data('MX', '10 mail.example.net')],
    };
    expect(after([], [prerequisite]).rcode).toBe('NOERROR');
  });
});

describe('updates (RFC 2136 §3.4.2)', () => {
  const table: readonly (readonly [why: string, updates: readonly Update[], gained: readonly string[], lost: readonly string[]])[] = [
    ['a record is added', [add('new', 'A', '192.0.2.9')], ['new.example.test 300 A 192.0.2.9'], []],
    ['a record is added to a set', [add('a', 'A', '192.0.2.9')], ['a.example.test 300 A 192.0.2.9'], []],
    ['a record that is there changes nothing', [add('a', 'A', '192.0.2.1')], [], []],
    [
      'a new TTL is that of the whole set (RFC 2181 §5.2)',
      [add('a', 'A', '192.0.2.1', 60)],
      ['a.example.test 60 A 192.0.2.1', 'a.example.test 60 A 192.0.2.2'],
      ['a.example.test 300 A 192.0.2.1', 'a.example.test 300 A 192.0.2.2'],
    ],
    ['a CNAME beside other data is passed over', [add('a', 'CNAME', 'x.example.net')], [], []],
    ['other data beside a CNAME is passed over', [add('c', 'A', '192.0.2.9')], [], []],
    [
      'a CNAME replaces a CNAME',
      [add('c', 'CNAME', 'x.example.net')],
      ['c.example.test 300 CNAME x.example.net'],
      ['c.example.test 300 CNAME a.example.test'],
    ],
    [
      'a CNAME takes the place of what the same message deletes',
      [deleteName('a'), add('a', 'CNAME', 'x.example.net')],
      ['a.example.test 300 CNAME x.example.net'],
      ['a.example.test 300 A 192.0.2.1', 'a.example.test 300 A 192.0.2.2', 'a.example.test 300 TXT "a"'],
    ],
    ['a set is deleted', [deleteSet('a', 'TXT')], [], ['a.example.test 300 TXT "a"']],
    ['a set that is not there is deleted', [deleteSet('z', 'TXT')], [], []],
    ['a name is deleted, the names below stay', [deleteName('ent'), deleteName('c')], [], ['c.example.test 300 CNAME a.example.test']],
    ['a record is deleted', [deleteRecord('a', 'A', '192.0.2.2')], [], ['a.example.test 300 A 192.0.2.2']],
    ['a record that is not there is deleted', [deleteRecord('a', 'A', '192.0.2.9')], [], []],
    [
      'the name of the data is compared without case',
      [deleteRecord('@', 'MX', '10 MAIL.example.net')],
      [],
      ['example.test 300 MX 10 mail.example.net'],
    ],
    ['SOA and NS of the apex cannot be deleted as sets', [deleteSet('@', 'SOA'), deleteSet('@', 'NS')], [], []],
    ['nor with the name', [deleteName('@')], [], ['example.test 300 MX 10 mail.example.net']],
    ['nor the SOA as a record', [deleteRecord('@', 'SOA', soaText)], [], []],
    [
      'of the apex’s name servers one stays',
      [deleteRecord('@', 'NS', 'ns1.example.test'), deleteRecord('@', 'NS', 'ns2.example.test')],
      [],
      ['example.test 300 NS ns1.example.test'],
    ],
    ['an SOA below the apex is passed over', [add('a', 'SOA', soaText)], [], []],
    ['updates go in their order', [add('b', 'TXT', '"1"'), deleteName('b'), add('b', 'TXT', '"2"')], ['b.example.test 300 TXT "2"'], []],
    ['what ends as it began is no change', [deleteSet('a', 'TXT'), add('a', 'TXT', '"a"')], [], []],
  ];
  it.each(table)('%s', (_, updates, gained, lost) => {
    const result = after(updates);
    expect(result).toEqual({ rcode: 'NOERROR', gained, lost, serial: gained.length + lost.length === 0 ? 7 : 8 });
  });

  it('the SOA is taken when its serial is later, and then not counted up', () => {
    const soa = (serial: number) => add('@', 'SOA', `ns1.example.test admin.example.test ${serial} 1 2 3 4`, 60);
    expect(after([soa(20), add('b', 'A', '192.0.2.9')])).toMatchObject({ serial: 20, gained: ['b.example.test 300 A 192.0.2.9'] });
    for (const serial of [7, 6, 7 + 2 ** 31, 2 ** 32 - 1]) expect(after([soa(serial)]).serial).toBe(7);
    expect(after([soa(7 + 2 ** 31 - 1)]).serial).toBe(7 + 2 ** 31 - 1);
  });

  it('the serial goes round past zero (RFC 1982)', () => {
    const zone = zoneFromText(apex, `example.test SOA ns1 admin ${2 ** 32 - 1} 1 2 3 4`);
    zone.apply(planUpdate(zone, [], [add('b', 'A', '192.0.2.9')]).changes);
    expect(serialOf(zone.soa)).toBe(1);
  });

  it.each([
    ['a set that no message could carry', Array.from({ length: 300 }, (_, at) => add('b', 'TXT', `"${String(at).padStart(250, 'x')}"`))],
    ['a DNAME, which this server would not follow', [add('b', 'DNAME', 'example.net')]],
  ])('%s is refused whole', (_, updates) => {
    expect(after([add('first', 'A', '192.0.2.9'), ...updates])).toMatchObject({ rcode: 'REFUSED', gained: [], serial: 7 });
  });
});

describe('random updates', () => {
  const name = fc.constantFrom('@', 'a', 'b', 'a.b', 'x.a.b', '*.b').map(at);
  const typed = fc.constantFrom(
    ['A', '192.0.2.1'],
    ['A', '192.0.2.2'],
    ['A', '192.0.2.3'],
    ['TXT', '"one"'],
    ['TXT', '"two"'],
    ['CNAME', 'one.example.net'],
    ['CNAME', 'two.example.net'],
    ['NS', 'ns1.example.test'],
    ['NS', 'ns3.example.test'],
  ) satisfies fc.Arbitrary<string[]>;
  const anyUpdate: fc.Arbitrary<Update> = fc
    .tuple(fc.constantFrom('add', 'add', 'add', 'delete-rrset', 'delete-name', 'delete-record'), name, typed, fc.constantFrom(60, 300))
    .map(([kind, owner, [mnemonic = '', value = ''], ttl]): Update => {
      const type = typeCode(mnemonic);
      const bytes = data(mnemonic, value);
      switch (kind) {
        case 'add':
          return { kind, name: owner, type, ttl, data: bytes };
        case 'delete-rrset':
          return { kind, name: owner, type };
        case 'delete-record':
          return { kind, name: owner, type, data: bytes };
        default:
          return { kind: 'delete-name', name: owner };
      }
    });

  /** The zone as a list of single records, changed by the plainest reading of the RFC. */
  type Row = { name: string; type: number; ttl: number; hex: string };
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const rowsOf = (zone: Zone): Row[] =>
    [...zone.sets()].flatMap((set) =>
      set.records
        .filter((record) => record.type !== typeCode('SOA'))
        .map(({ name, type, ttl, data }) => ({ name, type, ttl, hex: hex(data) })),
    );
  const sorted = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

  function model(rows: readonly Row[], update: Update): Row[] {
    const cname = typeCode('CNAME');
    const ns = typeCode('NS');
    const kept = (row: Row): boolean => row.name === apex && row.type === ns;
    switch (update.kind) {
      case 'add': {
        const here = rows.filter((row) => row.name === update.name);
        // The apex owns the SOA, which is not among the rows.
        if (update.type === cname && (update.name === apex || here.some((row) => row.type !== cname))) return [...rows];
        if (update.type !== cname && here.some((row) => row.type === cname)) return [...rows];
        const added = { name: update.name, type: update.type, ttl: update.ttl, hex: hex(update.data) };
        const sameSet = (row: Row): boolean => row.name === added.name && row.type === added.type;
        const rest = rows.filter((row) => !(sameSet(row) && (row.hex === added.hex || added.type === cname)));
        return [...rest.map((row) => (sameSet(row) ? { ...row, ttl: added.ttl } : row)), added];
      }
      case 'delete-rrset':
        return rows.filter((row) => kept(row) || !(row.name === update.name && row.type === update.type));
      case 'delete-name':
        return rows.filter((row) => kept(row) || row.name !== update.name);
      case 'delete-record': {
        const left = rows.filter((row) => !(row.name === update.name && row.type === update.type && row.hex === hex(update.data)));
        return left.some(kept) ? left : [...rows];
      }
    }
  }

  it('give what single records changed by the letter of the RFC give', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyUpdate, { minLength: 1, maxLength: 6 }), { maxLength: 6 }), (messages) => {
        const zone = freshZone();
        for (const updates of messages) {
          const before = rowsOf(zone);
          const expected = updates.reduce(model, before);
          const serial = serialOf(zone.soa);
          const outcome = planUpdate(zone, [], updates);
          expect(outcome.rcode).toBe(rcodes.NOERROR);
          zone.apply(outcome.changes);
          expect(sorted(rowsOf(zone))).toEqual(sorted(expected));
          const changed = sorted(before).join() !== sorted(expected).join();
          expect(serialOf(zone.soa)).toBe(changed ? serial + 1 : serial);
          // A name exists exactly when it or a name below it owns a record.
          const owners = new Set([...expected.map((row) => row.name), apex]);
          for (const candidate of ['b', 'a.b', 'x.a.b', '*.b', 'ent', 'w', 'z'].map(at)) {
            const exists = [...owners].some((owner) => owner === candidate || owner.endsWith(`.${candidate}`));
            expect(zone.exists(candidate)).toBe(exists);
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});
