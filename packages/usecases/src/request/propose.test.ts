import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { memoryProvider } from '@hostmaster/adapters/dns/memory';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { byKind } from '@hostmaster/core/descriptor';
import type { DnsProviderDescription } from '@hostmaster/core/dns/provider';
import { toPem } from '@hostmaster/core/pki/chain';
import type { ContractKey } from '@hostmaster/core/pki/profile';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { propose } from './propose.ts';

let harness: Harness;
let team: { readonly id: string; readonly slug: string };
beforeAll(async () => {
  harness = await createHarness();
  const { build, db } = harness;
  team = await build.team('orders');
  await build.environments('dev');
  const zone = await build.zone({ apex: 'example.test', team });
  await db.zone.update({ where: { id: zone.id }, data: { provider: 'memory', connection: {} } });
  await build.grant({ team, suffix: 'dev.example.test' });
  await build.endpoint({ hostname: 'there.dev.example.test', team, zone });
  const row = { zoneId: zone.id, type: 'A', values: ['192.0.2.10'], observedAt: harness.clock.now() };
  await db.zoneRecordSet.createMany({ data: [{ ...row, name: 'there.dev.example.test', ttl: 60 }] });
});
afterAll(() => harness.close());

it('a retirement takes away what its endpoint put there, and says what stays of somebody else', async () => {
  const { db, clock, build } = harness;
  const zone = await db.zone.findFirstOrThrow();
  const hostname = 'leaves.dev.example.test';
  await build.endpoint({ hostname, team, zone });
  const row = { zoneId: zone.id, name: hostname, ttl: 60, observedAt: clock.now() };
  await db.zoneRecordSet.createMany({
    data: [
      { ...row, type: 'A', values: ['192.0.2.10', '192.0.2.99'] },
      { ...row, type: 'AAAA', values: ['2001:db8::99'] },
    ],
  });
  const contract = endpointContract.parse({ hostname, team: team.slug, environment: 'dev', target: { addresses: ['192.0.2.10'] } });
  const { completed } = await propose(
    { db, clock, dnsProviders: byKind([memoryProvider(new Map())]), destinationKinds },
    { kind: 'retire', contract },
  );
  expect(completed?.plan.changes).toMatchObject([
    { type: 'A', before: { values: ['192.0.2.10', '192.0.2.99'] }, after: { values: ['192.0.2.99'] } },
  ]);
  expect(completed?.plan.notes).toContain(`${hostname} A 192.0.2.99 stays: somebody else put it there.`);
  expect(completed?.plan.notes).toContain(`${hostname} AAAA 2001:db8::99 stays: somebody else put it there.`);
});

/** The plan for a name with a TTL of 30 s, in a zone of this kind of provider. */
async function planned(label: 'fresh' | 'there', kind: DnsProviderDescription) {
  const { db, clock } = harness;
  const contract = endpointContract.parse({
    hostname: `${label}.dev.example.test`,
    team: team.slug,
    environment: 'dev',
    target: { addresses: ['192.0.2.10'] },
    ttl: 'cutover',
  });
  const asked = { kind: label === 'fresh' ? ('create' as const) : ('change' as const), contract };
  const { completed, decision } = await propose({ db, clock, dnsProviders: byKind([kind]), destinationKinds }, asked);
  if (completed === null) throw new Error(decision.violations.map(({ reason }) => reason).join(' '));
  return completed;
}

it('a plan wants what the provider will hold: its TTL, where it rounds', async () => {
  const { plan, recordSets } = await planned('fresh', memoryProvider(new Map(), 60));
  const held = { name: 'fresh.dev.example.test', type: 'A', ttl: 60, values: ['192.0.2.10'] };
  expect(recordSets).toEqual([held]);
  expect(plan.changes).toMatchObject([{ before: null, after: held }]);
  expect((await planned('fresh', memoryProvider(new Map()))).recordSets).toMatchObject([{ ttl: 30 }]);
});

it('what the provider holds already is no change, though it was asked for with a TTL that it rounds', async () => {
  expect((await planned('there', memoryProvider(new Map(), 60))).plan.changes).toEqual([]);
  expect((await planned('there', memoryProvider(new Map()))).plan.changes).toHaveLength(1);
});

it('what the provider cannot do is said in the plan, where it matters', async () => {
  const weak = {
    ...memoryProvider(new Map()),
    capabilities: { atomic: { no: 'it has no batches' }, compareAndSet: { no: 'it knows no etags' } },
  };
  const overwritten = 'What somebody else changes in the same moment may be overwritten: it knows no etags.';
  expect((await planned('fresh', weak)).plan.notes).toContain(overwritten);
  expect((await planned('fresh', memoryProvider(new Map()))).plan.notes).not.toContain(overwritten);
});

it('a name leaves the zone that it stands in, also where a more specific one was connected since', async () => {
  const { db, clock, build } = harness;
  const zone = await db.zone.findFirstOrThrow({ where: { apex: 'example.test' } });
  const hostname = 'n.kid.dev.example.test';
  await build.endpoint({ hostname, team, zone });
  await db.zoneRecordSet.create({
    data: { zoneId: zone.id, name: hostname, ttl: 60, type: 'A', values: ['192.0.2.10'], observedAt: clock.now() },
  });
  const child = await build.zone({ apex: 'kid.dev.example.test', team });
  await db.zone.update({ where: { id: child.id }, data: { provider: 'memory', connection: {} } });
  const contract = endpointContract.parse({ hostname, team: team.slug, environment: 'dev', target: { addresses: ['192.0.2.10'] } });
  const ctx = { db, clock, dnsProviders: byKind([memoryProvider(new Map())]), destinationKinds };
  expect((await propose(ctx, { kind: 'retire', contract })).completed?.plan).toMatchObject({
    zone: 'example.test',
    changes: [{ type: 'A', before: { values: ['192.0.2.10'] }, after: null }],
  });
  expect((await propose(ctx, { kind: 'change', contract })).decision.violations.map(({ rule }) => rule)).toContain('zone-moved');
});

it('a plan says which names a wildcard answers for no more, and again', async () => {
  const { db, clock, build } = harness;
  const zone = await db.zone.findFirstOrThrow({ where: { apex: 'example.test' } });
  const row = { zoneId: zone.id, ttl: 60, type: 'A', values: ['192.0.2.10'], observedAt: clock.now() };
  await db.zoneRecordSet.create({ data: { ...row, name: '*.wild.dev.example.test' } });
  const ctx = { db, clock, dnsProviders: byKind([memoryProvider(new Map())]), destinationKinds };
  const notes = async (kind: 'create' | 'retire', hostname: string) => {
    const contract = endpointContract.parse({ hostname, team: team.slug, environment: 'dev', target: { addresses: ['192.0.2.10'] } });
    return (await propose(ctx, { kind, contract })).completed?.plan.notes;
  };
  expect(await notes('create', 'a.b.wild.dev.example.test')).toContain(
    '*.wild.dev.example.test answers for it now, and from then on neither for b.wild.dev.example.test nor for any name below.',
  );
  await build.endpoint({ hostname: 'c.wild.dev.example.test', team, zone });
  await db.zoneRecordSet.create({ data: { ...row, name: 'c.wild.dev.example.test' } });
  expect(await notes('retire', 'c.wild.dev.example.test')).toContain('From then on *.wild.dev.example.test answers for it.');
  await build.endpoint({ hostname: 'a.e.wild.dev.example.test', team, zone });
  await db.zoneRecordSet.create({ data: { ...row, name: 'a.e.wild.dev.example.test' } });
  expect(await notes('retire', 'a.e.wild.dev.example.test'), 'a name that was there for it alone is gone with it').toContain(
    'From then on *.wild.dev.example.test answers for it, and for e.wild.dev.example.test and the names below it where nothing else stands.',
  );
  await build.endpoint({ hostname: '*.own.dev.example.test', team, zone });
  await db.zoneRecordSet.create({ data: { ...row, name: '*.own.dev.example.test' } });
  expect(await notes('retire', '*.own.dev.example.test')).toContain(
    'From then on nothing answers for the names below own.dev.example.test that have no records.',
  );
  await db.grant.updateMany({ data: { wildcard: true } });
  expect(await notes('create', '*.more.dev.example.test')).toContain(
    'From then on it answers for every name below more.dev.example.test that has no records.',
  );
});

describe('a CSR', () => {
  const hostname = 'own-key.dev.example.test';
  const asked = async (key: ContractKey, tls: { readonly key?: ContractKey } = {}) => {
    const csr = toPem(await createCsr(await generateKey(key), [hostname]), 'CERTIFICATE REQUEST');
    const target = { addresses: ['192.0.2.10'] };
    const contract = endpointContract.parse({ hostname, team: team.slug, environment: 'dev', target, tls: { csr, ...tls } });
    return { kind: 'create' as const, contract };
  };
  const proposed = (input: Parameters<typeof propose>[1], again: Parameters<typeof propose>[2] = null) =>
    propose({ db: harness.db, clock: harness.clock, dnsProviders: byKind([memoryProvider(new Map())]), destinationKinds }, input, again);

  it.each<[ContractKey]>([['rsa-2048'], ['ecdsa-p384'], ['ecdsa-p256']])(
    'with %s is planned as that key, which a review is bound to',
    async (key) => {
      const input = await asked(key);
      const { completed } = await proposed(input);
      expect(completed?.plan.certificate).toMatchObject({ key, keyHolder: 'requester' });
      expect(completed?.contract.tls).not.toHaveProperty('key');
      expect((await proposed(await asked(key, { key }))).completed?.plan.certificate).toMatchObject({ key });
    },
  );

  it('beside another key than its own is refused, and both are named', async () => {
    const { decision, completed } = await proposed(await asked('rsa-2048', { key: 'ecdsa-p256' }));
    expect(completed).toBeNull();
    expect(decision.violations).toMatchObject([
      {
        rule: 'csr-other-key',
        path: 'contract.tls.key',
        reason: 'It names the key ecdsa-p256, and the CSR holds rsa-2048.',
        remedy: expect.stringContaining('Leave tls.key out'),
      },
    ]);
    expect(decision.results.filter(({ outcome }) => outcome === 'deny')).toMatchObject([{ rule: 'csr-other-key', path: 'tls.key' }]);
  });

  it('whose request an older release stored with a default beside it is decided as it was', async () => {
    const input = await asked('rsa-2048', { key: 'ecdsa-p256' });
    const again = { requestId: '00000000-0000-4000-8000-000000000000' };
    expect((await proposed(input, again)).completed?.plan.certificate).toMatchObject({ key: 'rsa-2048' });
  });
});
