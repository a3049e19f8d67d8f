// A certificate alone, for a printer or a database: nothing is written at the name, nothing is looked at, and the certificate is
// issued, renewed, revoked and taken back as any other.
import { randomUUID } from 'node:crypto';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { checkInput } from '@hostmaster/core/contract/request';
import { day } from '@hostmaster/core/duration';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkEndpoint } from '../endpoint/check.ts';
import { recheckEndpoint } from '../endpoint/recheck.ts';
import { runOperation } from '../operation/run.ts';
import { cancelRequest } from '../request/cancel.ts';
import { checkRequest } from '../request/check.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { zoneApex } from '../testing/demo.ts';
import { address } from '../testing/outside.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

const alone = { target: { certificateOnly: true as const } };
const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, orderBy: { issuedAt: 'asc' }, include: { order: true } });
const trailOf = async (hostname: string) => {
  const { operation } = await world.view(hostname);
  return operation?.trail.map(({ step, state, message }) => [step, state, message]) ?? [];
};
/** A name that somebody keeps by hand, and Hostmaster has read. */
const keepByHand = async (name: string, value: string) => {
  await world.writeByHand(name, [address(value)]);
  const { id: zoneId } = await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } });
  await behindTheBack(world.db).zoneRecordSet.create({
    data: { zoneId, name, type: 'A', ttl: 60, values: [value], observedAt: world.clock.now() },
  });
};

test('is issued without a record, a look or a delivery, and says so', async () => {
  const hostname = 'printer1.dev.example.test';
  const { plan } = await world.ask(hostname, alone);
  expect(plan).toMatchObject({ changes: [], certificate: { action: 'issue', names: [hostname] } });
  expect(plan.notes).toContain(`At the name nothing is written in ${zoneApex}: what stands there stays as it is.`);
  // Neither server is asked: nothing of theirs is waited for.
  world.secondStands();
  await world.runDue();
  world.secondAnswers();

  expect(await world.heldAt(hostname)).toEqual([]);
  expect(world.servedSerial(hostname)).toBeNull();
  const [certificate] = await certificatesOf(hostname);
  expect(certificate).toMatchObject({ state: 'issued', names: [hostname], order: { keyId: expect.any(String) } });
  expect((await trailOf(hostname)).slice(1)).toMatchObject([
    ['records-applied', 'skipped', 'Nothing is written in DNS for it.'],
    ['records-verified', 'skipped', 'Nothing is written in DNS for it.'],
    ['certificate-issued', 'done', expect.any(String)],
    ['certificate-delivered', 'skipped', 'A certificate alone: order-platform installs it.'],
    ['certificate-served', 'skipped', 'A certificate alone: where it is installed is not looked at.'],
    ['reachable', 'done', 'A certificate alone: where it is installed is not looked at.'],
  ]);
  const seen = await world.view(hostname);
  expect(seen).toMatchObject({ state: 'live', summary: 'Issued', certificateOnly: true, retires: false, recordSets: [], findings: [] });
  expect(seen.chain.map(({ link, state }) => [link, state])).toEqual([
    ['name', 'ok'],
    ['dns', 'none'],
    ['tcp', 'none'],
    ['tls', 'ok'],
    ['http', 'none'],
  ]);
  expect(seen.conditions.map(({ type, status, reason }) => [type, status, reason])).toEqual([
    ['Admitted', 'true', 'Approved'],
    ['RecordsApplied', 'true', 'NotNeeded'],
    ['RecordsVerified', 'true', 'NotNeeded'],
    ['CertificateIssued', 'true', 'Issued'],
    ['CertificateServed', 'true', 'NotNeeded'],
    ['Reachable', 'true', 'NotNeeded'],
  ]);
  expect(seen.history.map(({ action }) => action)).toEqual(['endpoint.issued', 'certificate.issue', 'request.create']);
  const request = await world.db.request.findFirstOrThrow({ where: { hostname } });
  expect(await world.seen(request)).toMatchObject({ state: 'applied', stage: 'issued', summary: 'Issued.' });
});

test('for what somebody keeps by hand is looked at by a platform admin first, and what is kept stays', async () => {
  const hostname = 'printer2.dev.example.test';
  await keepByHand(hostname, '192.0.2.20');
  const request = await world.ask(hostname, alone);
  expect(request).toMatchObject({ state: 'in-review', waitsFor: ['platform-admin'], plan: { changes: [] } });
  await world.decide('platform', request);
  await world.runDue();
  expect(await world.view(hostname)).toMatchObject({ state: 'live' });

  await world.send('retire', hostname, alone);
  await world.runDue();
  expect(await world.view(hostname)).toMatchObject({ state: 'retired' });
  expect(await world.heldAt(hostname)).toMatchObject([{ type: 'A', values: ['192.0.2.20'] }]);
  expect(await certificatesOf(hostname)).toMatchObject([{ state: 'revoked' }]);
});

test('takes the place of a name that led somewhere, and lets it lead somewhere again', async () => {
  const hostname = 'printer3.dev.example.test';
  await world.ask(hostname);
  await world.runDue();
  expect(world.servedSerial(hostname)).not.toBeNull();

  const change = await world.send('change', hostname, alone);
  expect(change.plan.changes).toMatchObject([{ name: hostname, type: 'A', after: null }]);
  expect(change.plan.certificate).toMatchObject({ action: 'keep' });
  await world.runDue();
  expect(await world.heldAt(hostname)).toEqual([]);
  expect(world.servedSerial(hostname)).toBeNull();
  expect(await world.view(hostname)).toMatchObject({ state: 'live', certificateOnly: true });
  // What stands there from now on is somebody else's, whatever stood there before.
  await keepByHand(hostname, '127.0.0.1');
  const { id: endpointId } = await world.view(hostname);
  await checkEndpoint(world.worker, { endpointId });
  await recheckEndpoint(await world.as('app'), { id: endpointId });
  await world.runDue();
  expect(await world.view(hostname)).toMatchObject({ state: 'live', findings: [], operation: { purpose: 'look', state: 'succeeded' } });
  await world.send('change', hostname, { ...alone, routing: { healthPath: '/' }, owners: { app: 'printers' } });
  await world.runDue();
  expect(await world.view(hostname)).toMatchObject({ state: 'live', revision: 3 });

  const back = await world.send('change', hostname, { target: { addresses: ['127.0.0.2'] } });
  expect(back).toMatchObject({ state: 'in-review', waitsFor: ['platform-admin'] });
  await world.decide('platform', back);
  await world.runDue();
  expect(await world.heldAt(hostname)).toMatchObject([{ type: 'A', values: ['127.0.0.2'] }]);
  expect(world.servedSerial(hostname)).not.toBeNull();
  expect(await world.view(hostname)).toMatchObject({ state: 'live', certificateOnly: false });
});

test('leaves what somebody put there since, though it is what stood there before', async () => {
  const hostname = 'printer9.dev.example.test';
  await world.ask(hostname);
  await world.runDue();
  await world.send('change', hostname, alone);
  await world.runDue();
  await keepByHand(hostname, '127.0.0.1');
  await world.send('retire', hostname, alone);
  await world.runDue();
  expect(await world.view(hostname)).toMatchObject({ state: 'retired' });
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.1'] }]);
});

test('that is cancelled while the records before it go gives them back', async () => {
  const hostname = 'printer10.dev.example.test';
  await world.ask(hostname);
  await world.runDue();
  world.secondStands();
  const { id } = await world.send('change', hostname, alone);
  await world.runDue();
  expect(await world.view(hostname)).toMatchObject({ certificateOnly: true, operation: { step: 'records-verified', state: 'waiting' } });
  world.secondAnswers();
  await cancelRequest(await world.as('app'), { id });
  await world.runLater();
  expect(await world.view(hostname)).toMatchObject({
    state: 'live',
    certificateOnly: false,
    contract: { target: { addresses: ['127.0.0.1'] } },
  });
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.1'] }]);
});

test('is told while typing as what it will be: issued, and in the place of one that stays valid', async () => {
  const hostname = 'printer11.dev.example.test';
  await world.ask(hostname, alone);
  await world.runDue();
  const contract = { hostname, team: 'order-platform', ...alone, tls: { key: 'rsa-2048' } };
  const { plan, leadTime } = await checkRequest(await world.as('app'), checkInput.parse({ kind: 'change', contract }));
  expect(plan?.notes).toContainEqual(expect.stringMatching(/^Another certificate takes the place of serial .*, which stays valid until /));
  expect(leadTime.text).toMatch(/^Usually issued in /);
});

test('is renewed in time; the one before stays valid until its end', async () => {
  const hostname = 'printer4.dev.example.test';
  await world.ask(hostname, alone);
  await world.runDue();
  await world.db.certificate.updateMany({
    where: { endpoint: { hostname } },
    data: { renewAfter: new Date(world.clock.now().getTime() - 1000) },
  });
  world.clock.advance(1000);
  await startDueRenewals(world.worker, 10);
  await world.runDue();
  const [first, second] = await certificatesOf(hostname);
  expect([first?.state, second?.state]).toEqual(['superseded', 'issued']);
  expect(first?.notAfter.getTime()).toBeGreaterThan(world.clock.now().getTime());
  expect(await world.view(hostname)).toMatchObject({ state: 'live', certificate: { serial: second?.serial }, findings: [] });

  // Whoever took the key of the one before is to take that of the next, and is told until they have.
  const { id: askerId } = await world.db.person.findFirstOrThrow({ where: { name: 'Ada Park' } });
  const taken = async (certificateId = '') => {
    const { id: operationId } = await behindTheBack(world.db).operation.create({
      data: {
        kind: 'key',
        purpose: 'export',
        subject: `key:${certificateId}`,
        generation: 1,
        step: 'sealed',
        reason: 'Sealed.',
        movesNext: '',
      },
    });
    const taking = { operationId, certificateId, askerId, recipient: 'x', takenAt: world.clock.now() };
    await behindTheBack(world.db).keyExport.create({ data: { id: randomUUID(), ...taking } });
  };
  await taken(first?.id);
  expect(await world.view(hostname)).toMatchObject({ state: 'live', findings: [{ code: 'NotTaken', movesNext: 'the team' }] });
  // One that was taken and is revoked since is missed all the more.
  await behindTheBack(world.db).certificate.updateMany({
    where: { id: first?.id ?? '' },
    data: { state: 'revoked', revokedAt: world.clock.now() },
  });
  expect(await world.view(hostname)).toMatchObject({ findings: [{ code: 'NotTaken', cause: expect.stringMatching(/ends? on /) }] });
  await taken(second?.id);
  expect(await world.view(hostname)).toMatchObject({ findings: [] });
});

test('needs attention once there is none that is valid', async () => {
  const hostname = 'printer5.dev.example.test';
  await world.ask(hostname, alone);
  await world.runDue();
  const { id: endpointId } = await world.view(hostname);
  await world.db.certificate.updateMany({
    where: { endpoint: { hostname } },
    data: { notAfter: new Date(world.clock.now().getTime() - day), renewAfter: new Date(world.clock.now().getTime() - 2 * day) },
  });
  await checkEndpoint(world.worker, { endpointId });
  expect(await world.view(hostname)).toMatchObject({ state: 'degraded', findings: [{ code: 'Expired', layer: 'tls' }] });
});

test('for what somebody put there since the zone was read is not issued before a platform admin looked, an extra name likewise', async () => {
  const hostname = 'printer12.dev.example.test';
  const extra = 'printer13.dev.example.test';
  await world.writeByHand(hostname, [address('192.0.2.32')]);
  const first = await world.ask(hostname, alone);
  expect(first.state, 'nobody has read it').toBe('approved');
  await world.runDue();
  expect(await world.seen(first)).toMatchObject({ state: 'stale', summary: expect.stringContaining('A 192.0.2.32') });
  expect(await certificatesOf(hostname)).toEqual([]);
  const again = await world.ask(hostname, { ...alone, tls: { extraNames: [extra] } });
  expect(again).toMatchObject({ state: 'in-review', waitsFor: ['platform-admin'] });
  await world.writeByHand(extra, [address('192.0.2.33')]);
  await world.decide('platform', again);
  await world.runDue();
  expect(await world.seen(again)).toMatchObject({ state: 'stale', summary: expect.stringContaining('A 192.0.2.33') });
  expect(await certificatesOf(hostname)).toEqual([]);
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['192.0.2.32'] }]);
});

test('that is to lead somewhere takes over nothing that nobody looked at, and Undo promises nothing that it does not do', async () => {
  const hostname = 'printer14.dev.example.test';
  await keepByHand(hostname, '192.0.2.34');
  const request = await world.ask(hostname, alone);
  await world.decide('platform', request);
  await world.runDue();
  const change = await world.send('change', hostname);
  expect(change).toMatchObject({ state: 'in-review', waitsFor: ['platform-admin'] });
  expect(change.plan.notes).toContain('Undo does not bring back what somebody else put there: A 192.0.2.34.');
  expect(change.plan.notes).not.toContain("Undo restores exactly today's records.");
});

test('that is to lead where somebody keeps it already says whose the record is from then on', async () => {
  const hostname = 'printer35.dev.example.test';
  await keepByHand(hostname, '127.0.0.35');
  const request = await world.ask(hostname, alone);
  expect(request.plan.notes).not.toContainEqual(expect.stringContaining('becomes Hostmaster’s'));
  await world.decide('platform', request);
  await world.runDue();
  const changed = await world.send('change', hostname, { target: { addresses: ['127.0.0.35'] } });
  expect(changed.plan.notes).toContain(
    `${hostname} A 127.0.0.35 is kept by somebody else until now: it becomes Hostmaster’s, and goes when the name does.`,
  );
});

test('that was never issued is given back without a trace in DNS', async () => {
  const hostname = 'printer6.dev.example.test';
  await keepByHand(hostname, '192.0.2.26');
  const request = await world.ask(hostname, alone);
  await world.decide('platform', request, 'reject');
  expect(await world.db.endpoint.count({ where: { hostname } })).toBe(0);
  expect(await world.heldAt(hostname)).toMatchObject([{ values: ['192.0.2.26'] }]);
});

test('that is cancelled while its issuer is asked leaves no order behind, though nothing was written', async () => {
  const hostname = 'printer8.dev.example.test';
  const { id } = await world.ask(hostname, alone);
  const { authority: _, ...others } = await world.worker.issuer(await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } }));
  const asked = { resume: {}, reference: null, message: 'It looks at the name.', movesNext: 'the CA', retryAfterSeconds: 60 };
  const issuer: CertificateIssuer = { ...others, issue: async () => ({ outcome: 'pending', ...asked }) };
  const slow = { ...world.worker, issuer: async () => issuer };
  const operation = await world.db.operation.findFirstOrThrow({ where: { requestId: id } });
  await runOperation(slow, { operationId: operation.id });
  const orders = () => world.db.certificateOrder.findMany({ where: { endpoint: { hostname } }, select: { state: true } });
  expect(await orders()).toEqual([{ state: 'open' }]);

  await cancelRequest(await world.as('app'), { id });
  await world.runLater();
  expect(await orders()).toEqual([{ state: 'abandoned' }]);
  expect(await world.view(hostname)).toMatchObject({ state: 'retired' });
  const again = await world.ask(hostname, alone);
  await world.runDue();
  expect(await world.seen(again)).toMatchObject({ stage: 'issued' });
});

test('is asked for with TLS, or not at all', async () => {
  const error = await world.ask('printer7.dev.example.test', { ...alone, tls: { termination: 'none' } }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'policy-denied', violations: [{ rule: 'tls-certificate-alone', path: 'contract.tls.termination' }] });
  expect(endpointContract.safeParse({ hostname: 'a.test', team: 'a', target: { certificateOnly: false } }).success).toBe(false);
});
