// Trust stores against those who must read them: OpenSSL and GnuTLS.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { pkcs7Bundle, pkcs12TrustStore } from '@hostmaster/core/pki/trust-store';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trust-store-'));
  const roots = [await testAuthority(['example.test'], new Date()), await testAuthority(['example.test'], new Date())];
  const anchors = roots.map(({ root }, index) => ({ certificate: root, alias: `root-${index + 1}`, since: new Date() }));
  await writeFile(join(folder, 'roots.p12'), pkcs12TrustStore(anchors, 'changeit'));
  await writeFile(join(folder, 'roots.p7b'), pkcs7Bundle(roots.map(({ root }) => root)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const said = async (program: string, ...args: readonly string[]): Promise<string> => {
  const { stdout, stderr } = await run(program, args, { cwd: folder });
  return stdout + stderr;
};
const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

it('OpenSSL checks the MAC of the PKCS #12 store and reads every root with its name', async () => {
  const read = ['pkcs12', '-in', 'roots.p12', '-info', '-nokeys'] as const;
  const text = await said('openssl', ...read, '-passin', 'pass:changeit');
  expect(text).toContain('MAC: sha256');
  expect(text.match(/friendlyName: \S+/g)).toEqual(['friendlyName: root-1', 'friendlyName: root-2']);
  expect(count(text, /BEGIN CERTIFICATE/g)).toBe(2);
  await expect(said('openssl', ...read, '-passin', 'pass:another')).rejects.toThrow('Mac verify error');
});

it('GnuTLS checks the MAC of the PKCS #12 store and reads every root', async () => {
  const text = await said('certtool', '--p12-info', '--inder', '--infile', 'roots.p12', '--password', 'changeit');
  expect(text).toContain('MAC: SHA256');
  expect(count(text, /BEGIN CERTIFICATE/g)).toBe(2);
});

it('OpenSSL reads every root of the PKCS #7 bundle', async () => {
  expect(count(await said('openssl', 'pkcs7', '-inform', 'der', '-in', 'roots.p7b', '-print_certs'), /BEGIN CERTIFICATE/g)).toBe(2);
});
