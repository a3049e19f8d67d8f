// The keys of the CAs live in a token (SoftHSM): names go live with certificates that it has signed, wait while it is away, and go on
// by themselves. What needs no key in it goes on all the while.
import { randomBytes } from 'node:crypto';
import { createRoot } from '@hostmaster/adapters/issuers/authority';
import { createKeyStore, generateWorkerKeys } from '@hostmaster/adapters/keys/key-store';
import { type SoftHsm, startSoftHsm } from '@hostmaster/adapters/testing/softhsm';
import { rootConnection, rootWish } from '@hostmaster/core/contract/authority';
import { toPem } from '@hostmaster/core/pki/chain';
import { tokenOf } from '@hostmaster/core/pki/key-store';
import { openDb } from '@hostmaster/db/client';
import { createTestDatabase } from '@hostmaster/embedded/testing/database';
import { activateRoot } from '@hostmaster/usecases/authority/activate-root';
import { connectRoot } from '@hostmaster/usecases/authority/connect-root';
import { dropRequest } from '@hostmaster/usecases/authority/drop-request';
import { makeRoot } from '@hostmaster/usecases/authority/make-root';
import { readAuthority } from '@hostmaster/usecases/authority/read';
import { requestIntermediate } from '@hostmaster/usecases/authority/request-intermediate';
import { rewrapKeys } from '@hostmaster/usecases/installation/rewrap-keys';
import { getOperation } from '@hostmaster/usecases/operation/get';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkerCtx } from './container.ts';
import { readEnv } from './env.ts';
import { openKeyStore } from './keys.ts';
import { servedSerial } from './testing/outside.ts';
import { buildWorker, startWorkerProcess } from './testing/worker-process.ts';
import { createWorld, environmentOf, type World, zoneApex } from './testing/world.ts';

const pin = 'pin-of-the-token-4711';
let hsm: SoftHsm;
let world: World;
let token: Readonly<Record<string, string>>;
beforeAll(async () => {
  hsm = await startSoftHsm('Hostmaster CA', pin);
  token = { HOSTMASTER_PKCS11_MODULE: hsm.module, HOSTMASTER_PKCS11_TOKEN: hsm.label, HOSTMASTER_PKCS11_PIN: pin };
  world = await createWorld({ environment: token });
});
afterAll(async () => {
  await world.close();
  await hsm.delete();
});

const roots = async () => (await readAuthority(await world.as('platform'))).roots;

/** What stands of a name that is asked for now. */
async function ask(hostname: string) {
  const { id } = await world.ask(hostname);
  await world.runDue();
  return world.db.operation.findFirstOrThrow({ where: { requestId: id } });
}
async function goesLive(hostname: string): Promise<void> {
  expect((await ask(hostname)).state).toBe('succeeded');
  const { serial } = await world.db.certificate.findFirstOrThrow({ where: { endpoint: { hostname }, state: 'served' } });
  expect(await servedSerial(world, hostname)).toBe(serial);
}

test('the first root and the CAs below it are made in the token, and a name goes live with a certificate of theirs', async () => {
  await goesLive(`first.dev.${zoneApex}`);
  expect(await roots()).toMatchObject([{ state: 'active', keyHere: true, keyToken: hsm.label, intermediates: [{ keyToken: hsm.label }] }]);
  for (const { keyId } of await world.db.certificateOrder.findMany()) expect(tokenOf(keyId ?? ''), 'a leaf’s key is wrapped').toBeNull();
});

const asPlatform = async () => ({ ...(await world.as('platform')), sealer: world.keyStore });

/** What was made, and what is said of it. */
async function ended(asked: Promise<{ readonly id: string }>) {
  const { id } = await asked;
  await world.runDue();
  const { state, result, reason } = await getOperation(await world.as('platform'), { id });
  expect(state, reason).toBe('succeeded');
  return { id: String(result?.id), reason };
}
const carriedOut = async (asked: Promise<{ readonly id: string }>): Promise<string> => (await ended(asked)).id;

test('another root is made in it with RSA, activated, and signs', async () => {
  const ctx = await asPlatform();
  const wish = rootWish.parse({ name: 'Next root', key: 'rsa-3072', intermediateKey: 'ecdsa-p384' });
  const id = await carriedOut(makeRoot(ctx, wish));
  await carriedOut(activateRoot(ctx, { id }));
  expect((await roots()).find((root) => root.id === id)).toMatchObject({ keyToken: hsm.label, intermediates: [{ keyToken: hsm.label }] });
  await goesLive(`second.dev.${zoneApex}`);
});

test('the key of a CA that a root elsewhere is to sign is made in it, and whoever drops the request reads that it stays there', async () => {
  const kek = randomBytes(32);
  const elsewhere = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const { certificate } = await createRoot({ clock: world.worker.clock, keyStore: elsewhere, organisation: 'Elsewhere' });
  const ctx = await asPlatform();
  const id = await carriedOut(connectRoot(ctx, rootConnection.parse({ name: 'Offline', certificatePem: toPem(certificate) })));
  await carriedOut(requestIntermediate(ctx, { id }));
  const [request] = (await roots()).find((root) => root.id === id)?.requests ?? [];
  expect(request?.keyToken).toBe(hsm.label);
  expect((await ended(dropRequest(ctx, { id: request?.id ?? '' }))).reason).toBe(
    `The request is dropped. Its key stays in the token ${hsm.label}, where nothing uses it any more.`,
  );
});

test('while the token is away a name waits and says why, and goes live by itself once it is back', async () => {
  const hostname = `waits.dev.${zoneApex}`;
  await hsm.remove();
  const { id, state } = await ask(hostname);
  expect(state).toBe('waiting');
  const { reason, error } = await getOperation(await world.as('platform'), { id });
  expect(reason ?? error?.message).toContain(`The token ${hsm.label} cannot be used: `);
  expect(error).toMatchObject({ code: 'key-unreadable' });
  await hsm.putBack();
  await expect
    .poll(async () => {
      await world.runDue();
      return (await getOperation(await world.as('platform'), { id })).state;
    })
    .toBe('succeeded');
});

test('keys in the token stay as they are where the others are wrapped anew', async () => {
  const kek = randomBytes(32);
  const inToken = () => world.db.issuer.findMany({ where: { keyId: { startsWith: 'pkcs11:' } }, orderBy: { id: 'asc' } });
  const before = await inToken();
  const store = await openKeyStore(world.worker.db, { kek, retiredKeks: [world.env.kek] });
  expect(await rewrapKeys({ ...world.worker, db: world.db }, store)).toMatchObject({ rewrapped: expect.any(Number), left: 0 });
  expect(await inToken()).toEqual(before);
  expect(before.length).toBeGreaterThan(3);
  expect(
    await rewrapKeys({ ...world.worker, db: world.db }, await openKeyStore(world.worker.db, { kek: world.env.kek, retiredKeks: [kek] })),
  ).toMatchObject({
    left: 0,
  });
});

test('a worker without the token starts, says what to set, and does not sign', async () => {
  const env = readEnv(environmentOf(world.databaseUrl, Buffer.from(world.env.kek).toString('base64'), world.folder));
  const ctx = createWorkerCtx(env, world.worker.db, await openKeyStore(world.worker.db, env), world.worker.log);
  const row = await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-root', state: 'active' } });
  const sign = (await ctx.issuer(row)).authority?.signIntermediate;
  await expect(sign?.([zoneApex])).rejects.toMatchObject({
    code: 'key-unreadable',
    message: expect.stringMatching(/^The key is in the token Hostmaster CA, and this worker has none\. Set HOSTMASTER_PKCS11_MODULE,/),
  });
});

test('a new installation whose token is away starts all the same, and has its root once the token is back', async () => {
  buildWorker();
  const database = await createTestDatabase();
  const db = openDb(database.url);
  await hsm.remove();
  const kek = randomBytes(32).toString('base64');
  const environment = environmentOf(database.workerUrl, kek, world.folder, { ...token, SOFTHSM2_CONF: hsm.configuration });
  const worker = startWorkerProcess(environment);
  try {
    await worker.ready;
    expect(worker.printed()).toContain('The internal root could not be made; it is tried again.');
    expect([await db.environment.count(), await db.issuer.count()]).toEqual([3, 0]);
    await hsm.putBack();
    const keyOfRoot = async () => (await db.issuer.findFirst({ where: { slug: 'root', state: 'active' } }))?.keyId;
    await expect.poll(keyOfRoot).toBe('pkcs11:token=Hostmaster%20CA');
  } finally {
    await worker.kill('SIGTERM');
    await db.$disconnect();
    await database.drop();
  }
});

/** Of every table of every schema, the queue's too; bytes as hex. */
async function everyRow(): Promise<string> {
  const client = new pg.Client({ connectionString: world.adminUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    let all = '';
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`SELECT to_jsonb(t)::text AS text FROM ${name} t`);
      all += rows.map(({ text }) => text).join('\n');
    }
    return all;
  } finally {
    await client.end();
  }
}

test('the worker that is shipped opens the token; with a wrong PIN it starts all the same, and neither PIN is in what it prints or in any row', async () => {
  buildWorker();
  const environment = (more: Readonly<Record<string, string>>) => ({
    ...environmentOf(world.databaseUrl, Buffer.from(world.env.kek).toString('base64'), world.folder, more),
    SOFTHSM2_CONF: hsm.configuration,
  });
  const right = startWorkerProcess(environment(token), 'debug');
  await right.ready;
  await expect.poll(() => right.printed()).toContain('Keys of CAs are made and used in the token.');
  expect(await right.kill('SIGTERM')).toBe(0);
  const wrong = startWorkerProcess(environment({ ...token, HOSTMASTER_PKCS11_PIN: 'wrong-4712' }), 'debug');
  await wrong.ready;
  await expect
    .poll(() => wrong.printed())
    .toMatch(/refuses its PIN \(CKR_PIN_INCORRECT\).+The token cannot be used; what needs a key in it waits\./);
  expect(await wrong.kill('SIGTERM')).toBe(0);
  for (const { printed } of [right, wrong]) expect(printed()).not.toMatch(/4711|4712/);
  const forms = ['utf8', 'hex', 'base64'] as const;
  const rows = await everyRow();
  expect(rows).toContain('pkcs11:token=Hostmaster%20CA');
  for (const secret of [pin, 'wrong-4712'])
    for (const form of forms) expect(rows).not.toContain(Buffer.from(secret).toString(form).replace(/=+$/, ''));
});
