// Files as people have them: made by OpenSSL, with the ciphers of today and of twenty years ago, and by GnuTLS.
import { execFile } from 'node:child_process';
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toPem } from '@hostmaster/core/pki/chain';
import { readKeyStore } from '@hostmaster/core/pki/read-key-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestCa } from '../testing/test-ca.ts';

const run = promisify(execFile);
let folder: string;
let key: KeyObject;
let chain: readonly Buffer[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-key-store-'));
  const ca = await createTestCa();
  const { fullchainPem, privateKeyPem } = await ca.leaf(['orders.example.test']);
  key = createPrivateKey(privateKeyPem);
  chain = (fullchainPem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []).map((pem) => new X509Certificate(pem).raw);
  await writeFile(join(folder, 'key.pem'), privateKeyPem);
  await writeFile(join(folder, 'chain.pem'), fullchainPem);
  await writeFile(join(folder, 'leaf.pem'), toPem(chain[0] ?? Buffer.alloc(0)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const program = (name: string, ...args: readonly string[]) => run(name, args, { cwd: folder, timeout: 60_000 });
const made = (name: string) => readFile(join(folder, name));
const read = async (name: string, passphrase: string) => {
  const { keys, certificates } = await readKeyStore(await made(name), passphrase);
  return { keys: keys.map((each) => Buffer.from(each)), certificates: certificates.map((each) => Buffer.from(each)) };
};
const whole = () => ({ keys: [key.export({ format: 'der', type: 'pkcs8' })], certificates: chain });

describe('a PKCS #12 that OpenSSL makes', () => {
  const exported = ['pkcs12', '-export', '-in', 'chain.pem', '-inkey', 'key.pem', '-name', 'orders'] as const;
  it.each<[string, readonly string[]]>([
    ['with the ciphers of today', []],
    ['with those of old: RC2 with 40 bits, and Triple DES', ['-legacy']],
    ['with RC2 with 128 bits', ['-legacy', '-keypbe', 'PBE-SHA1-RC2-128', '-certpbe', 'PBE-SHA1-RC2-128']],
    ['with two-key Triple DES', ['-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-2DES']],
    ['with AES-128', ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC']],
    ['with a MAC by SHA-512', ['-macalg', 'SHA512']],
    ['with a hundred thousand iterations', ['-iter', '100000']],
    ['without a MAC', ['-nomac']],
    ['with certificates in the clear', ['-certpbe', 'NONE']],
    ['with its key in the clear', ['-keypbe', 'NONE']],
  ])('%s is read', async (_, more) => {
    await program('openssl', ...exported, '-out', 'store.p12', '-passout', 'pass:geheim ü', ...more);
    expect(await read('store.p12', 'geheim ü')).toEqual(whole());
    await expect(read('store.p12', 'geheim')).rejects.toThrow('passphrase');
  });

  it('without a passphrase is read without one', async () => {
    await program('openssl', ...exported, '-out', 'open.p12', '-passout', 'pass:');
    expect(await read('open.p12', '')).toEqual(whole());
  });

  it('that is cut short is refused', async () => {
    await program('openssl', ...exported, '-out', 'store.p12', '-passout', 'pass:x');
    const file = await made('store.p12');
    await expect(readKeyStore(file.subarray(0, -100), 'x')).rejects.toThrow('Bring PEM');
  });
});

/** With 600,000 iterations for each part. */
const byGnuTls = async (cipher: string): Promise<void> => {
  const args = [
    '--to-p12',
    '--load-certificate',
    'chain.pem',
    '--load-privkey',
    'key.pem',
    '--pkcs-cipher',
    cipher,
    '--p12-name',
    'orders',
  ];
  await program('certtool', ...args, '--password', 'geheim', '--outder', '--outfile', 'gnutls.p12');
};

it('a PKCS #12 that GnuTLS makes is read', async () => {
  await byGnuTls('aes-256');
  const { keys, certificates } = await read('gnutls.p12', 'geheim');
  expect(keys).toEqual(whole().keys);
  expect(certificates).toEqual(expect.arrayContaining([...chain]));
});

it('one whose passphrase takes too long to try is refused before anybody tries', async () => {
  await byGnuTls('3des-pkcs12');
  await expect(read('gnutls.p12', 'geheim')).rejects.toThrow('stretched for so long that nobody here waits for it');
});

it.each<[string, readonly string[]]>([
  ['AES-256', ['-v2', 'aes-256-cbc']],
  ['Triple DES, with SHA-1', ['-v2', 'des3', '-v2prf', 'hmacWithSHA1']],
  ['PKCS #12 Triple DES', ['-v1', 'PBE-SHA1-3DES']],
  ['scrypt', ['-scrypt']],
])('a key in PEM that OpenSSL encrypts with %s is read', async (_, more) => {
  await program('openssl', 'pkcs8', '-topk8', '-in', 'key.pem', '-out', 'encrypted.pem', '-passout', 'pass:geheim', ...more);
  await writeFile(join(folder, 'both.pem'), Buffer.concat([await made('encrypted.pem'), await made('chain.pem')]));
  expect(await read('both.pem', 'geheim')).toEqual(whole());
  await expect(read('both.pem', 'another')).rejects.toThrow('passphrase');
});
