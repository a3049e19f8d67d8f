// The key-encryption key is changed as docs/guides/operate.md says, and in the end nothing needs the old one.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { accountKeyContext } from '@hostmaster/core/pki/key-store';
import { runOperation } from '@hostmaster/usecases/operation/run';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkerCtx } from './container.ts';
import { type Env, readEnv } from './env.ts';
import { openKeyStore } from './keys.ts';
import { buildWorker } from './testing/worker-process.ts';
import { createWorld, environmentOf, type World, zoneApex } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  buildWorker();
  world = await createWorld();
});
afterAll(() => world.close());

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const inBase64 = (key: Uint8Array): string => Buffer.from(key).toString('base64');
const unreadable = { code: 'key-unreadable' };

test('a key-encryption key is changed, and in the end nothing needs the old one', async () => {
  const [oldKek, kek] = [inBase64(world.env.kek), inBase64(randomBytes(32))];
  const startWith = (more: Readonly<Record<string, string>>): Env =>
    readEnv(environmentOf(world.databaseUrl, kek, world.env.HOSTMASTER_EDGE_DIRECTORY ?? '', more));
  const ctxWith = async (env: Env) => createWorkerCtx(env, world.worker.db, await openKeyStore(world.worker.db, env), silent);
  /** A name that a worker with this environment makes live: its zone's secret is opened, the CA's key signs, the leaf's key is delivered. */
  const goesLive = async (env: Env, hostname: string) => {
    const { id } = await world.ask(hostname);
    const { id: operationId } = await world.db.operation.findFirstOrThrow({ where: { requestId: id } });
    expect(await runOperation(await ctxWith(env), { operationId })).toEqual({ state: 'succeeded' });
    return world.db.certificateOrder.findFirstOrThrow({ where: { names: { has: hostname } } });
  };
  const rewrap = (more: Readonly<Record<string, string>>) =>
    spawnSync(process.execPath, ['dist/admin.js', 'rewrap'], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { PATH: process.env.PATH ?? '', DATABASE_URL: world.adminUrl, HOSTMASTER_KEK: kek, ...more },
      encoding: 'utf8',
    });
  const next = await world.worker.keys.account(accountKeyContext('some-ca'));
  const rolling = { slug: 'some-ca', kind: 'acme', name: 'Some CA', chainPem: '', permittedSuffixes: ['elsewhere.test'] };
  await world.db.issuer.create({ data: { ...rolling, nextKeyId: next.keyId, nextKeyCiphertext: Buffer.from(next.ciphertext) } });
  const before = await goesLive(world.env, `before.dev.${zoneApex}`);

  await expect(ctxWith(startWith({})), 'the new one alone opens nothing yet').rejects.toMatchObject(unreadable);
  expect(rewrap({}).status).toBe(75);

  const both = startWith({ HOSTMASTER_RETIRED_KEKS: oldKek });
  const between = await goesLive(both, `between.dev.${zoneApex}`);
  const { wrapsUnder } = await openKeyStore(world.worker.db, both);
  expect([before.keyId === wrapsUnder, between.keyId]).toEqual([false, wrapsUnder]);

  const lost = { HOSTMASTER_RETIRED_KEKS: `${oldKek},${inBase64(randomBytes(32))}` };
  const damaged = await world.db.certificateOrder.update({ where: { id: before.id }, data: { keyId: 'another' } });
  const partly = rewrap(lost);
  expect([partly.status, partly.stderr]).toEqual([75, expect.stringMatching(/^\d+ keys were wrapped .+\. 1 cannot be opened: /)]);
  await world.db.certificateOrder.update({ where: { id: damaged.id }, data: { keyId: before.keyId } });
  const rest = rewrap({ HOSTMASTER_RETIRED_KEKS: oldKek });
  expect([rest.status, rest.stdout]).toEqual([0, expect.stringMatching(/^1 key was wrapped .+ None is left under another/)]);
  expect(rewrap({}).stdout).toMatch(/^0 keys were wrapped .+ None is left/);
  expect(await world.db.auditEvent.findMany({ where: { action: 'installation.rewrap-keys' }, orderBy: { seq: 'asc' } })).toMatchObject([
    { detail: { under: wrapsUnder, left: 1 } },
    { detail: { under: wrapsUnder, rewrapped: 1, left: 0 } },
  ]);

  const after = startWith({});
  await goesLive(after, `after.dev.${zoneApex}`);
  const ctx = await ctxWith(after);
  for (const { keyId, keyCiphertext, keyLabel } of await world.db.certificateOrder.findMany())
    if (keyId !== null && keyCiphertext !== null)
      expect(await ctx.keys.exportPem({ keyId, ciphertext: keyCiphertext }, `leaf-key:${keyLabel}`)).toContain('PRIVATE KEY');
  const { nextKeyId, nextKeyCiphertext } = await world.db.issuer.findUniqueOrThrow({ where: { slug: 'some-ca' } });
  const nextKey = { keyId: nextKeyId ?? '', ciphertext: nextKeyCiphertext ?? new Uint8Array() };
  expect(await ctx.keys.exportPem(nextKey, accountKeyContext('some-ca')), 'of an account that changes').toContain('PRIVATE KEY');
  await expect(openKeyStore(world.worker.db, world.env), 'the old one alone opens nothing any more').rejects.toMatchObject(unreadable);
});

test('retired keys that are none are refused with the name of their variable', () => {
  const given = environmentOf(world.databaseUrl, inBase64(randomBytes(32)), '/nowhere');
  expect(() => readEnv({ ...given, HOSTMASTER_RETIRED_KEKS: 'short' })).toThrow(/HOSTMASTER_RETIRED_KEKS/);
  expect(() => readEnv({ ...given, HOSTMASTER_RETIRED_KEKS_FILE: '/nowhere/keys' })).toThrow(/HOSTMASTER_RETIRED_KEKS_FILE/);
  expect(readEnv({ ...given, HOSTMASTER_RETIRED_KEKS: '' }).retiredKeks).toEqual([]);
});
