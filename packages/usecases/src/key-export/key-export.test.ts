// A private key on its way to the browser of a maintainer: once, proved twice, and to be read by nobody between.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { cheapHash } from '@hostmaster/core/person/testing/cheap-hash';
import { newRecipient, openSealed } from '@hostmaster/core/pki/hpke';
import { exportedKey, exportedKeyContext, exportMilliseconds } from '@hostmaster/core/pki/key-export';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getCertificate } from '../certificate/get.ts';
import type { SealingCtx } from '../context.ts';
import type { DemoAccount } from '../installation/seed-demo.ts';
import { signIn } from '../person/sign-in.ts';
import { forgetKeys } from '../sweep/forget-keys.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { askForKey } from './ask.ts';
import { collectKey } from './collect.ts';

const password = 'a lamp beside the river';
let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
  const people = await world.db.person.findMany({ select: { id: true } });
  const hash = cheapHash(password);
  await world.db.password.createMany({ data: people.map(({ id }) => ({ personId: id, hash })) });
});
afterAll(() => world.close());
// Nobody's tries of one test count in the next.
beforeEach(() => world.clock.advance(301_000));

const as = async (account: DemoAccount = 'app'): Promise<SealingCtx> => ({
  ...world.ctxFor((await world.as(account)).actor),
  sealer: world.worker.keyStore,
});
let names = 0;
/** The certificate in use of a name of the app team. */
const certificate = async () => {
  names += 1;
  const hostname = `key-${names}.dev.${zoneApex}`;
  await world.ask(hostname);
  await world.runDue();
  return world.db.certificate.findFirstOrThrow({ where: { endpoint: { hostname }, state: 'served' } });
};
const point = (publicKey: Uint8Array): string => Buffer.from(publicKey).toString('base64url');
type Wish = { readonly serial: string; readonly account?: DemoAccount; readonly said?: string; readonly recipient: Uint8Array };
const ask = async ({ serial, account = 'app', said = password, recipient }: Wish) =>
  askForKey(
    await as(account),
    { serial, password: said, recipient: point(recipient), clientAddress: '192.0.2.7' },
    { db: world.door.db, clock: world.clock },
  );
const exportOf = (operationId: string) => world.db.keyExport.findFirst({ where: { operationId } });
/** Asked for, and sealed by a worker; the id of the export. */
const sealed = async (wish: Wish): Promise<string> => {
  const { id } = await ask(wish);
  await world.runDue();
  const { state, reason, result } = await world.db.operation.findUniqueOrThrow({ where: { id } });
  expect(state, reason).toBe('succeeded');
  return (result as { id: string }).id;
};
const failure = async (operationId: string): Promise<string> => {
  await world.runDue();
  const { state, reason } = await world.db.operation.findUniqueOrThrow({ where: { id: operationId } });
  expect(state).toBe('failed');
  return reason;
};
const code = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'nothing',
    (error: { code: string }) => error.code,
  );

describe('a maintainer', () => {
  it('takes the key of a certificate once: it opens in their browser alone, and nothing of it stays here', async () => {
    const { id, serial, chainPem } = await certificate();
    const { publicKey, privateKey } = await newRecipient();
    const exportId = await sealed({ serial, recipient: publicKey });
    expect(await world.db.keyProof.count()).toBe(0);
    const { sealed: text } = await collectKey(await as(), { id: exportId });
    const octets = Buffer.from(text, 'base64');
    const opened = exportedKey.parse(
      JSON.parse(Buffer.from(await openSealed(privateKey, octets, exportedKeyContext(exportId))).toString()),
    );
    expect(new X509Certificate(chainPem).checkPrivateKey(createPrivateKey(opened.privateKeyPem))).toBe(true);
    expect(opened.passphrase).toHaveLength(20);
    expect(Object.values(opened.stores).every((store) => store.length > 1000)).toBe(true);
    await expect(openSealed((await newRecipient()).privateKey, octets, exportedKeyContext(exportId))).rejects.toThrow();
    await expect(openSealed(privateKey, octets, exportedKeyContext(id))).rejects.toThrow();

    expect((await collectKey(await as(), { id: exportId })).sealed, 'where no answer came').toBe(text);
    expect(await world.db.keyExport.findUniqueOrThrow({ where: { id: exportId } })).toMatchObject({ takenAt: world.clock.now() });
    const shown = await getCertificate(await as('security'), { serial });
    expect(shown.keyTaken).toEqual({ by: 'Ada Park', at: world.clock.now().toISOString() });
    const acts = await world.db.auditEvent.findMany({
      where: { subjectId: id, action: { contains: '-key' } },
      orderBy: { seq: 'asc' },
    });
    expect(acts.map(({ action, actorName }) => [action, actorName])).toEqual([
      ['certificate.ask-key', 'Ada Park'],
      ['certificate.take-key', 'Ada Park'],
    ]);
    expect(JSON.stringify(await world.db.operation.findMany())).not.toContain(opened.passphrase);

    expect((await getCertificate(await as(), { serial })).permissions.exportKey).toBe(false);
    await expect(ask({ serial, recipient: publicKey })).rejects.toThrow(
      /^Ada Park took the key of the certificate \w+ at .*, and a key leaves once/,
    );
    world.clock.advance(exportMilliseconds + 1);
    expect(await code(collectKey(await as(), { id: exportId }))).toBe('not-found');
    await forgetKeys({ db: world.worker.db, clock: world.clock });
    expect(await world.db.keyExport.findUniqueOrThrow({ where: { id: exportId } })).toMatchObject({
      sealed: null,
      takenAt: expect.any(Date),
    });
  });

  it('who asks twice gets the newer one, and of two that are taken at once only one leaves', async () => {
    const { serial } = await certificate();
    const recipient = (await newRecipient()).publicKey;
    const [first, second] = [await sealed({ serial, recipient }), await sealed({ serial, recipient })];
    const collected = await Promise.all([first, second].map(async (id) => code(collectKey(await as(), { id }))));
    expect(collected.toSorted()).toEqual(['conflict', 'nothing']);
  });

  it('who asks anew while the first wish still waits is given the newer one alone', async () => {
    const { serial } = await certificate();
    const recipient = (await newRecipient()).publicKey;
    const { id: older } = await ask({ serial, recipient });
    const newer = await sealed({ serial, recipient });
    expect(await world.db.operation.findUniqueOrThrow({ where: { id: older } })).toMatchObject({ state: 'superseded' });
    expect(await code(collectKey(await as(), { id: newer }))).toBe('nothing');
  });

  it('is refused with a password that is not theirs, and no worker is asked', async () => {
    const { serial } = await certificate();
    const { publicKey: recipient } = await newRecipient();
    await expect(ask({ serial, recipient, said: 'another lamp entirely' })).rejects.toMatchObject({
      code: 'sign-in-failed',
      violations: [{ rule: 'current-password', path: 'password' }],
    });
    expect(await world.db.keyExport.count({ where: { certificate: { serial } } })).toBe(0);
  });

  it('who guesses passwords is stopped after ten, and nobody at their address is shut out', async () => {
    const { serial } = await certificate();
    const recipient = (await newRecipient()).publicKey;
    const guesses: string[] = [];
    for (let guess = 1; guess <= 12; guess += 1) guesses.push(await code(ask({ serial, recipient, said: `guess ${guess}` })));
    expect(guesses.slice(-3)).toEqual(['sign-in-failed', 'rate-limited', 'rate-limited']);
    expect(await code(ask({ serial, recipient }))).toBe('rate-limited');
    const door = { db: world.door.db, clock: world.clock };
    const { email } = await world.db.person.findFirstOrThrow({ where: { name: 'Sam Ito' } });
    expect(await code(signIn(door, { account: email, password, clientAddress: '192.0.2.7' }))).toBe('nothing');
  });
});

it('the key of a certificate that was issued for another team leaves for nobody: neither when asked, nor once a worker seals it', async () => {
  const { serial, orderId } = await certificate();
  const { id: teamId } = await world.db.team.findUniqueOrThrow({ where: { slug: 'payments' } });
  const { publicKey: recipient } = await newRecipient();
  const { id: operationId } = await ask({ serial, recipient });
  // As a transfer leaves it, until the receiver has a certificate of its own.
  await world.db.certificateOrder.update({ where: { id: orderId }, data: { teamId } });
  expect(await failure(operationId)).toMatch(/is of the team that had its name before, and leaves for no other/);
  expect(await exportOf(operationId)).toBeNull();
  expect((await getCertificate(await as(), { serial })).permissions.exportKey).toBe(false);
  await expect(ask({ serial, recipient })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('Take that of the next one'),
  });
});

describe('nobody else', () => {
  it.each(['security', 'platform', 'auditor'] as const)('is given a key: %s', async (account) => {
    const { serial } = await certificate();
    expect((await getCertificate(await as(account), { serial })).permissions.exportKey).toBe(false);
    expect(await code(ask({ serial, account, recipient: (await newRecipient()).publicKey }))).toBe('forbidden');
  });

  it('collects what was sealed for a maintainer, and after ten minutes they do not either', async () => {
    const { serial } = await certificate();
    const id = await sealed({ serial, recipient: (await newRecipient()).publicKey });
    expect(await code(collectKey(await as('platform'), { id }))).toBe('not-found');
    world.clock.advance(exportMilliseconds);
    expect(await code(collectKey(await as(), { id }))).toBe('not-found');
    world.clock.advance(1);
    await forgetKeys({ db: world.worker.db, clock: world.clock });
    expect(await world.db.keyExport.count({ where: { id } })).toBe(0);
    expect((await getCertificate(await as(), { serial })).permissions.exportKey).toBe(true);
  });
});

describe('what was sealed', () => {
  it('is there still where the worker was killed as soon as it had sealed it', async () => {
    const { serial } = await certificate();
    const id = await sealed({ serial, recipient: (await newRecipient()).publicKey });
    const { operationId } = await world.db.keyExport.findUniqueOrThrow({ where: { id } });
    const unfinished = { state: 'waiting' as const, finishedAt: null, nextAttemptAt: null };
    await behindTheBack(world.db).operation.update({ where: { id: operationId }, data: unfinished });
    await world.runDue();
    expect(await world.db.operation.findUniqueOrThrow({ where: { id: operationId } })).toMatchObject({ state: 'succeeded' });
    expect(await code(collectKey(await as(), { id }))).toBe('nothing');
  });

  it('is handed to no maintainer who is none any more, and not once its certificate is revoked', async () => {
    const { actor } = await world.as('app');
    const [demoted, revoked] = [await certificate(), await certificate()];
    const id = await sealed({ serial: demoted.serial, recipient: (await newRecipient()).publicKey });
    const team = { ...(actor.teams[0] ?? { id: '', slug: '' }), role: 'member' as const };
    expect(await code(collectKey(world.ctxFor({ ...actor, teams: [team] }), { id }))).toBe('forbidden');
    const late = await sealed({ serial: revoked.serial, recipient: (await newRecipient()).publicKey });
    await behindTheBack(world.db).certificate.update({ where: { id: revoked.id }, data: { state: 'revoked' } });
    expect(await code(collectKey(await as(), { id: late }))).toBe('conflict');
  });
});

describe('a worker believes the portal nothing', () => {
  const wished = async (change: { readonly password?: string; readonly recipient?: string } = {}) => {
    const { serial } = await certificate();
    const { id: operationId } = await ask({ serial, recipient: (await newRecipient()).publicKey });
    const row = await exportOf(operationId);
    if (row === null) throw new TypeError('unreachable: it was asked for');
    if (change.password !== undefined) {
      const { keyId, ciphertext } = await world.worker.keyStore.seal(Buffer.from(change.password), `key-export:${row.id}:password`);
      const data = { secretKeyId: keyId, secretCiphertext: Buffer.from(ciphertext) };
      await world.db.keyProof.update({ where: { exportId: row.id }, data });
    }
    if (change.recipient !== undefined) await world.db.keyExport.update({ where: { id: row.id }, data: { recipient: change.recipient } });
    return operationId;
  };

  it('seals nothing for a wish that was written with another password, and keeps none', async () => {
    const operationId = await wished({ password: 'guessed by somebody' });
    expect(await failure(operationId)).toBe('A worker could not see that a maintainer of order-platform asked for the key.');
    expect([await exportOf(operationId), await world.db.keyProof.count()]).toEqual([null, 0]);
  });

  it('nor for who is no maintainer any more, or was disabled meanwhile', async () => {
    const { actor } = await world.as('app');
    const teamId = actor.teams[0]?.id ?? '';
    const demoted = await wished();
    await world.db.membership.updateMany({ where: { personId: actor.id, teamId }, data: { role: 'member' } });
    expect(await failure(demoted)).toContain('could not see that a maintainer');
    await world.db.membership.updateMany({ where: { personId: actor.id, teamId }, data: { role: 'maintainer' } });
    const disabled = await wished();
    await world.db.person.update({ where: { id: actor.id }, data: { disabledAt: world.clock.now() } });
    expect(await failure(disabled)).toContain('could not see that a maintainer');
    await world.db.person.update({ where: { id: actor.id }, data: { disabledAt: null } });
  });

  it('nor for a point that is on no curve, or a wish that waited too long', async () => {
    expect(await failure(await wished({ recipient: `B${'A'.repeat(86)}` }))).toContain('is no point of P-256');
    const late = await wished();
    world.clock.advance(exportMilliseconds + 1);
    expect(await failure(late)).toContain('Ask for the key once more.');
    expect(await exportOf(late)).toBeNull();
  });
});

describe('there is no key to take', () => {
  it('of a certificate that was replaced, and of one whose requester holds it', async () => {
    const recipient = (await newRecipient()).publicKey;
    const replaced = await certificate();
    await behindTheBack(world.db).certificate.update({ where: { id: replaced.id }, data: { state: 'superseded' } });
    await expect(ask({ serial: replaced.serial, recipient })).rejects.toThrow('Take the key of the one in its place.');
    const theirs = await certificate();
    await world.db.certificateOrder.update({ where: { id: theirs.orderId }, data: { keyId: null, keyCiphertext: null } });
    await expect(ask({ serial: theirs.serial, recipient })).rejects.toThrow('Hostmaster has none');
  });
});
