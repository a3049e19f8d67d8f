import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { createKeyStore, generateWorkerKeys } from '@hostmaster/adapters/keys/key-store';
import { createTokenKeys } from '@hostmaster/adapters/keys/pkcs11/token-keys';
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
  nextKeyId: null,
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

describe('the clusters that private keys may be handed to', () => {
  const withServers = (more: Readonly<Record<string, string>>) =>
    readEnv({ ...base, HOSTMASTER_PUBLIC_URL: 'http://127.0.0.1:3000', ...more }).HOSTMASTER_KEY_DESTINATIONS;

  it('are those that the environment names, and none without it', () => {
    expect(withServers({ HOSTMASTER_KEY_DESTINATIONS: 'https://k8s-1.example.org:6443, https://k8s-2.example.org' })).toEqual([
      'https://k8s-1.example.org:6443',
      'https://k8s-2.example.org',
    ]);
    expect([withServers({}), withServers({ HOSTMASTER_KEY_DESTINATIONS: '' })]).toEqual([[], []]);
  });

  it('are no other than exact origins: the worker does not start and names the variable', () =>
    expect(() => withServers({ HOSTMASTER_KEY_DESTINATIONS: 'https://k8s-1.example.org https://*.example.org' })).toThrow(
      /^ {2}HOSTMASTER_KEY_DESTINATIONS\.1: Give an origin such as https:/m,
    ));
});

describe('the token that keys of CAs live in', () => {
  const module = '/usr/lib/softhsm/libsofthsm2.so';
  const withToken = (more: Readonly<Record<string, string>>) =>
    readEnv({ ...base, HOSTMASTER_PUBLIC_URL: 'http://127.0.0.1:3000', ...more });
  const given = { HOSTMASTER_PKCS11_MODULE: module, HOSTMASTER_PKCS11_TOKEN: 'Hostmaster CA', HOSTMASTER_PKCS11_PIN: '4711' };

  it('is what the environment says, with its PIN there or in a file, and none without it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pin-'));
    const file = join(folder, 'pin');
    await writeFile(file, '4711\n');
    const token = { module, label: 'Hostmaster CA', pin: '4711' };
    expect(withToken(given).token).toEqual(token);
    expect(withToken({ ...given, HOSTMASTER_PKCS11_PIN: '', HOSTMASTER_PKCS11_PIN_FILE: file }).token).toEqual(token);
    expect([withToken({}).token, withToken({ HOSTMASTER_PKCS11_MODULE: '', HOSTMASTER_PKCS11_PIN_FILE: '' }).token]).toEqual([null, null]);
    await rm(folder, { recursive: true });
  });

  it.each([
    [
      'HOSTMASTER_PKCS11_MODULE',
      { HOSTMASTER_PKCS11_MODULE: '' },
      /: the other settings of the token are given; set all of HOSTMASTER_PKCS11_\*, or none$/m,
    ],
    ['HOSTMASTER_PKCS11_TOKEN', { HOSTMASTER_PKCS11_TOKEN: '' }, /: the other settings of the token are given/],
    [
      'HOSTMASTER_PKCS11_PIN',
      { HOSTMASTER_PKCS11_PIN: '' },
      /: the other settings .+; HOSTMASTER_PKCS11_PIN_FILE may stand in its place$/m,
    ],
    ['HOSTMASTER_PKCS11_MODULE', { HOSTMASTER_PKCS11_MODULE: 'libsofthsm2.so' }, /: give the whole path of the library/],
    ['HOSTMASTER_PKCS11_TOKEN', { HOSTMASTER_PKCS11_TOKEN: 'x'.repeat(33) }, /: give the label of the token: 32 octets at most/],
    [
      'HOSTMASTER_PKCS11_PIN_FILE',
      { HOSTMASTER_PKCS11_PIN: '', HOSTMASTER_PKCS11_PIN_FILE: '/nowhere/pin' },
      /: must name a file that holds the PIN/,
    ],
  ])('is all of it or nothing: the worker does not start, names %s and tells no PIN', (name, wrong, says) => {
    const start = () => withToken({ ...given, ...wrong });
    expect(start).toThrow(new RegExp(`^  ${name}: `, 'm'));
    expect(start).toThrow(says);
    expect(start).not.toThrow('4711');
  });

  it('is opened by nobody before a key in it is used: without the token a worker has its key store', async () => {
    const { token } = withToken({ ...given, HOSTMASTER_PKCS11_MODULE: '/nowhere.so' });
    const store = await createKeyStore({
      kek,
      workerKey: await generateWorkerKeys(kek),
      ...(token === null ? {} : { token: createTokenKeys(token) }),
    });
    expect(store.wrapKey(Buffer.from('secret'), 'leaf-key:1').keyId).toBe(keyStore.wrapsUnder);
    await expect(store.openToken()).rejects.toMatchObject({ code: 'key-unreadable', message: expect.stringContaining('/nowhere.so') });
  });
});

describe('the command that reloads the edge', () => {
  const withCommand = (command: string, more: object = { HOSTMASTER_EDGE_DIRECTORY: '/edge' }) =>
    readEnv({ ...base, HOSTMASTER_PUBLIC_URL: 'http://127.0.0.1:3000', HOSTMASTER_EDGE_RELOAD: command, ...more });

  it('is a program and its arguments, and none where it is empty', () => {
    expect(withCommand(' /usr/bin/systemctl  reload nginx ').HOSTMASTER_EDGE_RELOAD).toEqual(['/usr/bin/systemctl', 'reload', 'nginx']);
    expect(withCommand('').HOSTMASTER_EDGE_RELOAD).toBeUndefined();
  });

  it.each([
    'nginx -s reload',
    './reload',
    '   ',
    '/bin/a && /bin/b',
    '/bin/a; /bin/b',
    '/bin/a "$(id)"',
    '/bin/a `id`',
    '/bin/a | /bin/b',
    '/bin/a > /tmp/x',
    '/bin/$X',
    "/bin/sh -c 'exit 0'",
    '/bin/a *',
    '/bin/a\0b',
  ])('is not %j: what only a shell would understand is refused by its variable', (command) => {
    expect(() => withCommand(command)).toThrow(/^ {2}HOSTMASTER_EDGE_RELOAD: give a program by its whole path/m);
  });

  it('is nothing without a directory', () => {
    expect(() => withCommand('/bin/true', {})).toThrow(/^ {2}HOSTMASTER_EDGE_RELOAD: there is nothing to reload/m);
  });
});
