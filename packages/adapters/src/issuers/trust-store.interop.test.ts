// Trust stores as Java reads them.
// needs: keytool
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { jksTrustStore, pkcs12TrustStore } from '@hostmaster/core/pki/trust-store';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trust-store-'));
  const { root } = await testAuthority(['example.test'], new Date());
  const anchors = [{ certificate: root, alias: 'root', since: new Date() }];
  await writeFile(join(folder, 'PKCS12'), pkcs12TrustStore(anchors, 'changeit'));
  await writeFile(join(folder, 'JKS'), jksTrustStore(anchors, 'changeit'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const list = (type: string, password: string) =>
  run('keytool', ['-list', '-keystore', join(folder, type), '-storetype', type, '-storepass', password]);

it.each(['PKCS12', 'JKS'])('Java takes what is in the %s store for trusted, and refuses it under another password', async (type) => {
  expect((await list(type, 'changeit')).stdout).toMatch(/root, .*, trustedCertEntry/);
  await expect(list(type, 'another')).rejects.toMatchObject({
    stdout: expect.stringMatching(/password was incorrect|Integrity check failed/),
  });
});
