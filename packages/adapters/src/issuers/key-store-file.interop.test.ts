// A private key with its chain as Java reads it.
// needs: keytool
import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jksKeyStore, pkcs12KeyStore } from '@hostmaster/core/pki/key-store-file';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const password = 'a passphrase';
let folder: string;
const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-store-'));
  const { root, intermediate } = await testAuthority(['example.test'], new Date());
  const stored = { privateKey: key.export({ format: 'der', type: 'pkcs8' }), chain: [intermediate, root], alias: 'orders' };
  await writeFile(join(folder, 'modern'), pkcs12KeyStore(stored, password, 'modern', randomBytes));
  await writeFile(join(folder, 'legacy'), pkcs12KeyStore(stored, password, 'legacy', randomBytes));
  await writeFile(join(folder, 'jks'), jksKeyStore(stored, password, new Date(), randomBytes));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['modern', 'PKCS12'],
  ['legacy', 'PKCS12'],
  ['jks', 'JKS'],
])('Java opens the key in the %s store with its whole chain, and hands on the same key', async (file, type) => {
  const store = ['-keystore', join(folder, file), '-storetype', type, '-storepass', password];
  const { stdout } = await run('keytool', ['-list', '-v', ...store]);
  expect(stdout).toContain('Entry type: PrivateKeyEntry');
  expect(stdout).toContain('Certificate chain length: 2');
  const out = join(folder, `${file}.out`);
  const source = ['-srckeystore', join(folder, file), '-srcstoretype', type, '-srcstorepass', password, '-srcalias', 'orders'];
  await run('keytool', [
    '-importkeystore',
    '-noprompt',
    ...source,
    '-destkeystore',
    out,
    '-deststoretype',
    'PKCS12',
    '-deststorepass',
    password,
  ]);
  const { stdout: pem } = await run('openssl', ['pkcs12', '-in', out, '-nodes', '-nocerts', '-passin', `pass:${password}`]);
  expect(createPrivateKey(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/.exec(pem)?.[0] ?? '').equals(key)).toBe(true);
  expect((await readFile(out)).length).toBeGreaterThan(0);
});
