// The certificate half: an order is the same order until it is signed or refused, what is in use is renewed in time, and what
// is no longer wanted is served no longer.
import { X509Certificate } from 'node:crypto';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import type { EndpointContractInput } from '@hostmaster/core/contract/endpoint';
import { day } from '@hostmaster/core/duration';
import { errorTable } from '@hostmaster/core/error-table';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostnameOf } from '@hostmaster/core/hostname/parse-hostname';
import { toPem } from '@hostmaster/core/pki/chain';
import { listsOf } from '@hostmaster/core/pki/crl-shard';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chooseIssuer } from '../certificate/choose-issuer.ts';
import type { WorkerCtx } from '../context.ts';
import { recheckEndpoint } from '../endpoint/recheck.ts';
import { coverZones } from '../issuer/cover-zones.ts';
import { runOperation } from '../operation/run.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { publishDueCrls } from '../sweep/publish-crls.ts';
import { zoneApex } from '../testing/demo.ts';
import { intermediateFor } from '../testing/issuers.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { listZones } from '../zone/list.ts';
import { endpointSubject } from './start.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

let n = 0;
const fresh = (): string => {
  n += 1;
  return `c${n}.dev.${zoneApex}`;
};
const ago = (milliseconds: number): Date => new Date(world.clock.now().getTime() - milliseconds);
const endpointOf = (hostname: string) => world.db.endpoint.findFirstOrThrow({ where: { hostname } });
const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, orderBy: { issuedAt: 'asc' } });
const ordersOf = (hostname: string) =>
  world.db.certificateOrder.findMany({ where: { endpoint: { hostname } }, orderBy: { createdAt: 'asc' } });
const fixedIn = (order: { readonly resume: unknown } | undefined) => z.object({ serial: z.string() }).parse(order?.resume).serial;
const operationOf = async (hostname: string) =>
  world.db.operation.findFirstOrThrow({
    where: { subject: endpointSubject({ hostname, view: 'public' }) },
    orderBy: { generation: 'desc' },
  });
const live = async (hostname: string, more: Partial<EndpointContractInput> = {}) => {
  await world.ask(hostname, more);
  await world.runDue();
  expect(await endpointOf(hostname)).toMatchObject({ state: 'live' });
};
/** As if two thirds of its lifetime were over. */
const makeDue = async (hostname: string) => {
  const { id } = await endpointOf(hostname);
  await world.db.certificate.updateMany({ where: { endpointId: id, state: 'served' }, data: { renewAfter: ago(1000) } });
};
const signingIssuer = () => world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
const isWaitingFor = (code: string) => ({
  state: 'waiting',
  step: 'certificate-issued',
  nextAttemptAt: expect.any(Date),
  error: { code, message: expect.any(String), remedy: expect.any(String) },
});

// The first: it asks whether anything at all is due.
test('an endpoint that gives TLS up stops serving its certificate, which is revoked and renewed by nobody', async () => {
  const hostname = 'plain.dev.example.test';
  await world.ask(hostname);
  await world.runDue();
  const issued = await world.db.certificate.findFirstOrThrow({ where: { names: { has: hostname } } });
  expect(world.servedSerial(hostname)).toBe(issued.serial);

  await world.send('change', hostname, { tls: { termination: 'none' } });
  await world.runDue();
  expect(world.servedSerial(hostname)).not.toBe(issued.serial);
  expect(await world.db.certificate.findUniqueOrThrow({ where: { id: issued.id } })).toMatchObject({ state: 'revoked' });

  // Whatever becomes of the endpoint itself: its work is over, and time passes.
  await behindTheBack(world.db).operation.updateMany({
    where: { state: { in: ['pending', 'running', 'waiting'] } },
    data: { state: 'superseded' },
  });
  const ended = { db: world.db, clock: { now: () => issued.notAfter } };
  expect(await startDueRenewals(ended, 10)).toBe(0);
});

describe('where the server that ends TLS cannot be written to', () => {
  const stuckAt = async (hostname: string, step: string) =>
    expect(await operationOf(hostname)).toMatchObject({ state: 'waiting', step, error: { code: 'delivery-failed' } });
  const states = async (hostname: string) => (await certificatesOf(hostname)).map(({ state }) => state);

  test('a certificate that is given up is revoked all the same, and taken away as soon as it can be', async () => {
    const hostname = fresh();
    await live(hostname);
    world.edgeStands(hostname, true);
    await world.send('change', hostname, { tls: { termination: 'none' } });
    await world.runDue();
    await stuckAt(hostname, 'certificate-issued');
    expect(await states(hostname)).toEqual(['revoked']);
    world.edgeStands(hostname, false);
    await world.runLater();
    expect([world.servedSerial(hostname), (await operationOf(hostname)).state]).toEqual([null, 'succeeded']);
  });

  test('so is that of a name that ends', async () => {
    const hostname = fresh();
    await live(hostname);
    world.edgeStands(hostname, true);
    await world.send('retire', hostname);
    await world.runDue();
    await stuckAt(hostname, 'withdrawn');
    expect(await states(hostname)).toEqual(['revoked']);
    world.edgeStands(hostname, false);
    await world.runLater();
    expect([world.servedSerial(hostname), (await endpointOf(hostname)).state]).toEqual([null, 'retired']);
  });

  test('for one name, the others get theirs, and what was let go is taken away', async () => {
    const [hostname, gone, kept, added] = [fresh(), fresh(), fresh(), fresh()];
    await live(hostname, { tls: { extraNames: [gone, kept] } });
    const [before] = await certificatesOf(hostname);
    world.edgeStands(kept, true);
    await world.send('change', hostname, { tls: { extraNames: [kept, added] } });
    await world.runDue();
    await stuckAt(hostname, 'certificate-delivered');
    const newer = (await certificatesOf(hostname)).at(-1)?.serial;
    expect([hostname, added, kept, gone].map(world.servedSerial)).toEqual([newer, newer, before?.serial, null]);
    world.edgeStands(kept, false);
    await world.runLater();
    expect([world.servedSerial(kept), (await operationOf(hostname)).state]).toEqual([newer, 'succeeded']);
  });
});

test('what stands where an endpoint put nothing, or another one does since, is not its own to take away, also where it cannot be read', async () => {
  const [hostname, other, byHand, taken] = [fresh(), fresh(), fresh(), fresh()];
  await live(hostname, { tls: { extraNames: [byHand, taken] } });
  await live(other);
  for (const name of [byHand, taken]) {
    await world.destination.withdraw(name);
    world.edgeStands(name, true);
  }
  await world.db.delivery.deleteMany({ where: { hostname: byHand } });
  const { id: endpointId } = await endpointOf(other);
  await world.db.delivery.create({ data: { endpointId, hostname: taken, namespace: '', seenAt: world.clock.now() } });
  await world.send('change', hostname, { tls: { extraNames: [] } });
  await world.runDue();
  expect(await operationOf(hostname)).toMatchObject({ state: 'succeeded' });
  for (const name of [byHand, taken]) world.edgeStands(name, false);
});

test.each([
  ['because it was damaged', { keyCiphertext: Buffer.from('rubbish') }],
  ['because another key wrapped it', { keyId: 'another' }],
])('a CA key that cannot be read %s is waited for, and the same certificate is signed once it can be read', async (_, damage) => {
  const hostname = fresh();
  const { id, keyCiphertext, keyId } = await signingIssuer();
  await world.db.issuer.update({ where: { id }, data: damage });
  await world.ask(hostname);
  await world.runDue();
  expect(await operationOf(hostname)).toMatchObject(isWaitingFor('key-unreadable'));
  const [ordered] = await ordersOf(hostname);
  expect([ordered?.state, await certificatesOf(hostname)]).toEqual(['open', []]);
  await world.runLater();
  expect(await ordersOf(hostname)).toHaveLength(1);
  await world.db.issuer.update({ where: { id }, data: { keyCiphertext, keyId } });
  await world.runLater();
  expect(await endpointOf(hostname)).toMatchObject({ state: 'live' });
  expect(await ordersOf(hostname)).toMatchObject([{ state: 'issued' }]);
  expect(await certificatesOf(hostname)).toMatchObject([{ state: 'served', serial: fixedIn(ordered) }]);
  expect(world.servedSerial(hostname)).toBe(fixedIn(ordered));
});

test('a worker that dies between order and signature: another one signs the same serial, and the dead one writes nothing', async () => {
  const hostname = fresh();
  await world.ask(hostname);
  let wake = (): void => {};
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  let fellAsleep = (): void => {};
  const sleeping = new Promise<void>((resolve) => {
    fellAsleep = resolve;
  });
  const sleeper: WorkerCtx = {
    ...world.worker,
    issuer: async (row) => {
      const issuer = await world.worker.issuer(row);
      return {
        ...issuer,
        issue: async (...asked) => {
          fellAsleep();
          await asleep;
          return issuer.issue(...asked);
        },
      };
    },
  };
  const { id } = await operationOf(hostname);
  const slept = runOperation(sleeper, { operationId: id });
  await sleeping;
  const [ordered] = await ordersOf(hostname);
  expect(ordered?.state).toBe('open');
  expect(await runOperation(world.worker, { operationId: id })).toEqual({ state: 'not-ours' });
  await world.db.operation.update({ where: { id }, data: { leasedUntil: new Date(0) } });
  expect(await runOperation(world.worker, { operationId: id })).toEqual({ state: 'succeeded' });
  const after = await Promise.all([operationOf(hostname), certificatesOf(hostname), world.db.auditEvent.count()]);
  wake();
  expect(await slept).toEqual({ state: 'not-ours' });
  expect(await Promise.all([operationOf(hostname), certificatesOf(hostname), world.db.auditEvent.count()])).toEqual(after);
  expect(after[1]).toMatchObject([{ state: 'served', serial: fixedIn(ordered) }]);
});

test('where the name leads to nothing that could present the certificate, its team is named, and not whoever ends TLS', async () => {
  const hostname = fresh();
  await world.ask(hostname, { target: { cname: `nowhere.${hostname}` } });
  await world.runDue();
  expect(await operationOf(hostname)).toMatchObject({ state: 'waiting', step: 'certificate-served', movesNext: 'order-platform' });
});

test('the key of a requester who sent a CSR is never here: nothing is delivered, the team is named, and it goes live once they installed the certificate', async () => {
  const hostname = fresh();
  const key = await generateKey('ecdsa-p256');
  const csr = toPem(await createCsr(key, [hostname]), 'CERTIFICATE REQUEST');
  await world.ask(hostname, { tls: { csr } });
  await world.runDue();
  const waiting = await operationOf(hostname);
  expect(waiting).toMatchObject({ state: 'waiting', step: 'certificate-served', movesNext: 'order-platform', error: null });
  expect(waiting.reason).toContain('order-platform installs the certificate');
  expect(world.servedSerial(hostname)).toBeNull();
  const [certificate] = await certificatesOf(hostname);
  expect(certificate).toMatchObject({ state: 'issued' });
  expect(await ordersOf(hostname)).toMatchObject([{ state: 'issued', keyId: null, keyCiphertext: null }]);
  const privateKeyPem = toPem(key.pkcs8, 'PRIVATE KEY');
  const files = { fullchainPem: certificate?.chainPem ?? '', privateKeyPem };
  await world.destination.deliver({ hostname, ...files });
  await world.runLater();
  expect(await endpointOf(hostname)).toMatchObject({ state: 'live' });
  expect(await certificatesOf(hostname)).toMatchObject([{ state: 'served' }]);
});

test('a change of tls.key issues anew, with such a key; another change of the contract keeps the certificate', async () => {
  const hostname = fresh();
  await live(hostname);
  const served = async () => (await certificatesOf(hostname)).filter(({ state }) => state === 'served');
  const [before] = await served();
  await world.send('change', hostname, { ttl: 'stable' });
  await world.runDue();
  expect(await served()).toMatchObject([{ id: before?.id }]);

  await world.send('change', hostname, { ttl: 'stable', tls: { key: 'rsa-2048' } });
  await world.runDue();
  expect((await ordersOf(hostname)).map(({ keyAlgorithm }) => keyAlgorithm)).toEqual(['ecdsa-p256', 'rsa-2048']);
  const [after] = await served();
  expect([after?.id === before?.id, world.servedSerial(hostname)]).toEqual([false, after?.serial]);
  expect(new X509Certificate(after?.chainPem ?? '').publicKey.asymmetricKeyType).toBe('rsa');
});

test('a change of tls.days issues anew, for as many days, and is renewed for as many', async () => {
  const hostname = fresh();
  await live(hostname);
  await world.send('change', hostname, { tls: { days: 7 } });
  await world.runDue();
  expect((await ordersOf(hostname)).map(({ hours }) => hours)).toEqual([null, 7 * 24]);
  const lifetimes = async () =>
    (await certificatesOf(hostname)).map(({ notBefore, notAfter }) => Math.round((notAfter.getTime() - notBefore.getTime()) / day));
  expect(await lifetimes()).toEqual([90, 7]);
  await makeDue(hostname);
  await startDueRenewals(world.worker, 10);
  await world.runDue();
  expect(await lifetimes()).toEqual([90, 7, 7]);
});

test('a change of what a certificate holds issues anew, with all of it, and is renewed with the same; back to a server alone, too', async () => {
  const hostname = fresh();
  await live(hostname);
  const tls = { usages: ['server', 'client'] as const, spiffeId: `spiffe://${hostname}/api`, mustStaple: true as const };
  const { plan } = await world.send('change', hostname, { tls: { ...tls, usages: [...tls.usages] } });
  expect(plan.certificate).toMatchObject({ action: 'issue', names: [hostname, tls.spiffeId] });
  await world.runDue();
  const newest = async () => new X509Certificate((await certificatesOf(hostname)).at(-1)?.chainPem ?? '');
  const first = await newest();
  expect(first.subjectAltName).toBe(`DNS:${hostname}, URI:${tls.spiffeId}`);
  expect(first.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  await makeDue(hostname);
  await startDueRenewals(world.worker, 10);
  await world.runDue();
  const second = await newest();
  expect([second.serialNumber === first.serialNumber, second.subjectAltName]).toEqual([false, first.subjectAltName]);
  await world.send('change', hostname);
  await world.runDue();
  const third = await newest();
  expect([third.subjectAltName, third.keyUsage]).toEqual([`DNS:${hostname}`, ['1.3.6.1.5.5.7.3.1']]);
  // Whoever gave the identity up must not go on with a certificate for it.
  const after = await certificatesOf(hostname);
  expect(after.filter(({ state }) => state === 'revoked').map(({ serial }) => serial)).toContain(
    after.find(({ serial }) => second.serialNumber.endsWith(serial) || serial.endsWith(second.serialNumber))?.serial,
  );
});

test('a look at what is in place opens no private key, and a renewal opens the one that it made', async () => {
  const hostname = fresh();
  await live(hostname);
  const opened: string[] = [];
  const keys: WorkerCtx['keys'] = {
    ...world.worker.keys,
    exportPem: (key, context) => {
      opened.push(context);
      return world.worker.keys.exportPem(key, context);
    },
  };
  const run = async () => runOperation({ ...world.worker, keys }, { operationId: (await operationOf(hostname)).id });
  await recheckEndpoint(await world.as('app'), { id: (await endpointOf(hostname)).id });
  expect(await run()).toEqual({ state: 'succeeded' });
  expect(opened).toEqual([]);

  await makeDue(hostname);
  await startDueRenewals(world.worker, 10);
  expect(await run()).toEqual({ state: 'succeeded' });
  expect(opened).toEqual([`leaf-key:${(await ordersOf(hostname)).at(-1)?.keyLabel}`]);
});

describe('a renewal', () => {
  test('does not depend on the zone: drift stays as it is, and an unreachable name server keeps nothing waiting', async () => {
    const hostname = fresh();
    await live(hostname);
    await world.writeByHand(hostname, [{ type: 'A', ttl: 60, values: ['127.0.0.1', '127.0.0.9'] }]);
    await makeDue(hostname);
    await startDueRenewals(world.worker, 10);
    const dnsProvider = () => {
      throw new HostmasterError('dns-unreachable', 'The name server is away.');
    };
    expect(await runOperation({ ...world.worker, dnsProvider }, { operationId: (await operationOf(hostname)).id })).toEqual({
      state: 'succeeded',
    });
    expect((await certificatesOf(hostname)).map(({ state }) => state)).toEqual(['superseded', 'served']);
    expect((await world.heldAt(hostname))[0]?.values).toEqual(['127.0.0.1', '127.0.0.9']);
  });

  test('that is refused for good is not begun again at every sweep', async () => {
    const hostname = fresh();
    await live(hostname);
    await makeDue(hostname);
    await startDueRenewals(world.worker, 10);
    const { id } = await operationOf(hostname);
    const wrong = await intermediateFor(world, ['example.org']);
    const issuer = await signingIssuer();
    await world.db.issuer.update({
      where: { id: issuer.id },
      data: wrong,
    });
    expect(await runOperation(world.worker, { operationId: id })).toEqual({ state: 'failed' });
    const { chainPem, keyId, keyCiphertext } = issuer;
    await world.db.issuer.update({ where: { id: issuer.id }, data: { chainPem, keyId, keyCiphertext } });
    expect(await operationOf(hostname)).toMatchObject({ step: 'certificate-issued', error: { code: 'issuer-refused' } });
    expect((await ordersOf(hostname)).map(({ state }) => state)).toEqual(['issued', 'refused']);
    expect(await world.view(hostname)).toMatchObject({ summary: expect.stringContaining('may not issue') });
    expect(await startDueRenewals(world.worker, 10)).toBe(0);
    await world.db.operation.update({ where: { id }, data: { finishedAt: ago(600_000) } });
    expect(await startDueRenewals(world.worker, 10)).toBe(1);
    await world.runDue();
    expect(world.servedSerial(hostname)).toBe((await certificatesOf(hostname)).find(({ state }) => state === 'served')?.serial);
  });
});

test('a name is ended once, also where the worker died after its last step', async () => {
  const hostname = fresh();
  await live(hostname);
  await world.send('retire', hostname);
  await world.runDue();
  const { id } = await operationOf(hostname);
  await behindTheBack(world.db).operation.update({
    where: { id },
    data: { state: 'running', finishedAt: null, leasedUntil: new Date(0) },
  });
  expect(await runOperation(world.worker, { operationId: id })).toEqual({ state: 'succeeded' });
  expect(await world.db.auditEvent.count({ where: { action: 'endpoint.retire', subject: hostname } })).toBe(1);
});

test('a CA key that cannot be read does not keep other issuers from publishing their revocations', async () => {
  const root = await world.db.issuer.findUniqueOrThrow({ where: { slug: 'root' } });
  await world.db.issuer.update({ where: { id: root.id }, data: { keyCiphertext: Buffer.from('rubbish') } });
  await world.db.revocationList.deleteMany();
  const lists = listsOf(true).length;
  expect(await publishDueCrls(world.worker)).toBe(lists);
  const { id: issuerId } = await signingIssuer();
  expect(await world.db.revocationList.count({ where: { issuerId, der: { not: null } } })).toBe(lists);
  await world.db.issuer.update({ where: { id: root.id }, data: { keyCiphertext: root.keyCiphertext } });
  expect(await publishDueCrls(world.worker)).toBe(1);
});

// The last: what it makes signs for every name from then on.
test('a zone that is connected later is covered by a CA of its own once it was read; choosing an issuer makes none', async () => {
  const issuers = () => world.db.issuer.findMany({ where: { kind: 'internal-ca' }, orderBy: { createdAt: 'asc' } });
  const [zone, before] = [await world.db.zone.findFirstOrThrow(), await issuers()];
  const { id: _, apex: __, ...like } = zone;
  await world.db.zone.create({ data: { ...like, apex: 'shop.test', servers: like.servers ?? [], connection: like.connection ?? {} } });
  await expect(chooseIssuer(world.worker, 'internal-ca', [hostnameOf('www.shop.test')])).rejects.toMatchObject({
    code: 'issuer-unavailable',
  });
  await expect(chooseIssuer(world.worker, 'internal-ca', [hostnameOf('www.elsewhere.test')])).rejects.toMatchObject({
    code: 'issuer-refused',
  });
  await expect(chooseIssuer(world.worker, 'vault', [hostnameOf('www.shop.test')])).rejects.toMatchObject({
    code: 'issuer-unavailable',
    message: 'No issuer of the kind vault may sign for www.shop.test yet; whoever runs Hostmaster connects one.',
  });
  expect(await issuers()).toHaveLength(before.length);

  // A root that cannot sign: whoever waits for the certificate and whoever looks at the zone read why, whose it is and what mends it.
  const { id: rootId, keyCiphertext } = await world.db.issuer.findUniqueOrThrow({ where: { slug: 'root' } });
  await world.db.issuer.update({ where: { id: rootId }, data: { keyCiphertext: Buffer.from('rubbish') } });
  await coverZones(world.worker);
  const zones = async () =>
    (await listZones(await world.as('platform'), { limit: 50 })).rows.map(({ apex, signingError }) => [apex, signingError]);
  const why = 'The root could not sign a CA for the zone: The key cannot be opened with the keys at hand.';
  const { remedy } = errorTable['key-unreadable'];
  expect(Object.fromEntries(await zones())).toEqual({
    [zoneApex]: null,
    'shop.test': { code: 'key-unreadable', message: why, remedy, movesNext: 'whoever runs Hostmaster' },
  });
  await expect(chooseIssuer(world.worker, 'internal-ca', [hostnameOf('www.shop.test')])).rejects.toMatchObject({
    code: 'key-unreadable',
    message: `No issuer of the kind internal-ca may sign for www.shop.test yet. ${why}`,
    movesNext: 'whoever runs Hostmaster',
  });
  await world.db.issuer.update({ where: { id: rootId }, data: { keyCiphertext } });

  await Promise.all([coverZones(world.worker), coverZones(world.worker)]);
  const after = await issuers();
  expect(after.slice(before.length)).toMatchObject([{ permittedSuffixes: [zoneApex, 'shop.test'].sort(), profile: 'server' }]);
  expect(await chooseIssuer(world.worker, 'internal-ca', [hostnameOf('www.shop.test')])).toMatchObject({ id: after.at(-1)?.id });
  await coverZones(world.worker);
  expect(await issuers()).toHaveLength(before.length + 1);
  expect(Object.fromEntries(await zones())).toEqual({ [zoneApex]: null, 'shop.test': null });
});
