// docs/guides/bring-your-ca.md, followed word by word: every command of it in its order and in one folder, with what the portal does in between.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { authorityImport, rootConnection } from '@hostmaster/core/contract/authority';
import { operation as operationOf } from '@hostmaster/core/contract/operation';
import { expect, it } from 'vitest';
import type { SealingCtx } from '../context.ts';
import { getOperation } from '../operation/get.ts';
import { createReconciling } from '../testing/reconciling.ts';
import { activateRoot } from './activate-root.ts';
import { connectRoot } from './connect-root.ts';
import { importAuthority } from './import.ts';
import { installCrl } from './install-crl.ts';
import { installIntermediate } from './install-intermediate.ts';
import { readAuthority } from './read.ts';
import { requestIntermediate } from './request-intermediate.ts';

const run = promisify(execFile);
const guide = new URL('../../../../docs/guides/bring-your-ca.md', import.meta.url);

it('the guide leads from an offline root to a CA that signs, and to one that is brought with its key', async () => {
  const blocks = [...(await readFile(guide, 'utf8')).matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  expect(blocks).toHaveLength(4);
  const [makeRoot = '', sign = '', list = '', encrypt = ''] = blocks;
  const folder = await mkdtemp(join(tmpdir(), 'guide-'));
  const follow = (block: string) => run('bash', ['-euo', 'pipefail', '-c', block], { cwd: folder, timeout: 30_000 });
  const made = (name: string) => readFile(join(folder, name), 'utf8');
  const world = await createReconciling();
  const later = await createReconciling();
  for (const each of [world, later]) each.clock.set(new Date(Date.now() + 120_000));
  const as = async (place: typeof world): Promise<SealingCtx> => ({
    ...place.ctxFor((await place.as('platform')).actor),
    sealer: place.worker.keyStore,
  });
  const carriedOut = async (place: typeof world, asked: Promise<{ readonly id: string }>): Promise<string> => {
    const { id } = await asked;
    await place.runDue();
    const { state, result, reason } = operationOf.parse(await getOperation(await as(place), { id }));
    expect(state, reason).toBe('succeeded');
    return String(result?.id);
  };
  try {
    await follow(makeRoot);
    const certificatePem = await made('root.pem');
    const id = await carriedOut(world, connectRoot(await as(world), rootConnection.parse({ name: 'Ours', certificatePem })));
    await carriedOut(world, requestIntermediate(await as(world), { id }));
    const [request] = (await readAuthority(await as(world))).roots.find((root) => root.id === id)?.requests ?? [];
    await writeFile(join(folder, 'request.csr.pem'), request?.csrPem ?? '');
    expect((await follow(sign)).stdout).toMatch(/DNS:example\.test/);
    await carriedOut(world, installIntermediate(await as(world), { id: request?.id ?? '', certificatePem: await made('issuing.pem') }));
    await follow(list);
    await carriedOut(world, installCrl(await as(world), { id, crlPem: await made('root.crl.pem') }));
    await carriedOut(world, activateRoot(await as(world), { id }));
    expect((await readAuthority(await as(world))).roots[0]?.intermediates[0]?.signsFor).toEqual(['example.test']);

    await follow(encrypt);
    const brought = { name: 'Ours', certificatePem, keyPem: await made('encrypted.key'), passphrase: 'open-sesame' };
    await carriedOut(later, importAuthority(await as(later), authorityImport.parse(brought)));
    expect((await readAuthority(await as(later))).roots[0]).toMatchObject({ name: 'Ours', state: 'announced', keyHere: true });
  } finally {
    await Promise.all([world.close(), later.close(), rm(folder, { recursive: true, force: true })]);
  }
});
