import { randomBytes, randomUUID } from 'node:crypto';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { createKeyStore, generateWorkerKeys } from '@hostmaster/adapters/keys/key-store';
import { chainToPem } from '@hostmaster/core/pki/chain';
import type { CertificateAuthority } from '@hostmaster/core/pki/issuer';
import { openDb } from '@hostmaster/db/client';
import { describe, expect, it } from 'vitest';
import { createWorkerCtx } from './container.ts';
import { readEnv } from './env.ts';

const kek = randomBytes(32);
const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
const base = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none', HOSTMASTER_KEK: kek.toString('base64') };
const silent = { info: () => {}, warn: () => {}, error: () => {} };

const rowOf = (slug: string, kind: string, profile: string | null, { certificate, key }: CertificateAuthority) => ({
  id: randomUUID(),
  slug,
  kind,
  name: slug,
  chainPem: chainToPem([certificate]),
  permittedSuffixes: [],
  profile,
  settings: {},
  keyId: key.keyId,
  keyCiphertext: Buffer.from(key.ciphertext),
  secretKeyId: null,
  secretCiphertext: null,
  crl: null,
  crlNumber: 0,
  crlNextUpdate: null,
  createdAt: new Date(),
});

/** Root, CA and leaf, as a worker with this environment makes them: the addresses that the CA and the leaf point to. */
async function addressesIn(environment: Readonly<Record<string, string>>): Promise<string[][]> {
  const ctx = createWorkerCtx(readEnv({ ...base, ...environment }), openDb(base.DATABASE_URL), keyStore, silent);
  const root = await ctx.issuer(rowOf('root', 'internal-root', null, await ctx.authorities.root({ key: 'ecdsa-p384', added: false })));
  const made = await root.authority?.signIntermediate?.(['example.test']);
  if (!made) throw new TypeError('the root signs no CA');
  const issuer = await ctx.issuer(rowOf('internal-ca-1', 'internal-ca', 'server', made));
  const names = ['orders.example.test'];
  const order = { id: 'order', names, csr: await createCsr(await generateKey('ecdsa-p256'), names) };
  const progress = await issuer.issue(order, issuer.begin(order), AbortSignal.timeout(30_000));
  if (progress.outcome !== 'issued') throw new Error(progress.message);
  return [made.certificate, ...progress.chain.slice(0, 1)].map(
    (der) =>
      Buffer.from(der)
        .toString('latin1')
        .match(/https?:\/\/[\x21-\x7e]+?(?:\.cer|\.crl|\/ocsp\/internal-ca-1)/g) ?? [],
  );
}

describe('an issuer', () => {
  it('is opened once and found again for as long as its row stays as it is; what it publishes changes nothing', async () => {
    const ctx = createWorkerCtx(
      readEnv({ ...base, HOSTMASTER_PUBLIC_URL: 'http://127.0.0.1:3000' }),
      openDb(base.DATABASE_URL),
      keyStore,
      silent,
    );
    const row = rowOf('root', 'internal-root', null, await ctx.authorities.root({ key: 'ecdsa-p384', added: false }));
    const opened = await ctx.issuer(row);
    const published = { ...row, crlNumber: 1, crlNextUpdate: new Date() };
    expect(await ctx.issuer(published)).toBe(opened);
    const succeeded = {
      ...rowOf('root', 'internal-root', null, await ctx.authorities.root({ key: 'ecdsa-p384', added: false })),
      id: row.id,
    };
    expect(await ctx.issuer(succeeded)).not.toBe(opened);
    expect(await ctx.issuer({ ...row, id: randomUUID() }), 'of another row').not.toBe(opened);
  });
});

describe('what certificates point to', () => {
  const ofLeaf = (base: string) => [
    `${base}/pki/ocsp/internal-ca-1`,
    `${base}/pki/internal-ca-1.cer`,
    expect.stringMatching(new RegExp(`^${base}/pki/internal-ca-1\\.\\d{1,2}\\.crl$`)),
  ];

  it('is plain http where the portal is on https, and the leaf is issued', async () => {
    const environment = { HOSTMASTER_PUBLIC_URL: 'https://names.example.test', HOSTMASTER_PKI_URL: 'http://pki.example.test' };
    expect(await addressesIn(environment)).toEqual([
      ['http://pki.example.test/pki/root.cer', 'http://pki.example.test/pki/root.crl'],
      ofLeaf('http://pki.example.test'),
    ]);
  });

  it.each([
    ['the portal, where that is on http', { HOSTMASTER_PUBLIC_URL: 'http://127.0.0.1:3000' }],
    ['the portal, whose address ends in a slash', { HOSTMASTER_PUBLIC_URL: 'http://127.0.0.1:3000/', HOSTMASTER_PKI_URL: '' }],
    [
      'an address of its own that ends in a slash',
      { HOSTMASTER_PUBLIC_URL: 'https://h.test', HOSTMASTER_PKI_URL: 'http://127.0.0.1:3000/' },
    ],
  ])('is %s', async (_, environment) => {
    const [ca, leaf] = await addressesIn(environment);
    expect(ca).toEqual(['http://127.0.0.1:3000/pki/root.cer', 'http://127.0.0.1:3000/pki/root.crl']);
    expect(leaf).toEqual(ofLeaf('http://127.0.0.1:3000'));
  });

  it.each([
    ['nothing beside a portal on https', undefined],
    ['https', 'https://pki.example.test'],
    ['an address with a query', 'http://pki.example.test/?a=1'],
  ])('cannot be %s: the worker does not start and names the variable', (_, url) => {
    const environment = {
      ...base,
      HOSTMASTER_PUBLIC_URL: 'https://names.example.test',
      ...(url === undefined ? {} : { HOSTMASTER_PKI_URL: url }),
    };
    expect(() => readEnv(environment)).toThrow(/^ {2}HOSTMASTER_PKI_URL: .+http:\/\//m);
  });
});
