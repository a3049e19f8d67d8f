// What holds while a zone is read and stored, whatever its size: the memory provider with readings that a test cuts and stops. That
// real servers send such is the business of the tests of the worker.
import { zoneRecordSetsQuery } from '@hostmaster/core/contract/zone';
import { mostSearchedThrough } from '@hostmaster/core/contract/zone-search';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import type { OtherRecordSet } from '@hostmaster/core/dns/record-set';
import type { ZonePart } from '@hostmaster/core/dns/zone-parts';
import { HostmasterError } from '@hostmaster/core/errors';
import { asksPerZone } from '@hostmaster/core/operation/limits';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { storeZone } from '@hostmaster/db/testing/inventory';
import { replaceRecordSetsAt } from '@hostmaster/db/zone-record-set';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerCtx } from '../context.ts';
import { runOperation } from '../operation/run.ts';
import { places } from '../places.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { getZone } from './get.ts';
import { listRecordSets } from './record-sets.ts';
import { rereadZone } from './reread.ts';

let world: Reconciling;
let id: string;
beforeAll(async () => {
  world = await createReconciling();
  ({ id } = await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } }));
});
afterAll(() => world.close());
beforeEach(async () => {
  // How often somebody may ask for a reading is not what these are about.
  world.clock.advance(asksPerZone.windowSeconds * 1000);
  // Whatever a test before left waiting.
  await behindTheBack(world.db).operation.updateMany({
    where: { zoneId: id, finishedAt: null },
    data: { state: 'superseded', finishedAt: world.clock.now() },
  });
  await storeZone(world.db, id, [old], world.clock.now());
});

const set = (name: string, values: readonly string[] = ['192.0.2.1'], type = 'A', ttl = 60): OtherRecordSet => ({
  name,
  type,
  ttl,
  values,
});
const old = set(`old.${zoneApex}`);
const held = async (): Promise<OtherRecordSet[]> => {
  const rows = await world.db.zoneRecordSet.findMany({ where: { zoneId: id }, orderBy: [{ name: 'asc' }, { type: 'asc' }] });
  return rows.map(({ name, type, ttl, values }) => ({ name, type, ttl, values }));
};
const zone = async () => getZone(await world.as('platform'), { id });

type Step = ZonePart | (() => Promise<void>);
const part = (...recordSets: OtherRecordSet[]): ZonePart => ({ serial: 7, recordSets });

/** Reads the zone with a provider that gives these parts, and does something else in between. */
async function read(steps: readonly Step[], more: Partial<WorkerCtx> = {}) {
  const { id: operationId } = await rereadZone(await world.as('platform'), { id });
  // The clock of a test stands still, and everything before the reading is older than it.
  world.clock.advance(1000);
  async function* readZone(signal: AbortSignal): AsyncGenerator<ZonePart> {
    for (const step of steps) {
      signal.throwIfAborted();
      if (typeof step === 'function') await step();
      else yield step;
    }
  }
  const dnsProvider: WorkerCtx['dnsProvider'] = (connection): DnsProvider => ({ ...world.worker.dnsProvider(connection), readZone });
  const outcome = await runOperation({ ...world.worker, dnsProvider, ...more }, { operationId });
  return { outcome, operation: await world.db.operation.findUniqueOrThrow({ where: { id: operationId } }) };
}
const nothingIsLeft = async () => expect(await world.db.readRecordSet.count()).toBe(0);

describe('a reading that ends well', () => {
  it('makes the inventory what it brought, also of records of one set that came apart, and tells how much that is', async () => {
    const wild = set(`*.${zoneApex}`, ['\\# 4 deadbeef'], 'TYPE65280');
    const { outcome, operation } = await read([
      part(wild, set(`a.${zoneApex}`, ['192.0.2.2'])),
      part(),
      part(set(`a.${zoneApex}`, ['192.0.2.1', '192.0.2.2'], 'A', 30)),
    ]);
    expect(outcome).toEqual({ state: 'succeeded' });
    expect(operation).toMatchObject({ reason: '2 record sets read, serial 7.', progress: null });
    expect(await held()).toEqual([wild, set(`a.${zoneApex}`, ['192.0.2.1', '192.0.2.2'], 'A', 30)]);
    expect(await zone()).toMatchObject({ serial: 7, recordSetCount: 2, syncError: null, reading: null });
    await nothingIsLeft();
  });

  it('takes back nothing that was learnt while it went on', async () => {
    const meanwhile = set(`meanwhile.${zoneApex}`, ['192.0.2.9']);
    const learn = async () => {
      world.clock.advance(1000);
      const { name, ttl, values } = meanwhile;
      await world.db.$transaction((tx) => replaceRecordSetsAt(tx, id, name, [{ name, type: 'A', ttl, values }], world.clock.now()));
    };
    await read([part(set(meanwhile.name), old), learn, part()]);
    expect(await held()).toEqual([meanwhile, old]);
  });

  it('may take longer than a run does: while it gets on it holds its lease, and its zone says how far it is', async () => {
    const seen: unknown[] = [];
    const slow: Step[] = [1, 2, 3].flatMap((turn): Step[] => [
      part(set(`slow${turn}.${zoneApex}`)),
      async () => {
        const { reading } = await zone();
        seen.push(reading?.progress);
        const [row] = await world.db.$queryRaw<{ seconds: number }[]>`
          SELECT extract(epoch FROM leased_until - now())::int AS seconds FROM operation WHERE id = ${reading?.id}::uuid`;
        expect(row?.seconds).toBeGreaterThan(20);
        await behindTheBack(world.db).operation.update({ where: { id: reading?.id ?? '' }, data: { leasedUntil: new Date(0) } });
        world.clock.advance(6000);
      },
    ]);
    // The first part of those that come after a while is kept with the next.
    expect((await read([() => Promise.resolve(world.clock.advance(6000)), ...slow])).outcome).toEqual({ state: 'succeeded' });
    expect(seen).toEqual([1, 2, 3].map((done) => ({ done, total: null, unit: 'records read' })));
  });
});

describe('a reading that does not end well', () => {
  const failed = async () => {
    throw new HostmasterError('dns-unreachable', 'The name server said nothing for 20000 ms after 412,000 records.');
  };

  it('leaves the inventory as it was and nothing of its own, says why, and waits longer each time that it fails', async () => {
    const waits: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const { outcome, operation } = await read([part(set(`new.${zoneApex}`)), failed]);
      expect(outcome).toMatchObject({ state: 'waiting' });
      expect(operation).toMatchObject({ progress: null, attempts: turn + 1 });
      waits.push((operation.nextAttemptAt?.getTime() ?? 0) - world.clock.now().getTime());
      expect(await zone()).toMatchObject({ syncError: expect.stringContaining('412,000 records'), reading: { state: 'waiting' } });
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(new Set(waits).size).toBe(4);
    expect(await held()).toEqual([old]);
    await nothingIsLeft();
  });

  it('because another took its place leaves the inventory to that one', async () => {
    const displaced = async () => {
      const { reading } = await zone();
      await world.db.$executeRaw`UPDATE operation SET fence = fence + 1 WHERE id = ${reading?.id}::uuid`;
    };
    const { outcome, operation } = await read([part(set(`late.${zoneApex}`)), displaced, part(set(`later.${zoneApex}`))]);
    expect(outcome).toEqual({ state: 'not-ours' });
    expect(await held()).toEqual([old]);
    expect(operation.state).toBe('running');
    await nothingIsLeft();
  });
});

it('a reading for which a worker has no place waits its turn, which is no attempt of its own', async () => {
  const readings = places(1);
  const place = readings.take();
  const { outcome, operation } = await read([part(set(`new.${zoneApex}`))], { readings });
  expect(outcome).toMatchObject({ state: 'waiting' });
  expect(operation).toMatchObject({ attempts: 0, error: null, reason: expect.stringContaining('Other zones are being read') });
  place?.release();
  expect((await read([part(set(`new.${zoneApex}`))], { readings })).outcome).toEqual({ state: 'succeeded' });
  expect(await held()).toEqual([set(`new.${zoneApex}`)]);
  expect(readings.take()).not.toBeNull();
});

it('in a large zone a search finds the names that begin with it, by bytes, page by page', async () => {
  const names = ['a', 'a-b', 'ab', 'a.b', 'b', '_a', '*'].map((label) => `${label}.${zoneApex}`);
  await read([part(...names.map((name) => set(name)))]);
  await world.db.zone.update({ where: { id }, data: { recordSetCount: mostSearchedThrough + 1 } });
  const ctx = await world.as('platform');
  const found = async (search: string) => {
    const all: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await listRecordSets(ctx, { ...zoneRecordSetsQuery.parse({ id, search, limit: 1 }), ...(cursor ? { cursor } : {}) });
      all.push(...page.rows.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    return all;
  };
  expect(await found('A')).toEqual(['a-b', 'a.b', 'a', 'ab'].map((label) => `${label}.${zoneApex}`).sort());
  expect(await found('*')).toEqual([`*.${zoneApex}`]);
  expect(await found('example')).toEqual([]);
  expect(await found('%')).toEqual([]);
});
