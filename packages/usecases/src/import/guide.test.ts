// docs/guides/import-a-certificate.md: the commands that make one file of several, and what becomes of the file.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { certificateImport } from '@hostmaster/core/contract/certificate-import';
import { inputRules } from '@hostmaster/core/input-rules';
import { chainToPem, toPem } from '@hostmaster/core/pki/chain';
import { expect, it } from 'vitest';
import { createForeignCa } from '../testing/foreign-ca.ts';
import { createReconciling } from '../testing/reconciling.ts';
import { bringCertificate } from './bring.ts';

const run = promisify(execFile);
const guide = readFile(new URL('../../../../docs/guides/import-a-certificate.md', import.meta.url), 'utf8');
const hostname = 'orders.dev.example.test';

it('the guide leads from files to a name that is live', async () => {
  const blocks = [...(await guide).matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  expect(blocks).toHaveLength(3);
  const [pack = '', look = ''] = blocks;
  const folder = await mkdtemp(join(tmpdir(), 'guide-'));
  const env = { ...process.env, PASSPHRASE: 'open sesame' };
  const follow = async (block: string) =>
    (await run('bash', ['-euo', 'pipefail', '-c', block], { cwd: folder, env, timeout: 30_000 })).stdout;
  const world = await createReconciling();
  try {
    world.clock.set(new Date());
    const ca = await createForeignCa(world.clock);
    const { privateKey, chain, serial } = await ca.issue([hostname]);
    await writeFile(join(folder, 'orders.key'), toPem(privateKey, 'PRIVATE KEY'));
    await writeFile(join(folder, 'orders.crt'), chainToPem(chain.slice(0, 1)));
    await writeFile(join(folder, 'chain.pem'), chainToPem([...chain.slice(1), ca.root]));
    await follow(pack);
    expect(await follow(look)).toContain(`DNS:${hostname}`);

    await world.ask(hostname, { tls: { source: 'imported' }, owners: { certificate: 'order-platform' } });
    await world.runDue();
    const { id, reason } = await world.db.endpoint
      .findFirstOrThrow({ where: { hostname }, include: { operations: true } })
      .then((row) => ({ id: row.id, reason: row.operations[0]?.reason ?? '' }));
    expect((await guide).replaceAll('*', '')).toContain(reason);
    const file = (await readFile(join(folder, 'orders.p12'))).toString('base64');
    const ctx = { ...(await world.as('app')), sealer: world.worker.keyStore };
    await bringCertificate(ctx, certificateImport.parse({ id, file, passphrase: 'open sesame' }));
    await world.runDue();
    expect(world.servedSerial(hostname)).toBe(serial);
  } finally {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
});

it('the guide names every rule that refuses what is imported', async () => {
  const told = new Set([...(await guide).matchAll(/`(import-[a-z-]+)`/g)].map(([, rule]) => rule));
  const rules = Object.keys(inputRules).filter((rule) => rule.startsWith('import-'));
  // Said in words where they are met.
  const inWords = ['import-readable', 'import-waits', 'import-other-key'];
  expect([...told].sort()).toEqual(rules.filter((rule) => !inWords.includes(rule)).sort());
});
