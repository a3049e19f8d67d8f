import { chainToPem, toPem } from '@hostmaster/core/pki/chain';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { listIssuers } from './list.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

it('each issuer is listed with the root that its own chain leads to; one that keeps no chain, with none', async () => {
  const [internal, foreign] = [await testAuthority(), await testAuthority()];
  const chains = {
    root: [internal.root],
    'internal-ca-1': [internal.intermediate],
    foreign: [foreign.intermediate, foreign.root],
    'without-root': [foreign.intermediate],
    'without-chain': [],
  };
  for (const [slug, chain] of Object.entries(chains))
    await harness.db.issuer.create({
      data: { slug, kind: slug, name: slug, chainPem: chainToPem(chain), permittedSuffixes: [], profile: 'server' },
    });
  const { rows } = await listIssuers(harness.ctxFor(await harness.build.platform()));
  expect(Object.fromEntries(rows.map(({ slug, rootPem, chain }) => [slug, [chain.length, rootPem]]))).toEqual({
    root: [1, toPem(internal.root)],
    'internal-ca-1': [1, toPem(internal.root)],
    foreign: [2, toPem(foreign.root)],
    'without-root': [1, ''],
    'without-chain': [0, ''],
  });
});
