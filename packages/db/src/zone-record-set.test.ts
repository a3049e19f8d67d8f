import type { RecordSet } from '@hostmaster/core/dns/record-set';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';
import { countRecords, recordSetsAt, replaceRecordSetsAt, replaceZone } from './zone-record-set.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());
beforeEach(() => ground.db.zoneRecordSet.deleteMany());

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const set = (name: string, type: RecordSet['type'] = 'A', values: readonly string[] = ['192.0.2.1'], ttl = 60): RecordSet => ({
  name,
  type,
  ttl,
  values,
});
const fill = (second: number, sets: readonly RecordSet[]) => transact(ground.db, (tx) => replaceZone(tx, ground.zoneId, sets, at(second)));
const everything = async (): Promise<RecordSet[]> => {
  const names = await ground.db.zoneRecordSet.findMany({ select: { name: true }, distinct: 'name' });
  return recordSetsAt(
    ground.db,
    ground.zoneId,
    names.map(({ name }) => name),
  );
};
const sorted = (sets: readonly RecordSet[]) => [...sets].sort((a, b) => (`${a.name} ${a.type}` < `${b.name} ${b.type}` ? -1 : 1));

describe('a full reading of the zone', () => {
  it('leaves exactly what was read, whatever was there before', async () => {
    const sets = fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('a.example.test', 'b.example.test', 'c.example.test'),
        type: fc.constantFrom('A' as const, 'TXT' as const, 'MX' as const),
        ttl: fc.integer({ min: 0, max: 3 }),
        values: fc.uniqueArray(fc.constantFrom('1', '2', '3'), { minLength: 1 }),
      }),
      { selector: ({ name, type }) => `${name} ${type}` },
    );
    await fc.assert(
      fc.asyncProperty(sets, sets, async (before, after) => {
        await ground.db.zoneRecordSet.deleteMany();
        await fill(1, before);
        await fill(2, after);
        expect(sorted(await everything())).toEqual(sorted(after));
      }),
      { numRuns: 25 },
    );
  });

  it('writes only what differs: the rest keeps the time at which it was seen first', async () => {
    await fill(1, [set('same.example.test'), set('ttl.example.test'), set('gone.example.test')]);
    await fill(2, [set('same.example.test'), set('ttl.example.test', 'A', ['192.0.2.1'], 30), set('new.example.test')]);
    const rows = await ground.db.zoneRecordSet.findMany({ orderBy: { name: 'asc' }, select: { name: true, observedAt: true } });
    expect(rows).toEqual([
      { name: 'new.example.test', observedAt: at(2) },
      { name: 'same.example.test', observedAt: at(1) },
      { name: 'ttl.example.test', observedAt: at(2) },
    ]);
  });

  it('takes back nothing that was learnt after the reading began', async () => {
    await fill(1, [set('old.example.test')]);
    const newer = set('newer.example.test', 'A', ['192.0.2.9']);
    await transact(ground.db, (tx) => replaceRecordSetsAt(tx, ground.zoneId, newer.name, [newer], at(5)));
    await fill(3, [set('newer.example.test', 'A', ['192.0.2.1'])]);
    expect(await everything()).toEqual([newer]);
    await fill(6, [set('newer.example.test', 'A', ['192.0.2.1'])]);
    expect(await everything()).toEqual([set('newer.example.test', 'A', ['192.0.2.1'])]);
  });

  it('takes zones that are larger than one statement may be, and empties them again', async () => {
    await fill(
      1,
      Array.from({ length: 6000 }, (_, n) => set(`n${n}.example.test`)),
    );
    expect(await ground.db.zoneRecordSet.count()).toBe(6000);
    await fill(2, [set('n7.example.test')]);
    expect(await everything()).toEqual([set('n7.example.test')]);
  });

  it('is counted in records, not in sets', async () => {
    expect(await countRecords(ground.db, ground.zoneId)).toBe(0);
    await fill(1, [set('one.example.test'), set('three.example.test', 'TXT', ['"a"', '"b"', '"c"'])]);
    expect(await countRecords(ground.db, ground.zoneId)).toBe(4);
  });

  it('does not touch another zone', async () => {
    const { id: _, ...row } = await ground.db.zone.findUniqueOrThrow({ where: { id: ground.zoneId } });
    const other = await ground.db.zone.create({
      data: { ...row, apex: 'other.test', connection: {}, servers: [], serial: null },
    });
    await transact(ground.db, (tx) => replaceZone(tx, other.id, [set('a.other.test')], at(1)));
    await fill(2, []);
    expect(await recordSetsAt(ground.db, other.id, ['a.other.test'])).toHaveLength(1);
  });
});

describe('one name', () => {
  it('is replaced whole, and alone', async () => {
    await fill(1, [set('a.example.test'), set('a.example.test', 'TXT', ['"x"']), set('b.example.test')]);
    await transact(ground.db, (tx) =>
      replaceRecordSetsAt(tx, ground.zoneId, 'a.example.test', [set('a.example.test', 'CNAME', ['b.example.test'])], at(2)),
    );
    expect(await everything()).toEqual([set('a.example.test', 'CNAME', ['b.example.test']), set('b.example.test')]);
    await transact(ground.db, (tx) => replaceRecordSetsAt(tx, ground.zoneId, 'a.example.test', [], at(3)));
    expect(await everything()).toEqual([set('b.example.test')]);
  });

  it('is answered without types that nobody here reads', async () => {
    await fill(1, [set('a.example.test')]);
    await ground.db.zoneRecordSet.create({
      data: { zoneId: ground.zoneId, name: 'a.example.test', type: 'TYPE65280', ttl: 1, values: ['\\# 0'], observedAt: at(1) },
    });
    expect(await recordSetsAt(ground.db, ground.zoneId, ['a.example.test', 'nobody.example.test'])).toEqual([set('a.example.test')]);
  });
});
