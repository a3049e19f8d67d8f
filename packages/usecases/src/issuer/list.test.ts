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

const pem = (der: Uint8Array): string => toPem(der).trimEnd();

it('each issuer is listed with the root that its chain leads to, whoever keeps that; where none is known, with none', async () => {
  const [internal, foreign, stranger] = [await testAuthority(), await testAuthority(), await testAuthority()];
  const chains = {
    root: [internal.root],
    'internal-ca-1': [internal.intermediate],
    foreign: [foreign.intermediate, foreign.root],
    'without-root': [foreign.intermediate],
    unknown: [stranger.intermediate],
    'without-chain': [],
  };
  for (const [slug, chain] of Object.entries(chains))
    await harness.db.issuer.create({
      data: { slug, kind: slug, name: slug, chainPem: chainToPem(chain), permittedSuffixes: [], profile: 'server' },
    });
  const { rows } = await listIssuers(harness.ctxFor(await harness.build.platform()), { limit: 50 });
  expect(Object.fromEntries(rows.map(({ slug, rootPem, chain }) => [slug, [chain.length, rootPem]]))).toEqual({
    root: [1, pem(internal.root)],
    'internal-ca-1': [1, pem(internal.root)],
    foreign: [2, pem(foreign.root)],
    'without-root': [1, pem(foreign.root)],
    unknown: [1, null],
    'without-chain': [0, null],
  });
});
