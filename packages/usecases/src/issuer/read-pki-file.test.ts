import { X509Certificate } from 'node:crypto';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import type { Db } from '@hostmaster/db/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHarness, type Harness, harnessStart } from '../testing/harness.ts';
import { listIssuers } from './list.ts';
import { readPkiFile } from './read-pki-file.ts';
import { readTrust } from './read-trust.ts';

let harness: Harness;
let db: Db;
const crl = Uint8Array.of(0x30, 0x00);
const shard = Uint8Array.of(0x30, 0x02, 0x05, 0x00);
const { root, intermediate, leaf } = await testAuthority(['example.test'], harnessStart);
const expired = await testAuthority(['example.test'], new Date('2001-01-01T00:00:00Z'));
const stranger = await testAuthority(['example.test'], harnessStart);

/** As `storeIssuer` stores it: the certificate of the CA alone. */
const authority = (
  slug: string,
  kind: string,
  certificate: Uint8Array,
  lists: readonly (readonly [list: number, der: Uint8Array<ArrayBuffer> | null])[] = [],
  state = 'active',
) =>
  db.issuer.create({
    data: {
      ...{ slug, kind, name: slug, chainPem: chainToPem([certificate]), permittedSuffixes: [], profile: null, state },
      lists: { create: lists.map(([list, der]) => ({ list, der, refreshAt: harnessStart })) },
    },
  });

beforeAll(async () => {
  harness = await createHarness();
  db = harness.db;
  await authority('root', 'internal-root', root);
  await authority('internal', 'internal-ca', intermediate, [
    [0, crl],
    [7, shard],
    [8, null],
  ]);
  await authority('expired-root', 'internal-root', expired.root, [], 'replaced');
  await authority('expired', 'internal-ca', expired.intermediate);
  await authority('without-root', 'internal-ca', stranger.intermediate);
  await authority('odd', 'internal-ca', await leaf());
});
afterAll(() => harness.close());
const read = (file: string) => readPkiFile(harness.worker, file);
const sameCertificate = (pem: string | null | undefined, der: Uint8Array): boolean =>
  typeof pem === 'string' && Buffer.compare(new X509Certificate(pem).raw, der) === 0;

describe('the files that certificates point to', () => {
  it('are the issuing certificate and the CRLs in DER, the complete one and those of shards', async () => {
    const issuing = await read('internal.cer');
    expect(issuing?.contentType).toBe('application/pkix-cert');
    expect(Buffer.from(issuing?.body ?? [])).toEqual(Buffer.from(intermediate));
    expect(await read('internal.crl')).toMatchObject({ contentType: 'application/pkix-crl', body: crl });
    expect(await read('internal.7.crl')).toMatchObject({ contentType: 'application/pkix-crl', body: shard });
  });

  it('name as trusted the roots that have not expired, and no CA below one', async () => {
    const text = Buffer.from((await read('root.pem'))?.body ?? []).toString();
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
    expect(sameCertificate(text, root)).toBe(true);
  });

  it('are the same roots in the stores that programs read, and one by one under the name that it has there', async () => {
    const bundle = Buffer.from((await read('root.pem'))?.body ?? [])
      .toString()
      .trim();
    const { roots } = await readTrust(harness.worker);
    expect(roots).toEqual([
      {
        alias: expect.stringMatching(/^hostmaster-[0-9a-f]{8}$/),
        subject: 'CN=Example Root, O=Example',
        fingerprint: new X509Certificate(root).fingerprint256,
        notAfter: new Date(new X509Certificate(root).validTo),
      },
    ]);
    for (const { alias } of roots) {
      expect(
        Buffer.from((await read(`${alias}.crt`))?.body ?? [])
          .toString()
          .trim(),
      ).toBe(bundle);
      for (const store of ['root.p12', 'root.jks'])
        expect(Buffer.from((await read(store))?.body ?? []).includes(Buffer.from(root))).toBe(true);
    }
    expect(Buffer.from((await read('root.p7b'))?.body ?? []).includes(Buffer.from(root))).toBe(true);
    expect(await read('hostmaster-00000000.crt')).toBeNull();
  });

  it('are found where a CA says that a host which trusts the roots accepts: none that is newer and below no root', async () => {
    expect(await readTrust(harness.worker)).toMatchObject({ address: expect.stringMatching(/^http:\/\/.*[^/]$/), samples: ['internal'] });
    await db.issuer.update({ where: { slug: 'root' }, data: { state: 'withdrawn' } });
    expect(await readTrust(harness.worker)).toMatchObject({ roots: [], samples: [] });
    await db.issuer.update({ where: { slug: 'root' }, data: { state: 'active' } });
    const empty = await createHarness();
    expect(await readTrust(empty.worker)).toEqual({ roots: [], address: null, samples: [] });
    await empty.close();
  });

  it.each([
    'unknown.cer',
    'without-root.crl',
    'internal.8.crl',
    'internal.9.crl',
    'internal.0.crl',
    'internal.07.crl',
    'internal.777.crl',
    'internal.7.cer',
    'internal.7.pem',
    'internal.key',
    '../internal.cer',
    'internal',
    "x'--.cer",
    '',
  ])('are not "%s"', async (file) => {
    expect(await read(file)).toBeNull();
  });
});

it('an issuer is listed with the root above it, and with none where that is unknown or has expired', async () => {
  const { rows } = await listIssuers(harness.ctxFor(await harness.build.person()), { limit: 50 });
  const rootOf = (slug: string) => rows.find((row) => row.slug === slug)?.rootPem;
  expect([sameCertificate(rootOf('root'), root), sameCertificate(rootOf('internal'), root)]).toEqual([true, true]);
  expect(['expired-root', 'expired', 'without-root', 'odd'].map(rootOf)).toEqual([null, null, null, null]);
});
