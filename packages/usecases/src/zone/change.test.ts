import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { type ZoneChangeDraft, type ZoneDraft, zoneChangeOf, zoneInputOf, zoneKept } from '@hostmaster/core/contract/zone';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { startOperation } from '@hostmaster/db/operation';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { transact } from '@hostmaster/db/transaction';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getEndpoint } from '../endpoint/get.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { createZone } from './create.ts';
import { getZone } from './get.ts';
import { removeZone } from './remove.ts';
import { rereadZone } from './reread.ts';
import { testZone } from './test-connection.ts';
import { updateZone } from './update.ts';

const kinds = [...dnsProviderKinds.values()];
const connectionTo = (address: string): ZoneDraft['connection'] => ({
  kind: 'rfc2136',
  settings: { primary: { address }, tsig: { name: 'key' } },
  secret: 'dGhlLXNlY3JldC1vZi10aGUta2V5LWZpbGU=',
});

let harness: Harness;
let team: { id: string; slug: string };
let platform: Actor;
beforeAll(async () => {
  harness = await createHarness();
  team = await harness.build.team('platform-edge');
  await harness.build.team('network');
  await harness.build.environments('dev', 'prod');
  platform = await harness.build.platform();
});
afterAll(() => harness.close());

const ctx = () => harness.ctxFor(platform);
const connect = (apex: string) =>
  createZone(ctx(), zoneInputOf(kinds).parse({ apex, untested: true, ownerTeam: team.slug, connection: connectionTo('192.0.2.1') }));
const change = (zone: { id: string; version: number }, more: Partial<ZoneChangeDraft> = {}) =>
  updateZone(ctx(), zoneChangeOf(kinds).parse({ id: zone.id, version: zone.version, ownerTeam: team.slug, untested: true, ...more }));
const audited = async (id: string) =>
  (await harness.db.auditEvent.findFirstOrThrow({ where: { subjectId: id }, orderBy: { seq: 'desc' } })).detail;
const sealed = async (id: string) => (await harness.db.zone.findUniqueOrThrow({ where: { id } })).secretCiphertext;
const readings = (id: string) =>
  harness.db.operation.findMany({
    where: { zoneId: id, purpose: 'read' },
    orderBy: { generation: 'asc' },
    select: { id: true, state: true },
  });

describe('a change of a zone', () => {
  it('takes everything that is said of it, and keeps what became of what in the audit trail', async () => {
    const zone = await connect('settings.test');
    const wanted = {
      ownerTeam: 'network',
      servers: [{ name: 'ns1.settings.test', address: '192.0.2.7', port: 53 }],
      ttlMin: 60,
      ttlMax: 600,
      servedPort: 8443,
      allowedRanges: ['10.0.0.0/8'],
      reviewFirstExposure: true,
      environments: ['prod'],
      safety: { deletes: { percent: 1, records: 2 }, updates: { percent: 3, records: 4 } },
    };
    const changed = await change(zone, wanted);
    expect(zoneKept.parse(changed)).toEqual({ ...zone, ...wanted, version: 2, tested: null });
    const { version: _, tested: __, ...shown } = changed;
    expect(await getZone(ctx(), zone)).toMatchObject({ ...shown, version: 2, serversOfConnection: false });
    const before = Object.fromEntries(Object.keys(wanted).map((fact) => [fact, zone[fact as keyof typeof zone]]));
    expect(await audited(zone.id)).toEqual({ before, after: wanted, newSecret: false });
  });

  it('leaves connection, secret and readings alone where it does not say where the zone is kept', async () => {
    const zone = await connect('alone.test');
    const secret = await sealed(zone.id);
    expect(await change(zone, { ttlMax: 120 })).toMatchObject({ connection: zone.connection, servers: zone.servers });
    expect(await sealed(zone.id)).toEqual(secret);
    expect(await readings(zone.id)).toHaveLength(1);
    expect(await audited(zone.id)).toEqual({ before: { ttlMax: 86_400 }, after: { ttlMax: 120 }, newSecret: false });
  });

  it('to another server takes the secret anew, lets the servers follow, and has the zone read in place of the reading under way', async () => {
    const zone = await connect('moved.test');
    const secret = await sealed(zone.id);
    const moved = await change(zone, { connection: connectionTo('192.0.2.99') });
    expect(moved).toMatchObject({ connection: { settings: { primary: { address: '192.0.2.99' } } }, servers: [{ address: '192.0.2.99' }] });
    expect(await getZone(ctx(), zone)).toMatchObject({ serversOfConnection: true });
    expect(await sealed(zone.id)).not.toEqual(secret);
    expect((await readings(zone.id)).map(({ state }) => state)).toEqual(['superseded', 'pending']);
    expect(await audited(zone.id)).toMatchObject({
      before: { connection: zone.connection, servers: zone.servers },
      after: { connection: moved.connection, servers: moved.servers },
      newSecret: true,
    });
    const { secret: _, ...without } = connectionTo('192.0.2.100');
    expect(zoneChangeOf(kinds).safeParse({ id: zone.id, version: 2, ownerTeam: team.slug, connection: without }).success).toBe(false);
  });

  it('that says what is said already raises no version and is not told of, but for one of a version that is older', async () => {
    const zone = await connect('unchanged.test');
    const events = () => harness.db.auditEvent.count({ where: { subjectId: zone.id } });
    const before = await events();
    expect(await change(zone)).toEqual({ ...zone, tested: null });
    expect(await events()).toBe(before);
    expect(await change(zone, { ttlMax: 120 })).toMatchObject({ version: 2 });
    await expect(change(zone, { ttlMax: 120 })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('says a new key alone in the audit trail, and not which', async () => {
    const zone = await connect('rotated.test');
    await change(zone, { connection: connectionTo('192.0.2.1') });
    expect(await audited(zone.id)).toEqual({ before: {}, after: {}, newSecret: true, tested: false });
  });

  it('holds what is said against the bounds of a new zone, all at once', async () => {
    const zone = await connect('wrong.test');
    const twice = [
      { name: 'ns1.test', address: '192.0.2.1' },
      { name: 'NS1.test.', address: '192.0.2.2' },
    ];
    const error = await change(zone, { ownerTeam: 'nobody', ttlMin: 600, ttlMax: 60, environments: ['moon'], servers: twice }).catch(
      (reason: unknown) => reason,
    );
    const paths = (error as { violations: { path?: string }[] }).violations.map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['ownerTeam', 'ttlMin', 'servers', 'environments']));
    expect(await harness.db.zone.findUnique({ where: { id: zone.id } })).toMatchObject({ version: 1 });
  });

  it('of two that read the same zone, the second is told and changes nothing', async () => {
    const zone = await connect('race.test');
    const results = await Promise.allSettled([1, 2, 3].map((ttlMin) => change(zone, { ttlMin, connection: connectionTo('192.0.2.5') })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
    await expect(change(zone)).rejects.toThrow('The zone race.test was changed since version 1.');
  });

  it('of a version that never was is told which is the newest', async () => {
    const zone = await connect('future.test');
    const refusal = { code: 'conflict', message: 'The zone future.test never had version 1000; the newest is 1.' };
    await expect(change({ ...zone, version: 1000 })).rejects.toMatchObject(refusal);
  });

  it('is for platform admins, as is reading and removing it', async () => {
    const zone = await connect('mine.test');
    for (const actor of [await harness.build.maintainer(team), await harness.build.reviewer(), await harness.build.auditor()]) {
      const asked = harness.ctxFor(actor);
      const input = zoneChangeOf(kinds).parse({ id: zone.id, version: 1, ownerTeam: team.slug });
      for (const tried of [() => updateZone(asked, input), () => rereadZone(asked, zone), () => removeZone(asked, zone)])
        await expect(tried()).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('of a zone that is not there is not found', async () => {
    const zone = { id: platform.id, version: 1 };
    for (const tried of [() => change(zone), () => rereadZone(ctx(), zone), () => removeZone(ctx(), zone)])
      await expect(tried()).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('"read now"', () => {
  it('hurries the reading that waits for its next try', async () => {
    const zone = await connect('waits.test');
    const [reading] = await readings(zone.id);
    const later = new Date(Date.now() + 3_600_000);
    await behindTheBack(harness.db).operation.updateMany({ where: { zoneId: zone.id }, data: { state: 'waiting', nextAttemptAt: later } });
    await harness.db.outbox.deleteMany();
    expect(await getZone(ctx(), zone)).toMatchObject({ nextReadAt: later.toISOString() });
    expect(await rereadZone(ctx(), zone)).toMatchObject({ id: reading?.id });
    expect(await harness.db.operation.findUnique({ where: { id: reading?.id ?? '' } })).toMatchObject({ nextAttemptAt: null });
    expect(await harness.db.outbox.count({ where: { payload: { equals: { operationId: reading?.id } } } })).toBe(1);
  });

  it('begins a reading where none is under way', async () => {
    const zone = await connect('idle.test');
    await behindTheBack(harness.db).operation.updateMany({ where: { zoneId: zone.id }, data: { state: 'succeeded' } });
    const operation = await rereadZone(ctx(), zone);
    expect((await readings(zone.id)).map(({ id, state }) => [id === operation.id, state])).toEqual([
      [false, 'succeeded'],
      [true, 'pending'],
    ]);
  });
});

describe('removing a zone', () => {
  it('is refused while a name stands in it or is asked for, with what does', async () => {
    const { build, db } = harness;
    const zone = await connect('used.test');
    const made = await build.endpoints(['a', 'b', 'c', 'd', 'e'].map((name) => ({ hostname: `${name}.used.test`, team, zone })));
    await expect(removeZone(ctx(), zone)).rejects.toMatchObject({ code: 'in-use' });
    await expect(removeZone(ctx(), zone)).rejects.toThrow(
      'The public zone used.test is used by 5 endpoints (a.used.test, b.used.test, c.used.test and 2 more).',
    );
    await behindTheBack(db).endpoint.updateMany({ where: { zoneId: zone.id }, data: { state: 'retired' } });
    const request = await db.request.findFirstOrThrow({ where: { endpointId: made[0]?.id ?? '' } });
    await behindTheBack(db).request.update({ where: { id: request.id }, data: { state: 'in-review' } });
    await expect(removeZone(ctx(), zone)).rejects.toThrow(
      `The public zone used.test is used by 1 request (#${request.number} for a.used.test).`,
    );
    expect((await readings(zone.id)).map(({ state }) => state)).toEqual(['pending']);
  });

  it('takes what was read there and ends its work; what was retired in it stays readable, and its apex is free', async () => {
    const { build, db } = harness;
    const zone = await connect('gone.test');
    const [endpoint] = await build.endpoints([{ hostname: 'old.gone.test', team, zone, state: 'retired' }]);
    await db.zoneRecordSet.create({
      data: { zoneId: zone.id, name: 'www.gone.test', type: 'A', ttl: 60, values: ['192.0.2.1'], observedAt: harness.clock.now() },
    });
    const [reading] = await readings(zone.id);
    expect(await getZone(ctx(), zone)).toMatchObject({ retiredCount: 1 });
    await removeZone(ctx(), zone);
    await expect(getZone(ctx(), zone)).rejects.toMatchObject({ code: 'not-found' });
    expect(await db.zoneRecordSet.count({ where: { zoneId: zone.id } })).toBe(0);
    expect(await db.operation.findUnique({ where: { id: reading?.id ?? '' } })).toMatchObject({ state: 'superseded' });
    expect(await getEndpoint(ctx(), { id: endpoint?.id ?? '' })).toMatchObject({ hostname: 'old.gone.test', zone: 'gone.test' });
    expect(await audited(zone.id)).toMatchObject({ view: 'public', ownerTeam: team.slug, connection: zone.connection });
    await expect(connect('gone.test')).resolves.toMatchObject({ apex: 'gone.test' });
  });

  it('has work on names that it hid from the zone above tried at once, and no other', async () => {
    const { build, db } = harness;
    const above = await connect('above.test');
    const hidden = await connect('dev.above.test');
    const names = ['a.dev.above.test', 'a.notdev.above.test', 'a.above.test'];
    await build.endpoints(names.map((hostname) => ({ hostname, team, zone: above })));
    const nextAttemptAt = new Date(Date.now() + 3_600_000);
    const subjects = names.map((hostname) => `endpoint:public:${hostname}`);
    for (const [index, subject] of subjects.entries()) {
      const { id: endpointId } = await db.endpoint.findFirstOrThrow({ where: { hostname: names[index] ?? '' } });
      const work = { kind: 'endpoint', purpose: 'revision', subject, endpointId, reason: 'x' } as const;
      await transact(db, (tx) => startOperation(tx, work, harness.clock.now()));
    }
    await behindTheBack(db).operation.updateMany({ where: { subject: { in: subjects } }, data: { state: 'waiting', nextAttemptAt } });
    await removeZone(ctx(), hidden);
    const hurried = await db.operation.findMany({ where: { subject: { in: subjects }, nextAttemptAt: null }, select: { subject: true } });
    expect(hurried).toEqual([{ subject: 'endpoint:public:a.dev.above.test' }]);
  });

  it('at the same moment as whatever else is asked of it, each is done or told why not', async () => {
    for (let round = 0; round < 5; round += 1) {
      const zone = await connect(`race-${round}.test`);
      const results = await Promise.allSettled([
        rereadZone(ctx(), zone),
        testZone(ctx(), zone),
        removeZone(ctx(), zone),
        change(zone, { connection: connectionTo('192.0.2.7') }),
        testZone(ctx(), zone),
      ]);
      for (const result of results)
        if (result.status === 'rejected') expect(['conflict', 'not-found']).toContain(Object(result.reason).code);
    }
  });

  it('the database itself keeps a zone in which a name stands', async () => {
    const zone = await connect('held.test');
    await harness.build.endpoints([{ hostname: 'a.held.test', team, zone }]);
    await expect(harness.db.zone.delete({ where: { id: zone.id } })).rejects.toThrow(/endpoint_stands_in_a_zone/);
  });
});
