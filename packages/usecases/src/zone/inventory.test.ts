import type { RecordSet } from '@hostmaster/core/dns/record-set';
import { storeZone } from '@hostmaster/db/testing/inventory';
import { recordSetsAt, replaceRecordSetsAt } from '@hostmaster/db/zone-record-set';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';

let harness: Harness;
let zoneId: string;
beforeAll(async () => {
  harness = await createHarness();
  zoneId = (await harness.build.zone({ apex: 'example.test' })).id;
});
afterAll(() => harness.close());

const set = (name: string, value: string): RecordSet => ({ name: `${name}.example.test`, type: 'A', ttl: 60, values: [value] });
const known = (name: string) => recordSetsAt(harness.db, zoneId, [`${name}.example.test`]);
const at = (seconds: number) => new Date(harness.clock.now().getTime() + seconds * 1000);

it('two that learn of the same new record at once both succeed, and the later word stays', async () => {
  const { db } = harness;
  const { name } = set('twice', '');
  const later = await db.$transaction(async (tx) => {
    await replaceRecordSetsAt(tx, zoneId, name, [set('twice', '192.0.2.1')], at(0));
    const second = db.$transaction((other) => replaceRecordSetsAt(other, zoneId, name, [set('twice', '192.0.2.2')], at(1)));
    for (let waits = false; !waits; ) {
      const [row] = await db.$queryRaw<{ waits: boolean }[]>`
        SELECT count(*) > 0 AS waits FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      waits = row?.waits === true;
    }
    return { second };
  });
  await later.second;
  expect(await known('twice')).toEqual([set('twice', '192.0.2.2')]);
});

it('a reading of the whole zone takes back nothing that was read after it began', async () => {
  const { db } = harness;
  const [stays, fresh, changed, gone] = [
    set('stays', '192.0.2.1'),
    set('fresh', '192.0.2.2'),
    set('changed', '192.0.2.3'),
    set('gone', '192.0.2.4'),
  ];
  await storeZone(db, zoneId, [stays, set('changed', '192.0.2.9'), gone], at(10));
  await db.$transaction((tx) => replaceRecordSetsAt(tx, zoneId, fresh.name, [fresh], at(21)));
  await db.$transaction((tx) => replaceRecordSetsAt(tx, zoneId, changed.name, [changed], at(21)));
  await storeZone(db, zoneId, [stays, set('changed', '192.0.2.9')], at(20));
  expect(await Promise.all(['stays', 'fresh', 'changed', 'gone'].map(known))).toEqual([[stays], [fresh], [changed], []]);
});

it('what a name no longer has is forgotten, also a type of several', async () => {
  const { db } = harness;
  const { name } = set('several', '');
  const text: RecordSet = { name, type: 'TXT', ttl: 60, values: ['"one"'] };
  await db.$transaction((tx) => replaceRecordSetsAt(tx, zoneId, name, [set('several', '192.0.2.1'), text], at(0)));
  await db.$transaction((tx) => replaceRecordSetsAt(tx, zoneId, name, [text], at(1)));
  expect(await known('several')).toEqual([text]);
  await db.$transaction((tx) => replaceRecordSetsAt(tx, zoneId, name, [], at(2)));
  expect(await known('several')).toEqual([]);
});
