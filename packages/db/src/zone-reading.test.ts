import type { OtherRecordSet, RecordSet } from '@hostmaster/core/dns/record-set';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimOperation, FenceLost, supersede } from './operation.ts';
import { behindTheBack } from './testing/behind-the-back.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { claimedReading, storeZone } from './testing/inventory.ts';
import { transact } from './transaction.ts';
import { applyReading, beginReading, dropOrphanedReadings, dropReading, keepRead, type ZoneReading } from './zone-reading.ts';
import { replaceRecordSetsAt } from './zone-record-set.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());
beforeEach(async () => {
  await ground.db.zoneRecordSet.deleteMany();
  await ground.db.readRecordSet.deleteMany();
});

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const set = (name: string, type: RecordSet['type'] = 'A', values: readonly string[] = ['192.0.2.1'], ttl = 60): RecordSet => ({
  name,
  type,
  ttl,
  values,
});
const fill = (second: number, sets: readonly OtherRecordSet[]) => storeZone(ground.db, ground.zoneId, sets, at(second));
const everything = async (zoneId = ground.zoneId): Promise<OtherRecordSet[]> => {
  const rows = await ground.db.zoneRecordSet.findMany({ where: { zoneId }, orderBy: [{ name: 'asc' }, { type: 'asc' }] });
  return rows.map(({ name, type, ttl, values }) => ({ name, type, ttl, values }));
};
const sorted = (sets: readonly OtherRecordSet[]) => [...sets].sort((a, b) => (`${a.name} ${a.type}` < `${b.name} ${b.type}` ? -1 : 1));
const progress = { done: 0, total: null, unit: 'records read' };
const applied = async (reading: ZoneReading, began = at(9)) => {
  let last = { sets: 0, records: 0 };
  let transactions = 0;
  for await (last of applyReading(ground.db, reading, began, 0)) transactions += 1;
  return { ...last, transactions };
};
/** Whoever held the reading before is too late from here on. */
const takeOver = async ({ claim: { id } }: ZoneReading) => {
  await behindTheBack(ground.db).operation.update({ where: { id }, data: { leasedUntil: new Date(0) } });
  expect(await claimOperation(ground.db, id, 600)).not.toBeNull();
};

describe('a full reading of the zone', () => {
  it('leaves exactly what was read, whatever was there before, and itself leaves nothing', async () => {
    const sets = fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('a.example.test', 'b.example.test', 'c.example.test', '*.example.test', '\\000.example.test'),
        type: fc.constantFrom('A', 'TXT', 'TYPE65280'),
        ttl: fc.integer({ min: 0, max: 3 }),
        values: fc.uniqueArray(fc.constantFrom('"1"', '"a,b"', '{}', '\\# 0', 'NULL'), { minLength: 1 }).map((values) => values.sort()),
      }),
      { selector: ({ name, type }) => `${name} ${type}` },
    );
    await fc.assert(
      fc.asyncProperty(sets, sets, async (before, after) => {
        await ground.db.zoneRecordSet.deleteMany();
        await fill(1, before);
        await fill(2, after);
        expect(await everything()).toEqual(sorted(after));
        expect(await ground.db.readRecordSet.count()).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it('makes one set of records that came apart: every value once, by bytes, and the lowest TTL', async () => {
    const reading = await claimedReading(ground.db, ground.zoneId);
    await keepRead(ground.db, reading, 0, [set('a.test', 'TXT', ['"b"', '"é"'], 60), set('b.test')], progress);
    await keepRead(ground.db, reading, 1, [], progress);
    await keepRead(ground.db, reading, 2, [set('a.test', 'TXT', ['"B"', '"b"'], 30)], progress);
    expect(await applied(reading)).toEqual({ sets: 2, records: 4, transactions: 1 });
    expect(await everything()).toEqual([set('a.test', 'TXT', ['"B"', '"b"', '"é"'], 30), set('b.test')]);
  });

  it('writes only what differs: the rest keeps the time at which it was seen first', async () => {
    await fill(1, [set('same.example.test'), set('ttl.example.test'), set('gone.example.test')]);
    const [before] = await ground.db.$queryRaw<
      { row: string }[]
    >`SELECT xmin::text AS row FROM zone_record_set WHERE name = 'same.example.test'`;
    await fill(2, [set('same.example.test'), set('ttl.example.test', 'A', ['192.0.2.1'], 30), set('new.example.test')]);
    const rows = await ground.db.zoneRecordSet.findMany({ orderBy: { name: 'asc' }, select: { name: true, observedAt: true } });
    expect(rows).toEqual([
      { name: 'new.example.test', observedAt: at(2) },
      { name: 'same.example.test', observedAt: at(1) },
      { name: 'ttl.example.test', observedAt: at(2) },
    ]);
    const untouched = await ground.db.$queryRaw<unknown[]>`
      SELECT 1 FROM zone_record_set WHERE name = 'same.example.test' AND xmin::text = ${before?.row} AND xmax::text = '0'`;
    expect(untouched).toHaveLength(1);
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

  it('brings nothing back that was removed while it went on, before it came to the name or after, and knows of it the next time', async () => {
    const [early, late, odd] = [set('early.example.test'), set('late.example.test'), { ...set('early.example.test'), type: 'TYPE65280' }];
    await fill(1, [early, late]);
    const reading = await claimedReading(ground.db, ground.zoneId);
    await beginReading(ground.db, reading);
    const empty = (name: string) => transact(ground.db, (tx) => replaceRecordSetsAt(tx, ground.zoneId, name, [], at(3)));
    await empty(early.name);
    await keepRead(ground.db, reading, 0, [early, late, odd], progress);
    await empty(late.name);
    await applied(reading, at(2));
    expect(await everything(), 'but for what cannot be asked for by name').toEqual([odd]);
    const next = await claimedReading(ground.db, ground.zoneId);
    await beginReading(ground.db, next);
    await keepRead(ground.db, next, 0, [late], progress);
    await applied(next, at(4));
    expect(await everything(), 'somebody else put it there since').toEqual([late]);
  });

  it('of any size is stored, and forgotten again, in transactions of bounded size', async () => {
    const many = Array.from({ length: 12_000 }, (_, n) => set(`n${n}.example.test`));
    const growing = await claimedReading(ground.db, ground.zoneId);
    await keepRead(ground.db, growing, 0, many, progress);
    expect(await applied(growing, at(1))).toMatchObject({ sets: 12_000, transactions: 3 });
    expect(await everything()).toEqual(sorted(many));
    const shrinking = await claimedReading(ground.db, ground.zoneId);
    await keepRead(ground.db, shrinking, 0, [set('n7.example.test')], progress);
    expect(await applied(shrinking, at(2))).toMatchObject({ sets: 1, transactions: 3 });
    expect(await everything()).toEqual([set('n7.example.test')]);
  });

  it('is counted in sets and in records', async () => {
    await fill(1, [set('one.example.test'), set('three.example.test', 'TXT', ['"a"', '"b"', '"c"'])]);
    expect(await ground.db.zone.findFirst({ where: { id: ground.zoneId } })).toMatchObject({ recordSetCount: 2, recordCount: 4 });
  });

  it('does not touch another zone', async () => {
    const { id: _, ...row } = await ground.db.zone.findUniqueOrThrow({ where: { id: ground.zoneId } });
    const other = await ground.db.zone.create({
      data: { ...row, apex: 'other.test', connection: {}, servers: [], serial: null },
    });
    await storeZone(ground.db, other.id, [set('a.other.test')], at(1));
    await fill(2, []);
    expect(await everything(other.id)).toHaveLength(1);
  });
});

describe('a reading that somebody else has taken over', () => {
  it('keeps nothing more', async () => {
    const reading = await claimedReading(ground.db, ground.zoneId);
    await takeOver(reading);
    await expect(keepRead(ground.db, reading, 0, [set('late.example.test')], progress)).rejects.toBeInstanceOf(FenceLost);
    expect(await ground.db.readRecordSet.count()).toBe(0);
  });

  it('keeps nothing more either where newer work took its place', async () => {
    const reading = await claimedReading(ground.db, ground.zoneId);
    await transact(ground.db, (tx) => supersede(tx, { id: reading.claim.id }, 'It was given up.', at(1)));
    await expect(keepRead(ground.db, reading, 0, [set('late.example.test')], progress)).rejects.toBeInstanceOf(FenceLost);
    await expect(applied(reading)).rejects.toBeInstanceOf(FenceLost);
  });

  it('stores nothing more, neither what is new nor what is gone', async () => {
    await fill(1, [set('known.example.test')]);
    const reading = await claimedReading(ground.db, ground.zoneId);
    await keepRead(ground.db, reading, 0, [set('late.example.test')], progress);
    await takeOver(reading);
    await expect(applied(reading)).rejects.toBeInstanceOf(FenceLost);
    expect(await everything()).toEqual([set('known.example.test')]);
  });

  it('or that was killed leaves what the next reading of the zone forgets, and nothing of it gets into that', async () => {
    const killed = await claimedReading(ground.db, ground.zoneId);
    await keepRead(ground.db, killed, 0, [set('killed.example.test')], progress);
    const next = { ...killed, id: (await claimedReading(ground.db, ground.zoneId)).id };
    await beginReading(ground.db, next);
    expect(await ground.db.readRecordSet.count()).toBe(0);
    await keepRead(ground.db, next, 0, [set('next.example.test')], progress);
    await applied(next);
    expect(await everything()).toEqual([set('next.example.test')]);
  });
});

describe('what was kept', () => {
  it('of another zone that is being read stays when a reading begins', async () => {
    const other = { ...(await claimedReading(ground.db, ground.zoneId)), zoneId: ground.endpointId };
    await keepRead(ground.db, other, 0, [set('a.test')], progress);
    await beginReading(ground.db, await claimedReading(ground.db, ground.zoneId));
    expect(await ground.db.readRecordSet.count()).toBe(1);
  });

  it('is forgotten where the reading is given up, and that of other zones stays', async () => {
    const reading = await claimedReading(ground.db, ground.zoneId);
    const other = { ...(await claimedReading(ground.db, ground.zoneId)), zoneId: ground.endpointId };
    for (const one of [reading, other]) await keepRead(ground.db, one, 0, [set('a.test'), set('b.test')], progress);
    await dropReading(ground.db, reading);
    expect(await ground.db.readRecordSet.count()).toBe(2);
    await dropOrphanedReadings(ground.db);
    expect(await ground.db.readRecordSet.count()).toBe(0);
  });

  it('prolongs the lease and says how far the reading is', async () => {
    const reading = await claimedReading(ground.db, ground.zoneId);
    const { id } = reading.claim;
    const lease = async () => (await ground.db.operation.findFirstOrThrow({ where: { id } })).leasedUntil?.getTime() ?? 0;
    const before = await lease();
    await keepRead(ground.db, { ...reading, leaseSeconds: 6000 }, 0, [], { done: 412_000, total: null, unit: 'records read' });
    expect(await lease()).toBeGreaterThan(before + 1_000_000);
    expect((await ground.db.operation.findFirst({ where: { id } }))?.progress).toEqual({
      done: 412_000,
      total: null,
      unit: 'records read',
    });
  });
});
