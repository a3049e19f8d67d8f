// A certificate that its issuer keeps, from the order to the end of its name: with the issuer for ACM, over HTTPS, and a fake of ACM that looks for
// its aliases in the zone of the test.

import { randomUUID } from 'node:crypto';
import { acm } from '@hostmaster/adapters/issuers/acm/acm';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { type FakeAcm, refusal, startFakeAcm } from '@hostmaster/adapters/testing/acm/fake-acm';
import { recordOf } from '@hostmaster/adapters/testing/acm/fake-certificates';
import { settingsOf } from '@hostmaster/adapters/testing/acm/ground';
import { issuerTrialOf } from '@hostmaster/core/contract/issuer';
import { hour, minute } from '@hostmaster/core/duration';
import { hurryOperation } from '@hostmaster/db/operation';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { transact } from '@hostmaster/db/transaction';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkEndpoint } from '../endpoint/check.ts';
import { issuerSecretContext } from '../issuer/secret.ts';
import { tryIssuer } from '../issuer/try-connection.ts';
import { getOperation } from '../operation/get.ts';
import { runOperation } from '../operation/run.ts';
import { endpointSubject } from '../reconcile/start.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { getCertificate } from './get.ts';
import { lastOrderOf } from './last-order.ts';
import { revokeCertificate } from './revoke.ts';

let world: Reconciling;
let fake: FakeAcm;
beforeAll(async () => {
  world = await createReconciling();
  const resolve = async (name: string) => (await world.heldAt(name)).find(({ type }) => type === 'CNAME')?.values[0] ?? null;
  fake = await startFakeAcm({ suffixes: [zoneApex], resolve, clock: world.clock });
  const id = randomUUID();
  const { secret } = acm;
  if (secret === null) throw new Error('the issuer takes a secret');
  const sealed = await world.worker.keyStore.seal(Buffer.from(fake.secretAccessKey), issuerSecretContext(id, secret));
  const { profile } = await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
  await world.db.issuer.create({
    data: {
      ...{ id, slug: 'aws', kind: 'acm', name: 'AWS', chainPem: '', permittedSuffixes: [zoneApex], profile },
      settings: acm.settings.parse(settingsOf(fake)),
      secretKeyId: sealed.keyId,
      secretCiphertext: Buffer.from(sealed.ciphertext),
    },
  });
});
afterAll(async () => {
  await world.close();
  await fake.close();
});

let n = 0;
const fresh = (): string => {
  n += 1;
  return `k${n}.dev.${zoneApex}`;
};
const operationOf = (hostname: string) =>
  world.db.operation.findFirstOrThrow({
    where: { subject: endpointSubject({ hostname, view: 'public' }) },
    orderBy: { generation: 'desc' },
  });
/** A run of whatever is under way, as if somebody had hurried it. */
const run = async (hostname: string, milliseconds = 0) => {
  world.clock.advance(milliseconds);
  await transact(world.db, (tx) => hurryOperation(tx, endpointSubject({ hostname, view: 'public' })));
  await runOperation(world.worker, { operationId: (await operationOf(hostname)).id });
  return operationOf(hostname);
};
const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, orderBy: { issuedAt: 'asc' }, include: { order: true } });
const heldOf = (hostname: string) => [...fake.certificates.all.values()].filter(({ names }) => names.includes(hostname));
const only = (hostname: string) => {
  const [one] = heldOf(hostname);
  if (one === undefined) throw new Error('ACM holds none');
  return one;
};
/** The load balancer of somebody's account serves what ACM has. */
const serve = async (hostname: string) => {
  const one = only(hostname);
  const { Certificate = '', CertificateChain = '' } = fake.certificates.pemOf(one) ?? {};
  one.inUseBy = ['arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/1'];
  await world.worker.edge?.deliver({ hostname, fullchainPem: `${Certificate}${CertificateChain}`, privateKeyPem: '' });
};
const ask = (hostname: string, extraNames: readonly string[] = []) =>
  world.ask(hostname, { tls: { source: 'acm', termination: 'edge', extraNames: [...extraNames] } });
const issued = async (hostname: string) => {
  await ask(hostname);
  await run(hostname);
  await run(hostname, minute);
  await serve(hostname);
  await run(hostname, minute);
  expect(await certificatesOf(hostname)).toMatchObject([{ state: 'served' }]);
};
const aliasAt = async (hostname: string) =>
  (await world.db.dnsProof.findMany({ where: { type: 'CNAME', name: { endsWith: `.${hostname}` } } }))[0];

test('a certificate whose key ACM keeps is ordered without a CSR, proved by an alias, and shown with its ARN', async () => {
  const hostname = fresh();
  await ask(hostname);
  expect(await run(hostname)).toMatchObject({
    state: 'waiting',
    step: 'certificate-issued',
    movesNext: 'the issuer',
    reason: expect.stringContaining(`aws says PENDING_VALIDATION of ${hostname}`),
  });
  const proof = await aliasAt(hostname);
  expect(proof).toMatchObject({ found: false, text: expect.stringMatching(/acm-validations\.aws$/) });
  expect(await world.heldAt(proof?.name ?? '')).toMatchObject([{ type: 'CNAME', values: [proof?.text] }]);

  expect(await run(hostname, minute)).toMatchObject({ state: 'waiting', step: 'certificate-served' });
  const [certificate] = await certificatesOf(hostname);
  const { arn } = only(hostname);
  expect(certificate?.order).toMatchObject({ csr: null, keyId: null, keyCiphertext: null, reference: arn, keyAlgorithm: 'ecdsa-p256' });
  expect((await operationOf(hostname)).reason).toContain(`whoever runs the server that ends TLS has it serve ${arn}`);
  await serve(hostname);
  await run(hostname, minute);
  expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ state: 'live' });
  const page = await getCertificate(await world.as('app'), { serial: certificate?.serial ?? '' });
  expect(page).toMatchObject({
    keyHolder: 'issuer',
    permissions: { exportKey: false },
    kept: { reference: arn, inUseBy: [], eligible: false, lookedAt: expect.any(String), removedAt: null },
  });
});

describe('a renewal', () => {
  const due = async (hostname: string) => {
    const past = new Date(world.clock.now().getTime() - 1000);
    await world.db.certificate.updateMany({ where: { endpoint: { hostname } }, data: { renewAfter: past } });
    await startDueRenewals(world.worker, 100);
  };

  test('is ACM’s, under the same ARN: its next leaf is taken over, and nothing is ordered', async () => {
    const hostname = fresh();
    await issued(hostname);
    const [first] = await certificatesOf(hostname);
    await due(hostname);
    expect(await run(hostname)).toMatchObject({
      state: 'waiting',
      movesNext: 'the issuer',
      reason: expect.stringContaining('renews the certificate by itself, and has no other leaf yet'),
    });
    await fake.certificates.renew(only(hostname));
    await serve(hostname);
    await run(hostname, 2 * hour);
    const [before, after] = await certificatesOf(hostname);
    expect(after?.serial).not.toBe(first?.serial);
    expect([before?.state, after?.state, heldOf(hostname).length]).toEqual(['superseded', 'served', 1]);
    expect([before?.order.reference, after?.order.reference]).toEqual([only(hostname).arn, only(hostname).arn]);
    // What ACM needs for the next one stays.
    await run(hostname).catch(() => undefined);
    const proof = await aliasAt(hostname);
    expect(await world.heldAt(proof?.name ?? '')).toHaveLength(1);
  });

  test('that was done before anybody asked for it is taken over as well', async () => {
    const hostname = fresh();
    await issued(hostname);
    await fake.certificates.renew(only(hostname));
    const { id } = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
    world.clock.advance(7 * hour);
    await checkEndpoint(world.worker, { endpointId: id });
    const [certificate] = await certificatesOf(hostname);
    expect(certificate?.renewAfter.getTime()).toBeLessThanOrEqual(world.clock.now().getTime());
    await startDueRenewals(world.worker, 100);
    await run(hostname);
    expect(await certificatesOf(hostname)).toHaveLength(2);
  });

  test('that ACM does not do is waited for, and says why; the alias that somebody took away is put again', async () => {
    const hostname = fresh();
    await issued(hostname);
    const proof = await aliasAt(hostname);
    await world.writeByHand(proof?.name ?? '', []);
    await fake.certificates.renew(only(hostname));
    await due(hostname);
    expect(await run(hostname)).toMatchObject({
      movesNext: 'the owner of the zone',
      reason: expect.stringContaining(`The renewal is PENDING_VALIDATION: ACM does not see the CNAME of ${hostname} in public DNS`),
    });
    expect(await world.heldAt(proof?.name ?? '')).toHaveLength(1);
    only(hostname).renewal = null;
    only(hostname).inUseBy = [];
    const { reason, movesNext } = await run(hostname, 2 * hour);
    expect(movesNext).toBe('whoever runs the server that ends TLS');
    expect(reason).toContain('It is INELIGIBLE for renewal');
    const [certificate] = await certificatesOf(hostname);
    const page = await getCertificate(await world.as('app'), { serial: certificate?.serial ?? '' });
    expect(page.kept?.why).toContain('INELIGIBLE');
  });
});

describe('what nobody wants any more', () => {
  test('is deleted at ACM when its name ends, once nothing uses it, and its alias goes then', async () => {
    const hostname = fresh();
    await issued(hostname);
    const proof = await aliasAt(hostname);
    await world.send('retire', hostname);
    const waits = await run(hostname, minute);
    expect(waits).toMatchObject({ state: 'waiting', movesNext: 'whoever runs the server that ends TLS' });
    expect(waits.reason).toContain('loadbalancer/app/shop/1. It is deleted once nothing uses it.');
    expect([heldOf(hostname).length, (await world.heldAt(proof?.name ?? '')).length]).toEqual([1, 1]);
    only(hostname).inUseBy = [];
    await run(hostname, hour);
    expect([heldOf(hostname).length, await world.heldAt(proof?.name ?? ''), await aliasAt(hostname)]).toEqual([0, [], undefined]);
    expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ state: 'retired' });
  });

  test('leaves an alias that somebody else had put there for the same account', async () => {
    const hostname = fresh();
    const { Name, Value } = recordOf(hostname, fake.account);
    const [name, target] = [Name.slice(0, -1), Value.slice(0, -1)];
    await world.writeByHand(name, [{ type: 'CNAME', ttl: 60, values: [target] }]);
    await issued(hostname);
    expect(await aliasAt(hostname)).toMatchObject({ found: true });
    only(hostname).inUseBy = [];
    await world.send('retire', hostname);
    await run(hostname, minute);
    expect([heldOf(hostname).length, await aliasAt(hostname)]).toEqual([0, undefined]);
    expect(await world.heldAt(name)).toMatchObject([{ type: 'CNAME', values: [target] }]);
  });

  test('is what stood before other names, from when the new one is served', async () => {
    const [hostname, extra] = [fresh(), `extra.dev.${zoneApex}`];
    await issued(hostname);
    const { arn } = only(hostname);
    only(hostname).inUseBy = [];
    await world.send('change', hostname, { tls: { source: 'acm', termination: 'edge', extraNames: [extra] } });
    await run(hostname);
    await run(hostname, minute);
    const next = heldOf(extra)[0];
    if (next === undefined) throw new Error('nothing was ordered for the new name');
    expect([next.arn === arn, fake.certificates.all.has(arn)]).toEqual([false, true]);
    const { Certificate = '', CertificateChain = '' } = fake.certificates.pemOf(next) ?? {};
    await world.worker.edge?.deliver({ hostname, fullchainPem: `${Certificate}${CertificateChain}`, privateKeyPem: '' });
    await run(hostname, minute);
    expect(fake.certificates.all.has(arn)).toBe(false);
    // Of the name that stays there is one alias for both.
    expect((await world.db.dnsProof.findMany({ where: { order: { endpoint: { hostname } } } })).length).toBeGreaterThan(0);
    expect(await world.heldAt((await aliasAt(hostname))?.name ?? '')).toHaveLength(1);
  });
});

test('something else at the name of the alias is said, and left', async () => {
  const hostname = fresh();
  const { Name } = recordOf(hostname, fake.account);
  await world.writeByHand(Name.slice(0, -1), [{ type: 'TXT', ttl: 60, values: ['"mine"'] }]);
  await ask(hostname);
  const { reason, movesNext } = await run(hostname);
  expect(movesNext).toBe('the owner of the zone');
  expect(reason).toMatch(/must be an alias for \S+ for the CA to see that the name is ours, and something else stands there: TXT "mine"/);
  expect(await world.heldAt(Name.slice(0, -1))).toHaveLength(1);
});

test('a revocation that somebody asks for is refused with what is done instead; another one is ordered, and the old one goes', async () => {
  const hostname = fresh();
  await issued(hostname);
  const [first] = await certificatesOf(hostname);
  const { arn } = only(hostname);
  const serial = first?.serial ?? '';
  await revokeCertificate(await world.as('app'), { serial, reason: 'superseded', comment: 'It is to be another one.' });
  await run(hostname);
  await run(hostname, minute);
  const [before, after] = await certificatesOf(hostname);
  expect(before).toMatchObject({ state: 'superseded', revocationRefusal: expect.stringContaining('deleted there with its key') });
  expect(after?.order.reference).not.toBe(arn);
  const next = heldOf(hostname).find((one) => one.arn === after?.order.reference);
  const { Certificate = '', CertificateChain = '' } = (next && fake.certificates.pemOf(next)) ?? {};
  await world.worker.edge?.deliver({ hostname, fullchainPem: `${Certificate}${CertificateChain}`, privateKeyPem: '' });
  await run(hostname, minute);
  const page = async () => (await getCertificate(await world.as('app'), { serial })).kept;
  expect(await page()).toMatchObject({ removedAt: null, why: expect.stringContaining('It is deleted once nothing uses it.') });
  for (const one of heldOf(hostname)) one.inUseBy = [];
  await world.send('change', hostname, { tls: { source: 'acm', termination: 'edge' }, routing: { healthPath: '/healthz' } });
  await run(hostname, minute);
  expect(await page()).toMatchObject({ removedAt: expect.any(String), why: null });
  expect(heldOf(hostname).map((one) => one.arn)).toEqual([after?.order.reference]);
});

test('the proof that stands is told with the last order, as the alias that it is', async () => {
  const hostname = fresh();
  await issued(hostname);
  const { id } = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  const { order } = await lastOrderOf(await world.as('app'), { id });
  expect(order?.proofs).toMatchObject([{ method: 'alias', value: expect.stringMatching(/acm-validations\.aws$/), zone: zoneApex }]);
  expect(order?.said).toMatchObject({ status: 'ISSUED', authorizations: [{ name: hostname, status: 'SUCCESS' }] });
});

describe('a name that ends', () => {
  test('waits for an account that cannot be asked for as long as what it has is valid', async () => {
    const hostname = fresh();
    await issued(hostname);
    only(hostname).inUseBy = [];
    fake.behave((_, answer) => (answer.status === 200 ? refusal('AccessDeniedException', 'No.') : answer));
    await world.send('retire', hostname);
    expect(await run(hostname, minute)).toMatchObject({ state: 'waiting', movesNext: 'whoever runs aws' });
    const past = new Date(world.clock.now().getTime() - 1000);
    await behindTheBack(world.db).certificate.updateMany({ where: { endpoint: { hostname } }, data: { notAfter: past } });
    await run(hostname, hour);
    fake.behave(null);
    expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ state: 'retired' });
    expect(await world.db.keptCertificate.findFirst({ where: { reference: only(hostname).arn } })).toMatchObject({
      removedAt: null,
      why: expect.stringContaining('acm:DescribeCertificate'),
    });
  });

  test('goes on where what is under the ARN is not what Hostmaster ordered', async () => {
    const hostname = fresh();
    await issued(hostname);
    Object.assign(only(hostname), { inUseBy: [], tags: [] });
    await world.send('retire', hostname);
    await run(hostname, minute);
    expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ state: 'retired' });
    expect(heldOf(hostname)).toHaveLength(1);
  });
});

test('an account that refuses gives way to no other one: a load balancer uses what is in its own', async () => {
  const hostname = fresh();
  const { id: _, ...row } = await world.db.issuer.findFirstOrThrow({ where: { slug: 'aws' } });
  const createdAt = new Date(row.createdAt.getTime() - 1000);
  const other = await world.db.issuer.create({ data: { ...row, slug: 'aws-elsewhere', settings: row.settings ?? {}, createdAt } });
  fake.behave((asked, answer) => (asked.action === 'acm:RequestCertificate' ? refusal('InvalidParameterException', 'No.') : answer));
  await ask(hostname);
  await run(hostname);
  fake.behave(null);
  const orders = await world.db.certificateOrder.findMany({ where: { endpoint: { hostname } }, include: { issuer: true } });
  expect(orders.map(({ state, issuer }) => [state, issuer.slug])).toEqual([['refused', 'aws']]);
  await world.db.issuer.delete({ where: { id: other.id } });
});

test('an account is tried before it is connected: signed in, rights, and the alias in each zone', async () => {
  const draft = {
    connection: { kind: 'acm', settings: settingsOf(fake), secret: fake.secretAccessKey },
    suffixes: [zoneApex],
  };
  const { actor } = await world.as('platform');
  const ctx = { ...world.ctxFor(actor), sealer: world.worker.keyStore };
  const begun = await tryIssuer(ctx, issuerTrialOf([...issuerKinds.values()]).parse(draft));
  await world.runDue();
  const { result } = await getOperation(ctx, { id: begun.id });
  const checks: readonly { readonly check: string; readonly ok: boolean | null; readonly message: string }[] = Object(result).checks;
  expect(checks.filter(({ ok }) => ok !== true)).toEqual([]);
  expect(checks.map(({ check }) => check)).toEqual(expect.arrayContaining(['sign-in', 'account', 'rights', `proof in ${zoneApex}`]));
  expect(JSON.stringify(result)).not.toContain(fake.secretAccessKey);
});

test('a plan says who makes the key, and what becomes of a certificate whose name ends', async () => {
  const hostname = fresh();
  const asked = await ask(hostname);
  expect(asked.plan.certificate).toMatchObject({ action: 'issue', keyHolder: 'issuer', days: null });
  await run(hostname);
  await run(hostname, minute);
  await serve(hostname);
  await run(hostname, minute);
  const { plan } = await world.send('retire', hostname);
  expect(plan.notes).toContain(
    'The certificate is deleted at its issuer, with its key, once nothing uses it there; until then the end waits.',
  );
});
