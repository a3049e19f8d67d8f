import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { type FakeVault, startFakeVault } from '@hostmaster/adapters/testing/vault/fake-vault';
import { settingsOf, usualPolicy } from '@hostmaster/adapters/testing/vault/ground';
import { type IssuerTrialDraft, issuerInputOf, issuerTrialOf } from '@hostmaster/core/contract/issuer';
import { operation as operationOf } from '@hostmaster/core/contract/operation';
import { asksPerIssuer } from '@hostmaster/core/operation/limits';
import { toPem } from '@hostmaster/core/pki/chain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SealingCtx } from '../context.ts';
import type { DemoAccount } from '../installation/seed-demo.ts';
import { getOperation } from '../operation/get.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { connectIssuer } from './connect.ts';
import { getIssuer } from './get.ts';
import { removeIssuer } from './remove.ts';
import { testIssuer } from './test-connection.ts';
import { tryIssuer } from './try-connection.ts';
import { updateIssuer } from './update.ts';

const kinds = [...issuerKinds.values()];
const suffixes = ['example.test'];
let world: Reconciling;
let fake: FakeVault;
beforeEach(async () => {
  world = await createReconciling();
  fake = await startFakeVault({ suffixes });
  fake.auth.grant(usualPolicy());
  // What the fake has made is valid from now on, and not from when the time of a test begins.
  world.clock.advance(Date.now() + 60_000 - world.clock.now().getTime());
});
afterEach(async () => {
  await fake.close();
  await world.close();
});

const as = async (account: DemoAccount): Promise<SealingCtx> => ({
  ...world.ctxFor((await world.as(account)).actor),
  sealer: world.worker.keyStore,
});
const draft = (more: Partial<IssuerTrialDraft> = {}): IssuerTrialDraft => ({
  connection: { kind: 'vault', settings: settingsOf(fake), secret: fake.auth.secretId },
  suffixes,
  rootPem: toPem(fake.root),
  ...more,
});
const attempt = async (more: Partial<IssuerTrialDraft> = {}, account: DemoAccount = 'platform') =>
  tryIssuer(await as(account), issuerTrialOf(kinds).parse(draft(more)));
const connect = async () =>
  connectIssuer(await as('platform'), issuerInputOf(kinds).parse({ slug: 'corp-vault', name: 'Vault', untested: true, ...draft() }));
const ended = async ({ id }: { id: string }) => operationOf.parse(await getOperation(await as('platform'), { id }));
type Checks = { readonly check: string; readonly ok: boolean | null; readonly message: string; readonly remedy: string | null }[];
const found = async (begun: { id: string }): Promise<Checks> => Object((await ended(begun)).result).checks;

describe('a connection that is tried before an issuer is kept', () => {
  it('says what each check found, keeps no issuer, and what was typed is thrown away with the end of the test', async () => {
    const before = await world.db.issuer.count();
    const begun = await attempt();
    expect(operationOf.parse(begun)).toMatchObject({ kind: 'issuer', purpose: 'test', state: 'pending' });
    const [row] = await world.db.connectionTrial.findMany();
    expect(JSON.stringify(row)).not.toContain(fake.auth.secretId);
    await world.runDue();
    expect(await ended(begun)).toMatchObject({ state: 'succeeded', result: { ok: true }, reason: 'All 9 checks passed.' });
    expect(await world.db.issuer.count()).toBe(before);
    expect(await world.db.connectionTrial.findMany()).toMatchObject([{ settings: {}, about: {}, secretCiphertext: null }]);
    const event = await world.db.auditEvent.findFirstOrThrow({ where: { action: 'issuer.try' } });
    expect(event).toMatchObject({ subject: 'Vault', detail: { suffixes, connection: { kind: 'vault' } } });
    expect(JSON.stringify([event.detail, await ended(begun)])).not.toContain(fake.auth.secretId);
  });

  it('tells what was not tried because of a fault beside the fault, which has a remedy', async () => {
    fake.seal(true);
    const begun = await attempt();
    await world.runDue();
    const checks = await found(begun);
    expect(checks.find(({ check }) => check === 'health')).toMatchObject({ ok: false, remedy: expect.stringContaining('Unseal') });
    expect(checks.find(({ check }) => check === 'role')).toMatchObject({
      ok: null,
      message: expect.stringMatching(/^Not tried, since this did not pass: /),
    });
    const { trail, result } = await ended(begun);
    expect(result).toMatchObject({ ok: false });
    expect(trail.find(({ step }) => step === 'role')).toMatchObject({ state: 'skipped' });
  });

  it('of a CA that has names proved in DNS writes a proof in their zone and takes it back, whatever became of the CA', async () => {
    const settings = { directory: 'https://localhost:1/directory', addresses: '127.0.0.0/8' };
    const begun = await attempt({ connection: { kind: 'acme', settings }, rootPem: '' });
    await world.runDue();
    const checks = await found(begun);
    expect(checks.find(({ check }) => check === 'port')).toMatchObject({ ok: false });
    expect(checks.at(-1)).toMatchObject({ check: 'proof in example.test', ok: true, message: 'A proof was written and taken back.' });
    const label = `_acme-challenge.hostmaster-test-${begun.id.slice(-12)}.example.test`;
    expect(await world.heldAt(label)).toEqual([]);
    expect(await world.db.dnsProof.count()).toBe(0);
  });

  it('takes a secret that opens for no issuer and no other trial', async () => {
    await attempt();
    const [row] = await world.db.connectionTrial.findMany();
    if (!row?.secretCiphertext || row.secretKeyId === null) throw new Error('nothing was sealed');
    const wrapped = { keyId: row.secretKeyId, ciphertext: row.secretCiphertext };
    await expect(world.worker.keyStore.open(wrapped, `issuer:${row.operationId}:vault`)).rejects.toMatchObject({ code: 'key-unreadable' });
    const web = (await as('platform')).db;
    await expect(web.connectionTrial.findMany({ select: { secretCiphertext: true } })).rejects.toThrow(/permission denied/);
  });

  it('names everything that is wrong with it at once, and is limited', async () => {
    const error = await attempt({ suffixes: ['nowhere.test'], rootPem: 'no PEM' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'invalid-input' });
    expect((error as { violations: { path?: string }[] }).violations.map(({ path }) => path)).toEqual(['suffixes.0', 'rootPem']);
    for (let n = 0; n < 20; n += 1) await attempt();
    await expect(attempt()).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('is for platform admins, as is a test of one that is connected', async () => {
    const { id } = await connect();
    for (const account of ['app', 'security', 'auditor'] as const) {
      await expect(attempt({}, account)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(testIssuer(await as(account), { id })).rejects.toMatchObject({ code: 'forbidden' });
    }
  });
});

describe('an issuer that is connected', () => {
  it('is tested with what it was connected with, and shows how that ended and when, until it is changed', async () => {
    const issuer = await connect();
    expect(issuer.lastTest).toBeNull();
    const begun = await testIssuer(await as('platform'), issuer);
    const read = async () => getIssuer(await as('auditor'), issuer);
    expect((await read()).lastTest).toMatchObject({ operationId: begun.id, ok: null });
    await world.runDue();
    const { finishedAt } = await ended(begun);
    expect((await read()).lastTest).toEqual({ operationId: begun.id, ok: true, at: finishedAt, changedSince: false });
    const said = { name: 'V', suffixes, rootPem: toPem(fake.root), untested: false };
    await updateIssuer(await as('platform'), { id: issuer.id, version: issuer.version, ...said });
    expect((await read()).lastTest).toMatchObject({ ok: true, changedSince: true });
    expect(await world.db.auditEvent.findFirst({ where: { action: 'issuer.test' } })).toMatchObject({ subject: 'corp-vault' });
  });

  it('that works no more says what failed, and a newer test takes the place of one that waits', async () => {
    const issuer = await connect();
    fake.auth.endSecretId();
    const first = await testIssuer(await as('platform'), issuer);
    const second = await testIssuer(await as('platform'), issuer);
    await world.runDue();
    expect((await ended(first)).state).toBe('superseded');
    expect((await found(second)).find(({ check }) => check === 'sign-in')).toMatchObject({ ok: false });
    expect((await getIssuer(await as('platform'), issuer)).lastTest).toMatchObject({ operationId: second.id, ok: false });
    expect(JSON.stringify(await ended(second))).not.toContain(fake.auth.secretId);
  });

  it('whose secret cannot be opened shows no connection that works', async () => {
    const issuer = await connect();
    await world.db.issuer.update({ where: { id: issuer.id }, data: { secretCiphertext: Buffer.from('another') } });
    const begun = await testIssuer(await as('platform'), issuer);
    await world.runDue();
    expect(await found(begun)).toEqual([
      expect.objectContaining({ check: 'secret', ok: false, remedy: expect.stringContaining('“Edit”') }),
    ]);
    expect((await getIssuer(await as('platform'), issuer)).lastTest).toMatchObject({ ok: false });
  });

  it('is asked ten times a minute, whoever asks', async () => {
    const issuer = await connect();
    for (let n = 0; n < asksPerIssuer.limit; n += 1) await testIssuer(await as('platform'), issuer);
    await expect(testIssuer(await as('platform'), issuer)).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('has no account key made by a test', async () => {
    const connection = { kind: 'acme', settings: { directory: 'https://localhost:1/directory', addresses: '127.0.0.0/8' } };
    const input = issuerInputOf(kinds).parse({ slug: 'a-ca', name: 'A CA', connection, suffixes, untested: true });
    const issuer = await connectIssuer(await as('platform'), input);
    await testIssuer(await as('platform'), issuer);
    await world.runDue();
    expect(await world.db.issuer.findUniqueOrThrow({ where: { id: issuer.id } })).toMatchObject({ keyId: null });
  });

  it('that is removed meanwhile ends its test, and one that is made here or is not there is not tested', async () => {
    const issuer = await connect();
    const begun = await testIssuer(await as('platform'), issuer);
    await removeIssuer(await as('platform'), issuer);
    await world.runDue();
    expect((await ended(begun)).error).toMatchObject({ message: 'The issuer is gone.' });
    await expect(testIssuer(await as('platform'), issuer)).rejects.toMatchObject({ code: 'not-found' });
    const { id } = await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
    await expect(testIssuer(await as('platform'), { id })).rejects.toMatchObject({ code: 'unsupported' });
  });
});
