import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { destinationChangeOf, destinationInputOf } from '@hostmaster/core/contract/destination';
import { issuerChangeOf, issuerInputOf } from '@hostmaster/core/contract/issuer';
import { type ZoneDraft, zoneChangeOf, zoneInputOf, zoneTrialOf } from '@hostmaster/core/contract/zone';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SealingCtx } from '../context.ts';
import { connectDestination } from '../destination/connect.ts';
import { updateDestination } from '../destination/update.ts';
import { connectIssuer } from '../issuer/connect.ts';
import { updateIssuer } from '../issuer/update.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { createZone } from '../zone/create.ts';
import { tryConnection } from '../zone/try-connection.ts';
import { updateZone } from '../zone/update.ts';

const kinds = [...dnsProviderKinds.values()];
const secret = 'dGhlLXNlY3JldC1vZi10aGUta2V5LWZpbGU=';
const connectionTo = (address: string, more: object = {}) => ({
  kind: 'rfc2136',
  settings: { primary: { address }, tsig: { name: 'key' } },
  secret,
  ...more,
});
const place = { apex: zoneApex, view: 'internal' as const, connection: connectionTo('127.0.0.53') };
let world: Reconciling;
let ctx: SealingCtx;
beforeEach(async () => {
  world = await createReconciling();
  ctx = { ...world.ctxFor((await world.as('platform')).actor), sealer: world.worker.keyStore };
});
afterEach(() => world.close());

const create = (more: Partial<ZoneDraft> = {}) =>
  createZone(ctx, zoneInputOf(kinds).parse({ ...place, ownerTeam: 'platform-edge', ...more }));
const begin = () => tryConnection(ctx, zoneTrialOf(kinds).parse(place));
const test = async () => {
  const { id } = await begin();
  await world.runDue();
  return id;
};
const refusedAs = (reason: unknown) => ({ code: 'invalid-input', violations: [{ rule: 'connection-tested', path: 'trial', reason }] });
const lastEvent = async (action: string) =>
  (await world.db.auditEvent.findFirstOrThrow({ where: { action }, orderBy: { seq: 'desc' } })).detail;

describe('a connection that is kept', () => {
  it('was tested as it is, which the answer and the audit trail say', async () => {
    const zone = await create({ trial: await test() });
    expect(zone).toMatchObject({ apex: zoneApex, tested: true });
    expect(await lastEvent('zone.create')).toMatchObject({ tested: true });
    const change = { id: zone.id, version: 1, ownerTeam: 'platform-edge', connection: place.connection };
    const changed = await updateZone(ctx, zoneChangeOf(kinds).parse({ ...change, trial: await test() }));
    expect(changed).toMatchObject({ version: 2, tested: true });
    expect(await lastEvent('zone.update')).toMatchObject({ tested: true, newSecret: true });
    const idle = { id: zone.id, version: 2, ownerTeam: 'platform-edge', trial: await test() };
    const alone = refusedAs('A test is of a connection, and none is sent: it stays as it is.');
    await expect(updateZone(ctx, zoneChangeOf(kinds).parse(idle))).rejects.toMatchObject(alone);
  });

  it('is refused where nobody tested it, unless that is said', async () => {
    await expect(create()).rejects.toMatchObject(refusedAs('Nobody has tested this connection.'));
    expect(await create({ untested: true })).toMatchObject({ tested: false });
    expect(await lastEvent('zone.create')).toMatchObject({ tested: false });
  });

  it.each<[string, Partial<ZoneDraft>]>([
    ['address', { connection: connectionTo('127.0.0.54') }],
    ['secret', { connection: connectionTo('127.0.0.53', { secret: 'YW5vdGhlci1zZWNyZXQtb2YtdGhlLWtleQ==' }) }],
    ['view', { view: 'public' }],
    ['name', { apex: 'other.test' }],
    ['list of servers', { servers: [{ name: 'ns2.test', address: '127.0.0.54' }] }],
  ])('with another %s than the one that was tested is refused, said to be untested or not', async (_, more) => {
    const trial = await test();
    const differs = refusedAs(expect.stringContaining('is not what is to be connected'));
    await expect(create({ trial, ...more })).rejects.toMatchObject(differs);
    await expect(create({ trial, untested: true, ...more })).rejects.toMatchObject(differs);
  });

  it('names a test that has ended, passed, and is no older than an hour', async () => {
    const { id: trial } = await begin();
    await expect(create({ trial })).rejects.toMatchObject(refusedAs('The test has not ended yet.'));
    await world.runDue();
    world.clock.advance(3_601_000);
    await expect(create({ trial })).rejects.toMatchObject(refusedAs('The test ended more than 60 minutes ago.'));
    world.secondStands();
    const servers = [{ name: 'ns2', address: '127.0.0.54' }];
    const { id: failed } = await tryConnection(ctx, zoneTrialOf(kinds).parse({ ...place, servers }));
    await world.runDue();
    await expect(create({ trial: failed, servers })).rejects.toMatchObject(refusedAs('The test that is named did not pass.'));
    const nobodys = '01890a5d-ac96-774b-bcce-b302099a8057';
    await expect(create({ trial: nobodys })).rejects.toMatchObject(refusedAs(`There is no test ${nobodys}.`));
  });

  it('is said to be untested beside everything else that is wrong', async () => {
    const error = await create({ ownerTeam: 'nobody' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ violations: [{ rule: 'team-exists' }, { rule: 'connection-tested' }] });
  });

  it('is tested also of an issuer and of a destination, when it is connected and when it is moved', async () => {
    const acme = { kind: 'acme', settings: { directory: 'https://acme.example.test/directory' } };
    const issuer = { name: 'A CA', suffixes: [zoneApex] };
    const issuers = [...issuerKinds.values()];
    const connect = (more: object = {}) =>
      connectIssuer(ctx, issuerInputOf(issuers).parse({ slug: 'a-ca', connection: acme, ...issuer, ...more }));
    await expect(connect()).rejects.toMatchObject(refusedAs('Nobody has tested this connection.'));
    const { id, version, tested } = await connect({ untested: true });
    expect(tested).toBe(false);
    const move = (more: object) => updateIssuer(ctx, issuerChangeOf(issuers).parse({ id, version, ...issuer, ...more }));
    await expect(move({ connection: acme })).rejects.toMatchObject(refusedAs('Nobody has tested this connection.'));
    expect(await move({ name: 'Another name' })).toMatchObject({ tested: null });

    const destinations = [...destinationKinds.values()];
    const connection = { kind: 'kubernetes', settings: { address: 'https://k8s.example.test', namespace: 'ingress' }, secret: 'a-token' };
    const add = (more: object = {}) =>
      connectDestination(ctx, destinationInputOf(destinations).parse({ slug: 'k8s', connection, ...more }));
    await expect(add()).rejects.toMatchObject(refusedAs('Nobody has tested this connection.'));
    const added = await add({ untested: true });
    const moved = destinationChangeOf(destinations).parse({ id: added.id, version: 1, connection });
    await expect(updateDestination(ctx, moved)).rejects.toMatchObject(refusedAs('Nobody has tested this connection.'));
  });
});
