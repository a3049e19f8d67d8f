// A certificate that a vault of Azure orders and keeps, from the request to the end of its name: with the issuer for Key Vault, over HTTPS, with
// the client of Microsoft, against a fake of Key Vault and of the CA behind it.
import { randomUUID } from 'node:crypto';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { keyVaultIssuer } from '@hostmaster/adapters/issuers/key-vault/key-vault';
import { type FakeKeyVault, startFakeKeyVault } from '@hostmaster/adapters/testing/key-vault/fake-key-vault';
import { orderingSettingsOf } from '@hostmaster/adapters/testing/key-vault/ordering-ground';
import { issuerTrialOf } from '@hostmaster/core/contract/issuer';
import { hour, minute } from '@hostmaster/core/duration';
import { hurryOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issuerSecretContext } from '../issuer/secret.ts';
import { tryIssuer } from '../issuer/try-connection.ts';
import { getOperation } from '../operation/get.ts';
import { runOperation } from '../operation/run.ts';
import { endpointSubject } from '../reconcile/start.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { getCertificate } from './get.ts';
import { revokeCertificate } from './revoke.ts';

let world: Reconciling;
let fake: FakeKeyVault;
beforeAll(async () => {
  world = await createReconciling();
  fake = await startFakeKeyVault({ suffixes: [zoneApex], clock: world.clock });
  const id = randomUUID();
  const { secret } = keyVaultIssuer;
  if (secret === null) throw new Error('the issuer takes a secret');
  const sealed = await world.worker.keyStore.seal(Buffer.from(fake.clientSecret), issuerSecretContext(id, secret));
  const { profile } = await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
  await world.db.issuer.create({
    data: {
      ...{ id, slug: 'shop-vault', kind: 'key-vault', name: 'Shop vault', chainPem: '', permittedSuffixes: [zoneApex], profile },
      settings: keyVaultIssuer.settings.parse(orderingSettingsOf(fake)),
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
  return `v${n}.dev.${zoneApex}`;
};
const operationOf = (hostname: string) =>
  world.db.operation.findFirstOrThrow({
    where: { subject: endpointSubject({ hostname, view: 'public' }) },
    orderBy: { generation: 'desc' },
  });
const run = async (hostname: string, milliseconds = 0) => {
  world.clock.advance(milliseconds);
  await transact(world.db, (tx) => hurryOperation(tx, endpointSubject({ hostname, view: 'public' })));
  await runOperation(world.worker, { operationId: (await operationOf(hostname)).id });
  return operationOf(hostname);
};
const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, orderBy: { issuedAt: 'asc' }, include: { order: true } });
const theOne = (hostname: string) => {
  const [one] = [...fake.vault.all].filter(([name]) => name.startsWith(hostname.replaceAll('.', '-')));
  if (one === undefined) throw new Error('the vault holds none');
  return { name: one[0], ...one[1] };
};
/** The gateway of somebody's subscription reads the secret without a version. */
const serve = async (hostname: string) => {
  const read = fake.vault.read(theOne(hostname).name);
  if (read === null) throw new Error('there is nothing to serve');
  await world.worker.edge?.deliver({ hostname, ...read });
};
const tls = { source: 'key-vault', termination: 'edge' } as const;
const runUntilIssued = async (hostname: string) => {
  for (let turn = 0; turn < 5; turn += 1) await run(hostname, minute);
};
const issued = async (hostname: string) => {
  await world.ask(hostname, { tls });
  await runUntilIssued(hostname);
  await serve(hostname);
  await run(hostname, minute);
  expect(await certificatesOf(hostname)).toMatchObject([{ state: 'served' }]);
};

test('a certificate that a vault keeps is ordered without a CSR, and shown with its secret, which has no version', async () => {
  const hostname = fresh();
  const { plan } = await world.ask(hostname, { tls });
  expect(plan.certificate).toMatchObject({ action: 'issue', keyHolder: 'issuer', days: null });
  expect(await run(hostname)).toMatchObject({ state: 'waiting', step: 'certificate-issued', movesNext: 'the issuer' });
  expect((await run(hostname, minute)).reason).toContain('shop-vault says inProgress');
  await runUntilIssued(hostname);
  const [certificate] = await certificatesOf(hostname);
  const reference = `${fake.address}/secrets/${theOne(hostname).name}`;
  expect(certificate?.order).toMatchObject({ csr: null, keyId: null, keyCiphertext: null, reference, keyAlgorithm: 'ecdsa-p256' });
  expect((await operationOf(hostname)).reason).toContain(`whoever runs the server that ends TLS has it serve ${reference}`);
  await serve(hostname);
  await run(hostname, minute);
  expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ state: 'live' });
  expect(await getCertificate(await world.as('app'), { serial: certificate?.serial ?? '' })).toMatchObject({
    keyHolder: 'issuer',
    permissions: { exportKey: false },
    kept: { reference, inUseBy: null, renewedBy: 'hostmaster', why: null, lookedAt: expect.any(String), removedAt: null },
  });
});

describe('the secret without a version leads to the newest', () => {
  const versionsOf = (hostname: string) => theOne(hostname).versions.length;
  const referencesOf = async (hostname: string) => new Set((await certificatesOf(hostname)).map(({ order }) => order.reference));

  test('when it is renewed, which Hostmaster orders', async () => {
    const hostname = fresh();
    await issued(hostname);
    const past = new Date(world.clock.now().getTime() - 1000);
    await world.db.certificate.updateMany({ where: { endpoint: { hostname } }, data: { renewAfter: past } });
    await startDueRenewals(world.worker, 100);
    await runUntilIssued(hostname);
    await serve(hostname);
    await run(hostname, minute);
    expect((await certificatesOf(hostname)).map(({ state }) => state)).toEqual(['superseded', 'served']);
    expect([versionsOf(hostname), (await referencesOf(hostname)).size]).toEqual([2, 1]);
    expect(theOne(hostname).isDeleted).toBe(false);
  });

  test('when it is for other names', async () => {
    const hostname = fresh();
    await issued(hostname);
    await world.send('change', hostname, { tls: { ...tls, extraNames: [`extra-${hostname}`] } });
    await runUntilIssued(hostname);
    await serve(hostname);
    await run(hostname, minute);
    expect([versionsOf(hostname), (await referencesOf(hostname)).size]).toEqual([2, 1]);
  });

  test('when somebody wants it revoked, which is refused with who does that', async () => {
    const hostname = fresh();
    await issued(hostname);
    const [first] = await certificatesOf(hostname);
    await revokeCertificate(await world.as('app'), {
      serial: first?.serial ?? '',
      reason: 'superseded',
      comment: 'It is to be another one.',
    });
    await runUntilIssued(hostname);
    await serve(hostname);
    await run(hostname, minute);
    const [before] = await certificatesOf(hostname);
    expect(before).toMatchObject({
      state: 'superseded',
      revocationRefusal: expect.stringContaining('Key Vault has its CA revoke nothing'),
    });
    expect([versionsOf(hostname), (await referencesOf(hostname)).size, theOne(hostname).isDeleted]).toEqual([2, 1, false]);
  });
});

test('a name that ends has it deleted, and has it back where it is asked for again', async () => {
  const hostname = fresh();
  await issued(hostname);
  const { plan } = await world.send('retire', hostname);
  expect(plan.notes).toContain(
    'The certificate is deleted at its issuer, with its key; the issuer does not say what uses it, so have that take another one before.',
  );
  await run(hostname, minute);
  expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ state: 'retired' });
  expect(theOne(hostname).isDeleted).toBe(true);
  const [first] = await certificatesOf(hostname);
  const kept = async () => (await getCertificate(await world.as('app'), { serial: first?.serial ?? '' })).kept;
  expect(await kept()).toMatchObject({ removedAt: expect.any(String) });

  world.clock.advance(hour);
  await world.ask(hostname, { tls });
  await runUntilIssued(hostname);
  expect(theOne(hostname)).toMatchObject({ isDeleted: false, versions: [{}, {}] });
  expect(await kept()).toMatchObject({ removedAt: null });
});

test('a vault is tried before it is connected, and its secret is in no answer', async () => {
  const draft = {
    connection: { kind: 'key-vault', settings: orderingSettingsOf(fake), secret: fake.clientSecret },
    suffixes: [zoneApex],
  };
  const { actor } = await world.as('platform');
  const ctx = { ...world.ctxFor(actor), sealer: world.worker.keyStore };
  const begun = await tryIssuer(ctx, issuerTrialOf([...issuerKinds.values()]).parse(draft));
  await world.runDue();
  const { result } = await getOperation(ctx, { id: begun.id });
  const checks: readonly { readonly check: string; readonly ok: boolean | null; readonly message: string }[] = Object(result).checks;
  expect(checks.filter(({ ok }) => ok !== true)).toEqual([]);
  expect(checks.map(({ check }) => check)).toEqual(expect.arrayContaining(['sign-in', 'rights', 'issuer']));
  expect(JSON.stringify(result)).not.toContain(fake.clientSecret);
});
