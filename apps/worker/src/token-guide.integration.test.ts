// docs/guides/keep-ca-keys-in-an-hsm.md, followed word by word: a token, what the worker is told of it, a root that is made in it, and
// what the tools of others see there.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRoot } from '@hostmaster/adapters/issuers/authority';
import { createKeyStore, generateWorkerKeys } from '@hostmaster/adapters/keys/key-store';
import { createTokenKeys } from '@hostmaster/adapters/keys/pkcs11/token-keys';
import { startSoftHsm } from '@hostmaster/adapters/testing/softhsm';
import { systemClock } from '@hostmaster/core/clock';
import { toPem } from '@hostmaster/core/pki/chain';
import { expect, it } from 'vitest';
import { readEnv } from './env.ts';

const run = promisify(execFile);
const guide = new URL('../../../docs/guides/keep-ca-keys-in-an-hsm.md', import.meta.url);

it('the guide leads from an empty HSM to a root whose key is in it, which others see and cannot take out', async () => {
  const blocks = [...(await readFile(guide, 'utf8')).matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  expect(blocks).toHaveLength(4);
  const [makeToken = '', writePin = '', variables = '', list = ''] = blocks;
  const folder = await mkdtemp(join(tmpdir(), 'token-guide-'));
  const hsm = await startSoftHsm('Of somebody else');
  const follow = async (block: string): Promise<string> =>
    (await run('bash', ['-euo', 'pipefail', '-c', block], { cwd: folder, timeout: 30_000 })).stdout;
  try {
    await follow(makeToken);
    await follow(writePin);
    expect((await stat(join(folder, 'pkcs11-pin'))).mode & 0o777).toBe(0o600);

    const set = await follow(`unset \${!HOSTMASTER_*}; set -a\n${variables}env | grep ^HOSTMASTER_`);
    const given = Object.fromEntries(
      set
        .trim()
        .split('\n')
        .map((line) => line.split('=')),
    );
    expect(given.HOSTMASTER_PKCS11_PIN_FILE).toBe('/etc/hostmaster/pkcs11-pin');
    const kek = randomBytes(32);
    const { token } = readEnv({
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
      HOSTMASTER_KEK: kek.toString('base64'),
      HOSTMASTER_PUBLIC_URL: 'http://127.0.0.1:3000',
      ...given,
      HOSTMASTER_PKCS11_PIN_FILE: join(folder, 'pkcs11-pin'),
    });
    if (token === null) throw new TypeError('no token is set up');
    const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek), token: createTokenKeys(token) });
    const root = await createRoot({ clock: systemClock, keyStore, organisation: 'Example' });
    await keyStore.close();

    const seen = await follow(list);
    expect(seen).toMatch(/Label: hostmaster [0-9a-f]{8} ecdsa-p384\n\s*Flags: .*CKA_NEVER_EXTRACTABLE; CKA_SENSITIVE;/);
    const url = /URL: (\S+)/.exec(seen)?.[1] ?? '';
    await writeFile(join(folder, 'root.pem'), toPem(root.certificate));
    const exported = await follow(list.replace(/--list-privkeys '[^']+'/, `--export-pubkey '${url}'`));
    expect(exported).toContain(await follow('openssl x509 -noout -pubkey -in root.pem'));
  } finally {
    await Promise.all([hsm.delete(), rm(folder, { recursive: true, force: true })]);
  }
});
