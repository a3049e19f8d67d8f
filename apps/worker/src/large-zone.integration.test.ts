// A zone of many transfer messages on a real BIND, read by the worker as it is built: what it holds is what is known of it, also
// after it has changed, and a transfer that ends in the middle changes nothing.
import { rfc2136 } from '@hostmaster/adapters/dns/rfc2136';
import { systemClock } from '@hostmaster/core/clock';
import type { OtherRecordSet, RecordSetChange } from '@hostmaster/core/dns/record-set';
import { wholeZone } from '@hostmaster/core/dns/zone-parts';
import { replaceRecordSetsAt } from '@hostmaster/db/zone-record-set';
import { type DnsServer, smallZone, startDnsServer } from '@hostmaster/embedded/testing/dns-servers';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { runOperation } from '@hostmaster/usecases/operation/run';
import { getZone } from '@hostmaster/usecases/zone/get';
import { listRecordSets } from '@hostmaster/usecases/zone/record-sets';
import { rereadZone } from '@hostmaster/usecases/zone/reread';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectAnew } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

const many = 21_000;
/** A type of private use, and a fingerprint without one (RFC 4255 §3.1), which BIND lets stand. */
const odd = ['odd IN TYPE65280 \\# 4 deadbeef', 'odd IN TYPE44 \\# 2 0109'];

let world: World;
let server: DnsServer;
let id: string;
beforeAll(async () => {
  world = await createWorld();
  ({ id } = await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } }));
  const hosts = Array.from({ length: many }, (_, n) => `h${n} IN A 10.0.${n >>> 8}.${n & 255}`);
  const zones = { [zoneApex]: `${smallZone(zoneApex)}${[...hosts, ...odd].join('\n')}\n` };
  server = await startDnsServer('bind', { zones, tsig: world.tsig });
  const { address, port } = server;
  await connectAnew(world, { primary: { address, port }, tsig: { name: world.tsig.name, algorithm: world.tsig.algorithm } });
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await world?.close();
});

const opened = () => {
  const settings = rfc2136.settings.parse({ primary: { address: server.address, port: server.port }, tsig: { name: world.tsig.name } });
  return rfc2136.open({ zone: zoneApex, settings, secret: Buffer.from(world.tsig.secret, 'base64') }, { clock: systemClock });
};
const read = async (ctx: WorkerCtx = world.worker) => {
  const { id: operationId } = await rereadZone(await world.as('platform'), { id });
  return runOperation(ctx, { operationId });
};
const known = async (): Promise<Map<string, OtherRecordSet>> => {
  const rows = await world.db.zoneRecordSet.findMany({ where: { zoneId: id } });
  return new Map(rows.map(({ name, type, ttl, values }) => [`${name} ${type}`, { name, type, ttl, values }]));
};
const held = async (): Promise<Map<string, OtherRecordSet>> => {
  const { recordSets, others } = await wholeZone(opened().readZone(AbortSignal.timeout(60_000)));
  return new Map([...recordSets, ...others].map((set) => [`${set.name} ${set.type}`, set]));
};
const host = (n: number, values: readonly string[] = [`10.0.${n >>> 8}.${n & 255}`]) => ({
  name: `h${n}.${zoneApex}`,
  type: 'A' as const,
  ttl: 300,
  values,
});
const change = (before: ReturnType<typeof host>, after: ReturnType<typeof host> | null): RecordSetChange => ({
  name: before.name,
  type: before.type,
  before,
  after,
});

test('is known as the server holds it, odd records too, and told in sets and records', async () => {
  expect(await read()).toEqual({ state: 'succeeded' });
  const now = await known();
  expect(now).toEqual(await held());
  expect(now.get(`odd.${zoneApex} TYPE65280`)?.values).toEqual(['\\# 4 deadbeef']);
  expect(now.get(`odd.${zoneApex} SSHFP`)?.values).toEqual(['\\# 2 0109']);
  expect(await getZone(await world.as('auditor'), { id })).toMatchObject({ recordSetCount: now.size, syncError: null, reading: null });
  expect(await world.db.readRecordSet.count()).toBe(0);
});

test('that has changed is known anew: what went is forgotten, what is as it was is not written again', async () => {
  const gone = Array.from({ length: 300 }, (_, n) => change(host(n * 50), null));
  const moved = change(host(77), host(77, ['192.0.2.77']));
  await opened().apply([...gone, moved], AbortSignal.timeout(60_000));
  const before = await world.db.zoneRecordSet.findFirstOrThrow({ where: { zoneId: id, name: host(78).name } });
  expect(await read()).toEqual({ state: 'succeeded' });
  const now = await known();
  expect(now).toEqual(await held());
  expect(now.get(`${host(77).name} A`)?.values).toEqual(['192.0.2.77']);
  expect(now.has(`${host(50).name} A`)).toBe(false);
  expect(await world.db.zoneRecordSet.findFirstOrThrow({ where: { zoneId: id, name: host(78).name } })).toEqual(before);
});

test('whose transfer ends in the middle is known as it was', async () => {
  const before = await known();
  await opened().apply([change(host(91), host(91, ['192.0.2.91']))], AbortSignal.timeout(10_000));
  let parts = 0;
  const cut: WorkerCtx = {
    ...world.worker,
    dnsProvider: (connection) => {
      const provider = world.worker.dnsProvider(connection);
      return {
        ...provider,
        async *readZone(signal) {
          for await (const part of provider.readZone(signal)) {
            parts += 1;
            if (parts > 2) throw new Error('the connection was cut');
            yield part;
          }
        },
      };
    },
  };
  expect(await read(cut)).toMatchObject({ state: 'waiting' });
  expect(parts).toBe(3);
  expect(await known()).toEqual(before);
  expect(await world.db.readRecordSet.count()).toBe(0);
  expect(await read()).toEqual({ state: 'succeeded' });
  expect(await known()).toEqual(await held());
});

test('keeps what was learnt of a name while it was read', async () => {
  const learnt = host(123, ['192.0.2.123']);
  const learning: WorkerCtx = {
    ...world.worker,
    dnsProvider: (connection) => {
      const provider = world.worker.dnsProvider(connection);
      return {
        ...provider,
        async *readZone(signal) {
          yield* provider.readZone(signal);
          await world.db.$transaction((tx) => replaceRecordSetsAt(tx, id, learnt.name, [learnt], new Date()));
        },
      };
    },
  };
  expect(await read(learning)).toEqual({ state: 'succeeded' });
  expect((await known()).get(`${learnt.name} A`)?.values).toEqual(learnt.values);
});

test('is searched by how its names begin, and listed page by page without being counted', async () => {
  const ctx = await world.as('auditor');
  const all = await listRecordSets(ctx, { id, limit: 10 });
  expect([all.rows.length, all.total]).toEqual([10, null]);
  // As it is while a zone is stored for the first time.
  await world.db.zone.update({ where: { id }, data: { recordSetCount: 0 } });
  expect((await listRecordSets(ctx, { id, limit: 50, search: '10.0.' })).rows).toEqual([]);
  const found = await listRecordSets(ctx, { id, limit: 50, search: 'h1999' });
  expect(found.rows.map(({ name }) => name)).toEqual(
    ['h1999', ...Array.from({ length: 10 }, (_, n) => `h1999${n}`)].map((label) => `${label}.${zoneApex}`).sort(),
  );
});
