import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { zoneDetail, zoneInputOf, zoneKept, zonePage, zoneRecordSetsQuery } from '@hostmaster/core/contract/zone';
import { storeZone } from '@hostmaster/db/testing/inventory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeEnvironment } from '../environment/remove.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { createZone } from './create.ts';
import { getZone } from './get.ts';
import { listZones } from './list.ts';
import { listRecordSets } from './record-sets.ts';

const secret = 'dGhlLXNlY3JldC1vZi10aGUta2V5LWZpbGU=';
let harness: Harness;
let team: { id: string; slug: string };
beforeAll(async () => {
  harness = await createHarness();
  team = await harness.build.team('platform-edge');
});
afterAll(() => harness.close());

const zoneInput = zoneInputOf([...dnsProviderKinds.values()]);
const settings = { primary: { address: '192.0.2.53', port: 5353 }, tsig: { name: 'Hostmaster-Key.' } };
const draft = (more: object = {}) => ({
  apex: 'Corp.Example.Test.',
  ownerTeam: 'platform-edge',
  connection: { kind: 'rfc2136', settings, secret },
  untested: true,
  ...more,
});
const input = (more: object = {}) => zoneInput.parse(draft(more));
const platform = async () => harness.ctxFor(await harness.build.platform());

describe('connecting a zone', () => {
  it('stores the canonical apex, the primary as its only server, and begins to read it', async () => {
    const zone = await createZone(await platform(), input());
    expect(zoneKept.parse(zone)).toEqual(zone);
    expect(zone).toMatchObject({
      apex: 'corp.example.test',
      servers: [{ name: '192.0.2.53:5353', address: '192.0.2.53', port: 5353 }],
      connection: {
        kind: 'rfc2136',
        settings: { primary: settings.primary, tsig: { name: 'hostmaster-key', algorithm: 'hmac-sha256' } },
      },
      serial: null,
    });
    const operation = await harness.db.operation.findFirst({ where: { subject: `zone:${zone.id}` } });
    expect(operation).toMatchObject({ kind: 'zone', purpose: 'read', state: 'pending', zoneId: zone.id });
    expect(await harness.db.outbox.count({ where: { payload: { equals: { operationId: operation?.id } } } })).toBe(1);
  });

  it('keeps the secret out of every answer, the audit trail and the row', async () => {
    const ctx = await platform();
    const zone = await createZone(ctx, input({ apex: 'secret.example.test' }));
    const row = await harness.db.zone.findUniqueOrThrow({ where: { id: zone.id } });
    expect(row.secretCiphertext).not.toBeNull();
    const everything = JSON.stringify(
      [
        zone,
        await listZones(ctx, { limit: 50 }),
        await getZone(ctx, zone),
        { ...row, serial: null },
        await harness.db.auditEvent.findMany({ select: { detail: true } }),
      ],
      (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value),
    );
    for (const form of [secret, Buffer.from(secret, 'base64').toString('latin1'), Buffer.from(secret, 'base64').toString('hex')])
      expect(everything).not.toContain(form);
    expect(JSON.stringify([zone, await getZone(ctx, zone)])).not.toMatch(/cipher|secretKeyId/i);
  });

  it.each(['com', 'co.uk', 'github.io', 'CO.UK.'])('refuses the public suffix %s', async (apex) => {
    await expect(createZone(await platform(), input({ apex }))).rejects.toMatchObject({
      violations: [{ rule: 'public-suffix', path: 'apex' }],
    });
  });

  it('refuses the same apex in the same view, and takes it in another', async () => {
    const ctx = await platform();
    await createZone(ctx, input({ apex: 'twice.example.test' }));
    await expect(createZone(ctx, input({ apex: 'TWICE.example.test.' }))).rejects.toMatchObject({ code: 'already-exists' });
    await expect(createZone(ctx, input({ apex: 'twice.example.test', view: 'internal' }))).resolves.toMatchObject({ view: 'internal' });
  });

  it.each([
    ['_MSDCS.example.test.', '_msdcs.example.test'],
    ['0/25.2.0.192.in-addr.arpa', '0/25.2.0.192.in-addr.arpa'],
  ])('takes %s, whose apex is no hostname, and shows it', async (given, apex) => {
    const ctx = await platform();
    const zone = await createZone(ctx, input({ apex: given }));
    expect(zone.apex).toBe(apex);
    expect(await getZone(ctx, zone)).toMatchObject({ apex, grants: [] });
    await expect(createZone(ctx, input({ apex }))).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('of two at the same time connects one', async () => {
    const ctx = await platform();
    const results = await Promise.allSettled([1, 2, 3].map(() => createZone(ctx, input({ apex: 'race.example.test' }))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'already-exists' });
  });

  it('names everything that is wrong at once', async () => {
    const wrong = input({
      apex: '*.bad_name.test',
      ownerTeam: 'nobody',
      ttlMin: 600,
      ttlMax: 60,
      environments: ['moon'],
      servers: [
        { name: 'ns1.test', address: '192.0.2.1' },
        { name: 'NS1.test.', address: '192.0.2.2' },
      ],
    });
    const error = await createZone(await platform(), wrong).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'invalid-input' });
    const paths = (error as { violations: { path?: string }[] }).violations.map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['apex', 'ownerTeam', 'ttlMin', 'servers', 'environments']));
  });

  it('keeps the zone for the environments that were named, each once, and none of those is removed afterwards', async () => {
    const ctx = await platform();
    await harness.build.environments('edge', 'lab');
    const zone = await createZone(ctx, input({ apex: 'kept.example.test', environments: ['edge', 'edge'] }));
    expect(zone.environments).toEqual(['edge']);
    expect((await getZone(ctx, zone)).environments).toEqual(['edge']);
    await expect(removeEnvironment(ctx, { slug: 'edge' })).rejects.toThrow('Environment edge is used by 1 zone (kept.example.test).');
    await expect(removeEnvironment(ctx, { slug: 'lab' })).resolves.toBeUndefined();
  });

  it('is for platform admins', async () => {
    for (const actor of [await harness.build.maintainer(team), await harness.build.reviewer(), await harness.build.auditor()])
      await expect(createZone(harness.ctxFor(actor), input({ apex: 'mine.test' }))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await harness.db.zone.count({ where: { apex: 'mine.test' } })).toBe(0);
  });
});

describe('a zone', () => {
  it('shows every record set with who holds it, and the grants that reach into it, at label boundaries', async () => {
    const zone = await harness.build.zone({ apex: 'held.test', team });
    const [held] = await harness.build.endpoints([{ hostname: 'orders.held.test', team, zone }]);
    const at = harness.clock.now();
    const sets = [
      ['orders.held.test', 'A'],
      ['orders.held.test', 'TXT'],
      ['www.held.test', 'A'],
    ] as const;
    const read = sets.map(([name, type]) => ({ name, type, ttl: 60, values: ['x'] }));
    await storeZone(harness.db, zone.id, read, at);
    for (const suffix of ['held.test', 'dev.held.test', 'evilheld.test', 'held.test.example']) await harness.build.grant({ team, suffix });
    const detail = await getZone(harness.ctxFor(await harness.build.auditor()), zone);
    expect(zoneDetail.parse(detail)).toEqual(detail);
    const { rows } = await listRecordSets(harness.ctxFor(await harness.build.auditor()), zoneRecordSetsQuery.parse({ id: zone.id }));
    expect(rows.map(({ name, type, endpointId }) => [name, type, endpointId])).toEqual([
      ['orders.held.test', 'A', held?.id],
      ['orders.held.test', 'TXT', null],
      ['www.held.test', 'A', null],
    ]);
    expect(detail.grants.map(({ suffix }) => suffix)).toEqual(['dev.held.test', 'held.test']);
    expect(detail).toMatchObject({ recordSetCount: 3, endpointCount: 1 });
    const list = await listZones(harness.ctxFor(await harness.build.auditor()), { limit: 50 });
    expect(zonePage.parse(list)).toEqual(list);
  });
});
