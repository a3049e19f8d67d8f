import type { RecordSet } from '@hostmaster/core/dns/record-set';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGround, type Ground } from './testing/ground.ts';
import { storeZone } from './testing/inventory.ts';
import { transact } from './transaction.ts';
import { recordSetsAt, replaceRecordSetsAt } from './zone-record-set.ts';

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
const fill = (second: number, sets: readonly RecordSet[]) => storeZone(ground.db, ground.zoneId, sets, at(second));
const everything = async (): Promise<RecordSet[]> => {
  const names = await ground.db.zoneRecordSet.findMany({ select: { name: true }, distinct: 'name' });
  return recordSetsAt(
    ground.db,
    ground.zoneId,
    names.map(({ name }) => name),
  );
};

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

  const unnamed = () =>
    ground.db.zoneRecordSet.create({
      data: { zoneId: ground.zoneId, name: 'a.example.test', type: 'TYPE65280', ttl: 1, values: ['\\# 0'], observedAt: at(1) },
    });

  it('keeps what no question asks for, which only a reading of the whole zone finds gone', async () => {
    await unnamed();
    await transact(ground.db, (tx) => replaceRecordSetsAt(tx, ground.zoneId, 'a.example.test', [], at(2)));
    expect(await ground.db.zoneRecordSet.findMany({ select: { type: true } })).toEqual([{ type: 'TYPE65280' }]);
  });

  it('is answered without types that nobody here reads', async () => {
    await fill(1, [set('a.example.test')]);
    await unnamed();
    expect(await recordSetsAt(ground.db, ground.zoneId, ['a.example.test', 'nobody.example.test'])).toEqual([set('a.example.test')]);
  });
});
