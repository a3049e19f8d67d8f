// Revocation by hand: who may, what is refused, and that a name is never left without a certificate unless its key is compromised.
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { certificateRevocation } from '@hostmaster/core/contract/certificate';
import type { EndpointContractInput } from '@hostmaster/core/contract/endpoint';
import { HostmasterError } from '@hostmaster/core/errors';
import { toPem } from '@hostmaster/core/pki/chain';
import type { RevocationReason } from '@hostmaster/core/pki/issuer';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getCertificate } from '../certificate/get.ts';
import { revokeCertificate } from '../certificate/revoke.ts';
import type { Ctx, WorkerCtx } from '../context.ts';
import { runOperation } from '../operation/run.ts';
import { startAskedRevocations } from '../sweep/asked-revocations.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

let n = 0;
const fresh = (): string => {
  n += 1;
  return `r${n}.dev.${zoneApex}`;
};
const comment = 'It went astray.';
const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, orderBy: { issuedAt: 'asc' }, include: { order: true } });
const statesOf = async (hostname: string) => (await certificatesOf(hostname)).map(({ state }) => state);
const newest = async (hostname: string) => {
  const found = (await certificatesOf(hostname)).at(-1);
  if (found === undefined) throw new TypeError(`unreachable: ${hostname} has a certificate`);
  return found;
};
const operationOf = (hostname: string) =>
  world.db.operation.findFirstOrThrow({ where: { endpoint: { hostname } }, orderBy: { generation: 'desc' } });
const live = async (hostname: string, more: Partial<EndpointContractInput> = {}) => {
  await world.ask(hostname, more);
  await world.runDue();
  return newest(hostname);
};
const wish = async ({ serial }: { serial: string }, reason: RevocationReason = 'superseded', ctx?: Ctx) =>
  revokeCertificate(ctx ?? (await world.as('app')), { serial, reason, comment });
const page = async ({ serial }: { serial: string }) => getCertificate(await world.as('app'), { serial });
const told = async (hostname: string, action: string) =>
  (await world.db.auditEvent.findMany({ where: { subject: hostname, action }, orderBy: { seq: 'asc' } })).map(({ detail }) => detail);
/** A worker whose issuer answers a revocation so, after it looked around. */
const whoseIssuer = (answer: () => Promise<void>): WorkerCtx => ({
  ...world.worker,
  issuer: async (row) => ({ ...(await world.worker.issuer(row)), revoke: answer }),
});
const run = async (hostname: string, ctx: WorkerCtx = world.worker) => runOperation(ctx, { operationId: (await operationOf(hostname)).id });

describe('who may have a certificate revoked:', () => {
  test('a member of the team, any security reviewer, any platform admin; nobody else, and no token without the scope', async () => {
    const served = await live(fresh());
    const stranger = await world.memberOf('payments');
    await expect(wish(served, 'superseded', stranger)).rejects.toMatchObject({ code: 'forbidden' });
    const app = await world.as('app');
    const token = { ...app, actor: { ...app.actor, scopes: ['requests:write' as const] } };
    await expect(wish(served, 'superseded', token)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await world.db.revocationRequest.count()).toBe(0);
    for (const who of ['security', 'platform', 'app'] as const) {
      const other = await live(fresh());
      expect((await page(other)).permissions).toMatchObject({ revoke: true });
      expect(await wish(other, 'superseded', await world.as(who))).toMatchObject({ purpose: 'revocation', state: 'pending' });
    }
    await world.runDue();
  });

  test('what is said is readable text of 1 to 500 characters, and is kept as it was said', async () => {
    const asked = { serial: 'AB', reason: 'superseded' };
    for (const said of ['', '   ', 'x'.repeat(501), 'a\u202egnp.exe', 'a\u0000b'])
      expect(certificateRevocation.safeParse({ ...asked, comment: said }).success, JSON.stringify(said)).toBe(false);
    const hostile = `'); DROP TABLE certificate; -- <script>alert(1)</script>`;
    const input = certificateRevocation.parse({ ...asked, serial: (await live(fresh())).serial, comment: hostile });
    await revokeCertificate(await world.as('app'), input);
    expect((await page(input)).revocationAsked).toMatchObject({ comment: hostile, reason: 'superseded', open: true });
    await world.runDue();
  });
});

describe('a certificate that is in use', () => {
  test('is replaced with a new key and is revoked once the new one is seen; who asked, why and when is on its page, in the audit trail and in the list', async () => {
    const hostname = fresh();
    const before = await live(hostname);
    await wish(before);
    expect(await page(before)).toMatchObject({ revoked: null, revocationAsked: { reason: 'superseded', comment, open: true } });
    await world.runDue();
    const after = await newest(hostname);
    expect(await statesOf(hostname)).toEqual(['revoked', 'served']);
    expect([world.servedSerial(hostname), after.keyAlgorithm]).toEqual([after.serial, before.keyAlgorithm]);
    expect(Buffer.compare(after.order.csr ?? Buffer.of(), before.order.csr ?? Buffer.of())).not.toBe(0);
    expect(await operationOf(hostname)).toMatchObject({ state: 'succeeded', reason: expect.stringMatching(/^Serial .{8}… is revoked\.$/) });
    const { actor } = await world.as('app');
    expect(await page(before)).toMatchObject({
      revoked: { reason: 'superseded' },
      revocationAsked: { by: actor.name, open: false },
      permissions: { revoke: false },
    });
    const { serial } = before;
    expect(await told(hostname, 'certificate.ask-revocation')).toEqual([{ serial, reason: 'superseded', comment }]);
    expect(await told(hostname, 'certificate.revoke')).toEqual([{ serial, reason: 'superseded', comment, askedBy: actor.name }]);
  });

  test('stays valid while the new one is not seen', async () => {
    const hostname = fresh();
    const before = await live(hostname);
    world.edgeStands(hostname, true);
    await wish(before);
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['served', 'issued']);
    expect(await operationOf(hostname)).toMatchObject({ state: 'waiting', step: 'certificate-delivered' });
    world.edgeStands(hostname, false);
    await world.runLater();
    expect(await statesOf(hostname)).toEqual(['revoked', 'served']);
  });

  test('and whose key is compromised is revoked before anything else, and replaced right after', async () => {
    const hostname = fresh();
    const before = await live(hostname);
    world.edgeStands(hostname, true);
    await wish(before, 'keyCompromise');
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['revoked', 'issued']);
    world.edgeStands(hostname, false);
    await world.runLater();
    expect(await statesOf(hostname)).toEqual(['revoked', 'served']);
    expect(await told(hostname, 'certificate.revoke')).toMatchObject([{ reason: 'keyCompromise', comment }]);
    expect(await world.db.revocationRequest.findFirst({ where: { certificateId: before.id } })).toMatchObject({ compromisedKey: null });
  });

  test('and compromised is replaced also while its issuer cannot be asked to revoke it, which it is asked again', async () => {
    const hostname = fresh();
    await wish(await live(hostname), 'keyCompromise');
    const away = whoseIssuer(() => Promise.reject(new HostmasterError('issuer-unavailable', 'The CA is away.')));
    expect(await run(hostname, away)).toMatchObject({ state: 'waiting' });
    expect(await statesOf(hostname)).toEqual(['superseded', 'served']);
    expect(await operationOf(hostname)).toMatchObject({
      step: 'certificate-revoked',
      reason: expect.stringContaining('is not revoked yet: The CA is away.'),
    });
    await world.runLater();
    expect(await statesOf(hostname)).toEqual(['revoked', 'served']);
  });
});

describe('a certificate that is not in use', () => {
  const replaced = async (hostname: string) => {
    const before = await live(hostname);
    await world.send('change', hostname, { tls: { key: 'rsa-2048' } });
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['superseded', 'served']);
    return before;
  };

  test('is revoked at once, and nothing is ordered', async () => {
    const hostname = fresh();
    await wish(await replaced(hostname));
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['revoked', 'served']);
    expect(await operationOf(hostname)).toMatchObject({ state: 'succeeded', step: 'certificate-revoked' });
  });

  test('waits for an issuer that cannot be asked now, and says so; one that refuses for good is kept with its reason, and may be asked again', async () => {
    const hostname = fresh();
    const before = await replaced(hostname);
    await wish(before);
    expect(
      await run(
        hostname,
        whoseIssuer(() => Promise.reject(new HostmasterError('issuer-unavailable', 'The CA is away.'))),
      ),
    ).toMatchObject({
      state: 'waiting',
    });
    expect(await operationOf(hostname)).toMatchObject({ reason: expect.stringContaining('is not revoked yet: The CA is away.') });
    await behindTheBack(world.db).operation.updateMany({ where: { endpoint: { hostname } }, data: { nextAttemptAt: null } });
    await run(
      hostname,
      whoseIssuer(() => Promise.reject(new HostmasterError('issuer-refused', 'Not ours.'))),
    );
    expect(await operationOf(hostname)).toMatchObject({ state: 'succeeded', reason: expect.stringContaining('is not revoked: Not ours.') });
    expect(await page(before)).toMatchObject({
      revoked: null,
      revocationRefused: { reason: 'Not ours.' },
      revocationAsked: { open: false },
    });
    expect(await startAskedRevocations(world.worker, 10)).toBe(0);
    world.clock.advance(1000);
    await wish(before);
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['revoked', 'served']);
  });

  test('of a name that is retired is revoked without another', async () => {
    const hostname = fresh();
    const before = await live(hostname);
    await world.send('retire', hostname);
    await world.runDue();
    // As if its issuer had refused when the name ended.
    await behindTheBack(world.db).certificate.update({
      where: { id: before.id },
      data: { state: 'superseded', revokedAt: null, revocationReason: null, revocationRefusal: 'No.', revocationRefusedAt: new Date(0) },
    });
    await wish(before, 'keyCompromise');
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['revoked']);
    expect(await operationOf(hostname)).toMatchObject({ state: 'succeeded' });
  });
});

describe('is refused:', () => {
  test('what is revoked already, and what has expired, each with which of the two it is', async () => {
    const hostname = fresh();
    const before = await live(hostname);
    await wish(before, 'keyCompromise');
    await world.runDue();
    await expect(wish(before)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('is revoked already since') });
    const after = await newest(hostname);
    await world.db.certificate.update({ where: { id: after.id }, data: { notAfter: new Date(0) } });
    await expect(wish(after)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('expired at 1970-01-01') });
    expect((await page(after)).permissions).toMatchObject({ revoke: false });
  });

  test('what somebody asked for already; of two at once one is told so, and that the key is compromised is taken all the same', async () => {
    const before = await live(fresh());
    const both = await Promise.allSettled([wish(before), wish(before, 'unspecified')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'already-exists' } });
    await wish(before, 'keyCompromise');
    await expect(wish(before, 'keyCompromise')).rejects.toMatchObject({ code: 'already-exists' });
    await world.runDue();
    expect(await page(before)).toMatchObject({ revoked: { reason: 'keyCompromise' } });
  });
});

describe('while other work is under way,', () => {
  test('a certificate is revoked that a renewal is replacing, and the renewal is not done twice', async () => {
    const hostname = fresh();
    const before = await live(hostname);
    await world.db.certificate.update({ where: { id: before.id }, data: { renewAfter: new Date(0) } });
    await startDueRenewals(world.worker, 10);
    world.edgeStands(hostname, true);
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['served', 'issued']);
    await wish(before);
    world.edgeStands(hostname, false);
    await world.runLater();
    expect(await statesOf(hostname)).toEqual(['revoked', 'served']);
  });

  test('a key that others know is distrusted at its next try, and what is left is begun when it ends', async () => {
    const hostname = fresh();
    const before = await live(hostname);
    world.secondStands();
    await world.send('change', hostname, { ttl: 'stable' });
    await world.runDue();
    expect(await operationOf(hostname)).toMatchObject({ purpose: 'revision', state: 'waiting' });
    expect(await wish(before, 'keyCompromise')).toMatchObject({ purpose: 'revision' });
    await world.runDue();
    expect((await statesOf(hostname))[0]).toBe('revoked');
    world.secondAnswers();
    await world.runLater();
    expect(await statesOf(hostname)).toEqual(['revoked', 'served']);
    expect(await startAskedRevocations(world.worker, 10)).toBe(0);

    await wish(await newest(hostname));
    const { id } = await operationOf(hostname);
    // As if other work had been at it and ended a moment before.
    await behindTheBack(world.db).operation.update({ where: { id }, data: { state: 'superseded', finishedAt: new Date() } });
    expect(await startAskedRevocations(world.worker, 10)).toBe(1);
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['revoked', 'revoked', 'served']);
  });
});

describe('where the key is the requester’s,', () => {
  const withCsr = async (hostname: string, key: Awaited<ReturnType<typeof generateKey>>) => {
    const csr = toPem(await createCsr(key, [hostname]), 'CERTIFICATE REQUEST');
    await world.ask(hostname, { tls: { csr } });
    await world.runDue();
    const files = { fullchainPem: (await newest(hostname)).chainPem, privateKeyPem: toPem(key.pkcs8, 'PRIVATE KEY') };
    await world.destination.deliver({ hostname, ...files });
    await world.runLater();
    return { csr, certificate: await newest(hostname) };
  };

  test('its certificate is revoked at once, nothing is ordered, and its team is asked for another CSR', async () => {
    const hostname = fresh();
    const { certificate } = await withCsr(hostname, await generateKey('ecdsa-p256'));
    await wish(certificate);
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['revoked']);
    expect(await operationOf(hostname)).toMatchObject({
      state: 'waiting',
      movesNext: 'order-platform',
      reason: expect.stringContaining('makes a new key'),
    });
    const csr = toPem(await createCsr(await generateKey('ecdsa-p256'), [hostname]), 'CERTIFICATE REQUEST');
    await world.send('change', hostname, { tls: { csr } });
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['revoked', 'issued']);
  });

  test('and compromised, no certificate is issued for it again: by policy, for any name, however the CSR is made', async () => {
    const [hostname, other] = [fresh(), fresh()];
    const key = await generateKey('ecdsa-p256');
    const { certificate } = await withCsr(hostname, key);
    const beside = fresh();
    const { certificate: ofBeside } = await withCsr(beside, key);
    await wish(certificate, 'keyCompromise');
    const again = toPem(await createCsr(key, [other]), 'CERTIFICATE REQUEST');
    await expect(world.ask(other, { tls: { csr: again } }), 'from the moment on when somebody says so').rejects.toMatchObject({
      code: 'policy-denied',
      violations: [{ rule: 'tls-key-compromised', path: 'contract.tls.csr', reason: expect.stringContaining(certificate.serial) }],
    });
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['revoked']);
    expect(await operationOf(hostname)).toMatchObject({
      state: 'waiting',
      movesNext: 'order-platform',
      reason: expect.stringContaining('others may know the key'),
    });
    // Another name with the same key keeps the certificate that nobody asked to revoke, and gets no other for it.
    await world.db.certificate.update({ where: { id: ofBeside.id }, data: { renewAfter: new Date(0) } });
    await startDueRenewals(world.worker, 10);
    await world.runDue();
    expect(await statesOf(beside)).toEqual(['served']);
    expect(await operationOf(beside)).toMatchObject({ purpose: 'renewal', state: 'waiting', movesNext: 'order-platform' });
  });
});
