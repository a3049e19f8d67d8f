import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { operation as operationOf } from '@hostmaster/core/contract/operation';
import { type ZoneTrialDraft, zoneTrialOf } from '@hostmaster/core/contract/zone';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SealingCtx } from '../context.ts';
import type { DemoAccount } from '../installation/seed-demo.ts';
import { getOperation } from '../operation/get.ts';
import { purgeExpired } from '../sweep/purge-expired.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { testZone } from './test-connection.ts';
import { tryConnection } from './try-connection.ts';

const secret = 'dGhlLXNlY3JldC1vZi10aGUta2V5LWZpbGU=';
const draft = (more: Partial<ZoneTrialDraft> = {}): ZoneTrialDraft => ({
  apex: 'example.test',
  servers: [],
  connection: { kind: 'rfc2136', settings: { primary: { address: '127.0.0.53' }, tsig: { name: 'key' } }, secret },
  ...more,
});

let world: Reconciling;
beforeEach(async () => {
  world = await createReconciling();
});
afterEach(() => world.close());

const as = async (account: DemoAccount): Promise<SealingCtx> => ({
  ...world.ctxFor((await world.as(account)).actor),
  sealer: world.worker.keyStore,
});
const attempt = async (more: Partial<ZoneTrialDraft> = {}, account: DemoAccount = 'platform') =>
  tryConnection(await as(account), zoneTrialOf([...dnsProviderKinds.values()]).parse(draft(more)));
const ended = async ({ id }: { id: string }) => operationOf.parse(await getOperation(await as('platform'), { id }));

describe('a connection that is tried before a zone is kept there', () => {
  it('says what each check found, connects nothing, and what was typed is thrown away with the end of the test', async () => {
    const begun = await attempt();
    expect(operationOf.parse(begun)).toMatchObject({ purpose: 'test', state: 'pending' });
    expect(await world.db.connectionTrial.count()).toBe(1);
    await world.runDue();
    const { result, state } = await ended(begun);
    expect(state).toBe('succeeded');
    expect(result).toMatchObject({ ok: true });
    expect(Object(result).checks.map(({ check }: { check: string }) => check)).toEqual(['transfer', 'update', 'server 127.0.0.53']);
    expect(await world.db.zone.count()).toBe(1);
    expect(await world.db.connectionTrial.findMany()).toMatchObject([
      { settings: {}, about: {}, secretKeyId: null, secretCiphertext: null },
    ]);
    const event = await world.db.auditEvent.findFirstOrThrow({ where: { action: 'zone.try' } });
    expect(event).toMatchObject({ subject: 'example.test', detail: { view: 'public', connection: { kind: 'rfc2136' } } });
    expect(JSON.stringify(event.detail)).not.toContain(secret);
  });

  it('says which server does not answer, and is over all the same', async () => {
    const begun = await attempt({ servers: [{ name: 'ns2', address: '127.0.0.54' }] });
    world.secondStands();
    await world.runDue();
    const { result } = await ended(begun);
    expect(result).toMatchObject({ ok: false });
    expect(Object(result).checks.at(-1)).toMatchObject({ check: 'server ns2', ok: false });
    expect(await world.db.connectionTrial.count()).toBe(0);
  });

  it('takes a secret that a worker alone can open, and that opens for nothing else', async () => {
    await attempt();
    const [row] = await world.db.connectionTrial.findMany();
    if (!row?.secretCiphertext || row.secretKeyId === null) throw new Error('nothing was sealed');
    const wrapped = { keyId: row.secretKeyId, ciphertext: row.secretCiphertext };
    await expect(world.worker.keyStore.open(wrapped, `zone:${row.operationId}:tsig`)).rejects.toMatchObject({ code: 'key-unreadable' });
    const web = (await as('platform')).db;
    await expect(web.connectionTrial.findMany({ select: { secretCiphertext: true } })).rejects.toThrow(/permission denied/);
  });

  it('that no worker ever took is thrown away after a day', async () => {
    await attempt();
    await purgeExpired(world.worker);
    expect(await world.db.connectionTrial.count()).toBe(1);
    world.clock.advance(25 * 3_600_000);
    await purgeExpired(world.worker);
    expect(await world.db.connectionTrial.count()).toBe(0);
    const [operation] = await world.db.operation.findMany({ where: { purpose: 'test' } });
    await world.runDue();
    expect((await ended({ id: operation?.id ?? '' })).error).toMatchObject({ message: 'What was to be tried is gone.' });
  });

  it('names everything that is wrong with it at once', async () => {
    const twice = [
      { name: 'ns1.test', address: '192.0.2.1' },
      { name: 'NS1.test.', address: '192.0.2.2' },
    ];
    const error = await attempt({ apex: '*.bad_name.test', servers: twice }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'invalid-input' });
    expect(new Set((error as { violations: { path?: string }[] }).violations.map(({ path }) => path))).toEqual(
      new Set(['apex', 'servers']),
    );
  });

  it('is for platform admins', async () => {
    for (const account of ['app', 'security', 'auditor'] as const)
      await expect(attempt({}, account)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a connection test that passes', () => {
  it('takes back what the last reading met, and has the zone read at once', async () => {
    const zone = await world.db.zone.findFirstOrThrow();
    await world.db.zone.update({ where: { id: zone.id }, data: { syncError: 'The key was not accepted (BADSIG).' } });
    const readings = () => world.db.operation.count({ where: { zoneId: zone.id, purpose: 'read' } });
    const before = await readings();
    await testZone(await as('platform'), zone);
    await world.runDue();
    expect(await world.db.zone.findFirstOrThrow()).toMatchObject({ syncError: null });
    expect(await readings()).toBe(before + 1);
  });

  it('that fails leaves both alone', async () => {
    const zone = await world.db.zone.findFirstOrThrow();
    await world.db.zone.update({ where: { id: zone.id }, data: { syncError: 'It was refused.' } });
    world.secondStands();
    await testZone(await as('platform'), zone);
    await world.runDue();
    expect(await world.db.zone.findFirstOrThrow()).toMatchObject({ syncError: 'It was refused.' });
  });
});
