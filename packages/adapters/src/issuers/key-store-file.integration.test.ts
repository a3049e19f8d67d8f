// A private key with its chain against those who must read it: OpenSSL and GnuTLS.
import { execFile } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pkcs12KeyStore } from '@hostmaster/core/pki/key-store-file';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const password = 'a passphrase';
const { intermediate, root } = await testAuthority(['example.test'], new Date());
const keys = {
  'ecdsa-p256': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'rsa-4096': generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey,
} as const;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const said = async (program: string, ...args: readonly string[]): Promise<string> => {
  const { stdout, stderr } = await run(program, args, { cwd: folder });
  return stdout + stderr;
};

describe.each(Object.entries(keys))('a store with a key of %s', (name, key) => {
  const privateKey = key.export({ format: 'der', type: 'pkcs8' });
  const write = (strength: 'modern' | 'legacy') =>
    writeFile(
      join(folder, `${name}.${strength}.p12`),
      pkcs12KeyStore({ privateKey, chain: [intermediate, root], alias: 'orders' }, password, strength, randomBytes),
    );

  it.each([
    ['modern', 'PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256', 'MAC: sha256'],
    ['legacy', 'pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 10000', 'MAC: sha1'],
  ] as const)(
    'is read by OpenSSL with %s ciphers: the same key, every certificate, the leaf bound to its key',
    async (strength, cipher, mac) => {
      await write(strength);
      const read = ['pkcs12', '-in', `${name}.${strength}.p12`, '-nodes'] as const;
      const text = await said('openssl', ...read, '-info', '-passin', `pass:${password}`);
      expect(text).toContain(mac);
      expect(text.split(cipher)).toHaveLength(3);
      const pem = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/.exec(text)?.[0] ?? '';
      expect(createPrivateKey(pem).equals(key)).toBe(true);
      expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
      expect(new Set(text.match(/localKeyID: .*/g)).size).toBe(1);
      expect(text.match(/friendlyName: orders/g)).toHaveLength(2);
      await expect(said('openssl', ...read, '-passin', 'pass:another')).rejects.toThrow('Mac verify error');
    },
  );

  it.each(['modern', 'legacy'] as const)('is read by GnuTLS with %s ciphers', async (strength) => {
    await write(strength);
    const args = ['--p12-info', '--inder', '--infile', `${name}.${strength}.p12`, '--password', password];
    const text = await said('certtool', ...args);
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    const shrouded = /-----BEGIN ENCRYPTED PRIVATE KEY-----[^-]+-----END ENCRYPTED PRIVATE KEY-----/.exec(text)?.[0] ?? '';
    await writeFile(join(folder, 'shrouded.pem'), `${shrouded}\n`);
    const opened = await said('certtool', '--key-info', '--pkcs8', '--infile', 'shrouded.pem', '--password', password);
    const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
    expect(opened).toContain(`sha256:${createHash('sha256').update(spki).digest('hex')}`);
  });
});

it('two stores of one key share neither salt nor ciphertext', () => {
  const privateKey = keys['ecdsa-p256'].export({ format: 'der', type: 'pkcs8' });
  const make = () => pkcs12KeyStore({ privateKey, chain: [intermediate], alias: 'orders' }, password, 'modern', randomBytes);
  expect(Buffer.from(make()).subarray(60, 120).equals(Buffer.from(make()).subarray(60, 120))).toBe(false);
});
