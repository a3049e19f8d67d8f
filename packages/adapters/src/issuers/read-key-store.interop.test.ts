// A private key with its chain as Java writes it, today and before Java 9.
// needs: keytool
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readKeyStore } from '@hostmaster/core/pki/read-key-store';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const password = 'a passphrase';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-key-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['PKCS12', []],
  // As Java 8 wrote it: RC2 with 40 bits, Triple DES, a hundred thousand iterations.
  ['PKCS12', ['-J-Dkeystore.pkcs12.legacy']],
  ['JKS', []],
])('a store of the kind %s is read (%j)', async (kind, more) => {
  const file = join(folder, `${kind}${more.length}`);
  const made = ['-genkeypair', '-alias', 'orders', '-keyalg', 'EC', '-groupname', 'secp256r1', '-dname', 'CN=orders.example.test'];
  await run('keytool', [...made, ...more, '-keystore', file, '-storetype', kind, '-storepass', password, '-keypass', password]);
  const { stdout: pem } = await run('keytool', ['-exportcert', '-rfc', '-alias', 'orders', '-keystore', file, '-storepass', password]);
  const { keys, certificates } = await readKeyStore(await readFile(file), password);
  expect(keys).toHaveLength(1);
  expect(certificates.map((der) => Buffer.from(der).toString('base64'))).toEqual([pem.replaceAll(/-----[^-]+-----|\s/g, '')]);
  await expect(async () => readKeyStore(await readFile(file), 'another')).rejects.toThrow('passphrase');
});
