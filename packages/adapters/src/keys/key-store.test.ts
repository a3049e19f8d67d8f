import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { HostmasterError } from '@hostmaster/core/errors';
import { parseCsr } from '@hostmaster/core/pki/csr';
import type { SealedSecret } from '@hostmaster/core/pki/key-store';
import { describe, expect, it } from 'vitest';
import { createCsr, generateKey } from './generate-key.ts';
import { createKeyStore, generateWorkerKeys } from './key-store.ts';
import { createSealer } from './sealer.ts';

const kek = randomBytes(32);
const workerKey = await generateWorkerKeys(kek);
const store = await createKeyStore({ kek, workerKey });
const sealer = await createSealer(workerKey.publicKey);
const secret = Buffer.from('tsig secret that nobody may read');
const context = 'zone:0192:tsig';

async function failure(run: () => unknown): Promise<HostmasterError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof HostmasterError) return error;
    throw error;
  }
  throw new Error('it opened');
}

const changed = ({ keyId, ciphertext }: SealedSecret, at: number): SealedSecret => ({
  keyId,
  ciphertext: Uint8Array.from(ciphertext, (octet, index) => (index === at ? octet ^ 1 : octet)),
});

describe('what the portal seals', () => {
  it('is opened by the worker with the same context', async () => {
    expect(Buffer.from(await store.open(await sealer.seal(secret, context), context))).toEqual(secret);
    expect(Buffer.from(await store.open(await store.seal(secret, context), context))).toEqual(secret);
    expect(await store.open(await sealer.seal(new Uint8Array(), context), context)).toHaveLength(0);
  });

  it('differs every time and does not hold the secret', async () => {
    const [a, b] = [await sealer.seal(secret, context), await sealer.seal(secret, context)];
    expect(Buffer.compare(a.ciphertext, b.ciphertext)).not.toBe(0);
    expect(Buffer.from(a.ciphertext).includes(secret)).toBe(false);
  });

  it('is limited to 64 KiB, and to a public key that is one', async () => {
    expect(await store.open(await sealer.seal(new Uint8Array(65_536), context), context)).toHaveLength(65_536);
    expect((await failure(() => sealer.seal(new Uint8Array(65_537), context))).code).toBe('invalid-input');
    expect((await failure(() => createSealer(new Uint8Array(65)))).code).toBe('key-unreadable');
  });
});

describe('a secret that does not open says so and nothing else', async () => {
  const message = 'The key cannot be opened with the keys at hand.';
  const sealed = await sealer.seal(secret, context);
  const other = await sealer.seal(Buffer.from('another'), context);
  const wrapped = store.wrapKey(secret, context);
  const otherStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const otherKekStore = async () => {
    const kek2 = randomBytes(32);
    return createKeyStore({ kek: kek2, workerKey: await generateWorkerKeys(kek2) });
  };
  it.each<[string, () => unknown]>([
    ['sealed, another context', () => store.open(sealed, 'zone:0193:tsig')],
    ['sealed, empty context', () => store.open(sealed, '')],
    ['sealed to another worker', () => otherStore.open(sealed, context)],
    ['sealed, its key id forged', async () => store.open({ ...(await otherStore.seal(secret, context)), keyId: sealed.keyId }, context)],
    ['sealed, truncated', () => store.open({ ...sealed, ciphertext: sealed.ciphertext.subarray(0, -1) }, context)],
    ['sealed, no octets', () => store.open({ ...sealed, ciphertext: new Uint8Array() }, context)],
    ['sealed, another format', () => store.open(changed(sealed, 0), context)],
    [
      'sealed, halves of two',
      () =>
        store.open({ ...sealed, ciphertext: Buffer.concat([sealed.ciphertext.subarray(0, 66), other.ciphertext.subarray(66)]) }, context),
    ],
    ['wrapped, another context', () => store.unwrapKey(wrapped, 'ca-key:2')],
    ['wrapped, another key-encryption key', async () => (await otherKekStore()).unwrapKey(wrapped, context)],
    [
      'wrapped, its key id forged',
      async () => {
        const s = await otherKekStore();
        return s.unwrapKey({ ...wrapped, keyId: s.wrapKey(secret, 'x').keyId }, context);
      },
    ],
    ['wrapped, truncated', () => store.unwrapKey({ ...wrapped, ciphertext: wrapped.ciphertext.subarray(0, -1) }, context)],
    ['wrapped, only the data key', () => store.unwrapKey({ ...wrapped, ciphertext: wrapped.ciphertext.subarray(0, 61) }, context)],
    ['wrapped, no octets', () => store.unwrapKey({ ...wrapped, ciphertext: new Uint8Array() }, context)],
    ['wrapped, opened as sealed', () => store.open(wrapped, context)],
    ['sealed, unwrapped', () => store.unwrapKey(sealed, context)],
    ['a signer of what is no key', () => store.signer(wrapped, context)],
    ['the worker key under another key-encryption key', () => createKeyStore({ kek: randomBytes(32), workerKey })],
    [
      'the worker key with another public key',
      async () => createKeyStore({ kek, workerKey: { ...workerKey, publicKey: (await generateWorkerKeys(kek)).publicKey } }),
    ],
  ])('%s', async (_, run) => {
    const error = await failure(run);
    expect([error.code, error.message]).toEqual(['key-unreadable', message]);
  });

  it('whichever octet was changed', async () => {
    for (let at = 0; at < wrapped.ciphertext.length; at += 1)
      expect((await failure(() => store.unwrapKey(changed(wrapped, at), context))).code).toBe('key-unreadable');
    for (let at = 0; at < sealed.ciphertext.length; at += 7)
      expect((await failure(() => store.open(changed(sealed, at), context))).code).toBe('key-unreadable');
  });

  it('swapped data keys of two secrets with one context do not open', async () => {
    const second = store.wrapKey(Buffer.from('another'), context);
    const mixed = Buffer.concat([second.ciphertext.subarray(0, 61), wrapped.ciphertext.subarray(61)]);
    expect((await failure(() => store.unwrapKey({ ...wrapped, ciphertext: mixed }, context))).code).toBe('key-unreadable');
  });
});

describe('keys rotate', () => {
  it('the retired keys still open what they closed, new things are closed with the new ones', async () => {
    const oldWrapped = store.wrapKey(secret, context);
    const oldSealed = await store.seal(secret, context);
    const newKek = randomBytes(32);
    const rotated = await createKeyStore({
      kek: newKek,
      workerKey: await generateWorkerKeys(newKek),
      retiredKeks: [kek],
      retiredWorkerKeys: [workerKey],
    });
    expect(Buffer.from(rotated.unwrapKey(oldWrapped, context))).toEqual(secret);
    expect(Buffer.from(await rotated.open(oldSealed, context))).toEqual(secret);
    expect(rotated.wrapKey(secret, context).keyId).not.toBe(oldWrapped.keyId);
    const rewrapped = rotated.rewrap(oldWrapped, context);
    expect(rewrapped.keyId).toBe(rotated.wrapsUnder);
    const without = await createKeyStore({ kek: newKek, workerKey: await generateWorkerKeys(newKek) });
    expect(Buffer.from(without.unwrapKey(rewrapped, context)), 'wrapped anew, it needs the old one no more').toEqual(secret);
    expect(await failure(async () => without.rewrap(oldWrapped, context))).toMatchObject({ code: 'key-unreadable' });
    expect(await failure(async () => rotated.rewrap(oldWrapped, `${context}!`))).toMatchObject({ code: 'key-unreadable' });
    expect((await rotated.seal(secret, context)).keyId).not.toBe(oldSealed.keyId);
  });
  it.each([0, 16, 31, 33])('a key-encryption key of %i octets is refused', async (length) => {
    expect((await failure(() => generateWorkerKeys(randomBytes(length)))).code).toBe('key-unreadable');
    const retiredKeks = [randomBytes(length)];
    expect((await failure(() => createKeyStore({ kek, workerKey, retiredKeks }))).code).toBe('key-unreadable');
  });
});

describe('leaf keys', () => {
  it.each(['ecdsa-p256', 'ecdsa-p384', 'rsa-2048'] as const)(
    '%s: a key, its request, and its wrapped form belong together',
    async (algorithm) => {
      const key = await generateKey(algorithm);
      const request = parseCsr(await createCsr(key, ['orders.example.test']));
      expect(request.names).toEqual(['orders.example.test']);
      expect(Buffer.from(request.publicKey.spki)).toEqual(Buffer.from(key.spki));
      const signer = store.signer(store.wrapKey(key.pkcs8, 'leaf:1'), 'leaf:1');
      expect(Buffer.from(signer.spki)).toEqual(Buffer.from(key.spki));
    },
  );
});

it('the sealer imports nothing that can open a secret', () => {
  const imported = (path: string): string[] =>
    [...readFileSync(new URL(path, import.meta.url), 'utf8').matchAll(/from '(\.[^']+)'/g)].flatMap(([, next]) =>
      next === undefined ? [] : [next, ...imported(next)],
    );
  expect(imported('./sealer.ts').sort()).toEqual(['./key-id.ts']);
  const sealer = readFileSync(new URL('./sealer.ts', import.meta.url), 'utf8');
  expect(/import (.*) from '@hostmaster\/core\/pki\/hpke'/.exec(sealer)?.[1]).toBe('{ recipientOf, sealTo }');
  expect(sealer).not.toMatch(/\.open\(|privateKey|createDecipher/);
});
