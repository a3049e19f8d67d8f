// Keys of CAs in a token, with SoftHSM: what they sign is held against OpenSSL and Node, and the token is taken away while they sign.
import { execFile } from 'node:child_process';
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '@hostmaster/core/clock';
import { causeChain, HostmasterError } from '@hostmaster/core/errors';
import { authorityUrls } from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { toPem } from '@hostmaster/core/pki/chain';
import type { CertificateAuthority } from '@hostmaster/core/pki/issuer';
import { issuerConformance } from '@hostmaster/core/pki/issuer-conformance';
import { checkPublicKey } from '@hostmaster/core/pki/key-policy';
import { authorityKeyContext, type SealedSecret, tokenOf } from '@hostmaster/core/pki/key-store';
import { authorityKeys, serverProfile } from '@hostmaster/core/pki/profile';
import { requestKey } from '@hostmaster/core/pki/request-key';
import { signatureHash } from '@hostmaster/core/pki/signer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuthorityMaker, createInternalCa } from '../../issuers/authority.ts';
import { internalCa, internalRoot } from '../../issuers/internal-ca.ts';
import { type SoftHsm, startSoftHsm } from '../../testing/softhsm.ts';
import { createCsr, generateKey } from '../generate-key.ts';
import { createKeyStore, generateWorkerKeys } from '../key-store.ts';
import { attribute, objectClass } from './constants.ts';
import { type Cryptoki, openCryptoki } from './cryptoki.ts';
import { createToken, type TokenSettings } from './token.ts';
import { createTokenKeys, type TokenKeys } from './token-keys.ts';

const run = promisify(execFile);
const text = Buffer.from('what is signed');
const kek = randomBytes(32);
const workerKey = await generateWorkerKeys(kek);
const hsm: SoftHsm = await startSoftHsm();
const keys = createTokenKeys(hsm, createToken(hsm, { sessions: 4 }));
const keyStore = await createKeyStore({ kek, workerKey, token: keys });
const wrapping = await createKeyStore({ kek, workerKey });
const all: TokenKeys[] = [keys];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-keys-'));
});
afterAll(async () => {
  for (const each of all) await each.close();
  await Promise.all([hsm.delete(), rm(folder, { recursive: true, force: true })]);
});

const openssl = async (...args: readonly string[]): Promise<string> =>
  (await run('openssl', args, { cwd: folder, timeout: 20_000 })).stdout.trim();

/** Another worker's, say. */
function another(settings: Partial<TokenSettings>, load?: (path: string) => Promise<Cryptoki>): TokenKeys {
  const own = { module: hsm.module, label: hsm.label, pin: hsm.pin, ...settings };
  const made = createTokenKeys(own, createToken(own, load === undefined ? {} : { load }));
  all.push(made);
  return made;
}

async function failure(work: () => unknown): Promise<HostmasterError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof HostmasterError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
/** Says what is wrong with the token, is tried again by itself, and holds no PIN. */
async function unusable(work: () => unknown): Promise<string> {
  const error = await failure(work);
  expect([error.code, error.kind.retryable]).toEqual(['key-unreadable', true]);
  for (const said of causeChain(error)) expect(said).not.toMatch(/4711|wrong-pin/);
  return error.message;
}

describe.each(authorityKeys)('a key in the token: %s', (algorithm) => {
  it('signs what Node and OpenSSL verify, is found again by what its row keeps, and never leaves', async () => {
    const { signer, key } = await keyStore.makeAuthorityKey(algorithm);
    expect(tokenOf(key.keyId)).toBe(hsm.label);
    const signature = await signer.sign(text);
    const publicKey = createPublicKey({ key: Buffer.from(signer.spki), format: 'der', type: 'spki' });
    const hash = signatureHash(signer.algorithm);
    expect(verify(hash, text, publicKey, signature)).toBe(true);
    await writeFile(join(folder, 'key.pem'), publicKey.export({ format: 'pem', type: 'spki' }));
    await writeFile(join(folder, 'signature'), signature);
    await writeFile(join(folder, 'text'), text);
    expect(await openssl('dgst', `-${hash}`, '-verify', 'key.pem', '-signature', 'signature', 'text')).toBe('Verified OK');

    const again = another({}).signer(key, authorityKeyContext(signer.spki));
    expect(verify(hash, text, publicKey, await again.sign(text))).toBe(true);

    const cryptoki = openCryptoki(hsm.module);
    const { id }: { id: string } = JSON.parse(Buffer.from(key.ciphertext).toString('utf8'));
    const [slot] = await cryptoki.tokens();
    const session = await cryptoki.openSession(slot?.slot ?? 0n);
    const [held = 0n] = await cryptoki.find(session, [
      [attribute.class, objectClass.privateKey],
      [attribute.id, Buffer.from(id, 'hex')],
    ]);
    const [secret] = algorithm.startsWith('rsa') ? [attribute.privateExponent] : [attribute.value];
    await expect(cryptoki.attributes(session, held, [secret])).rejects.toMatchObject({ said: 'CKR_ATTRIBUTE_SENSITIVE' });
    const uses = [attribute.sign, attribute.decrypt, attribute.unwrap, attribute.derive, attribute.extractable, attribute.sensitive];
    const held01 = (await cryptoki.attributes(session, held, uses)).map((value) => value[0]);
    expect(held01).toEqual([1, 0, 0, 0, 0, 1]);
    await cryptoki.closeSession(session);
  });
});

const urls = authorityUrls('http://pki.example.test', 'issuing');
const options = { clock: systemClock, keyStore, organisation: 'Example', urlsOf: () => urls };
const connectionOf = ({ certificate, key }: CertificateAuthority) => ({
  slug: 'example',
  settings: {},
  profile: serverProfile,
  chain: [certificate],
  key,
  secret: new Uint8Array(),
});
const ca = await createInternalCa({ ...options, permittedSuffixes: ['example.test'], urls });
const ground = { root: ca.root.certificate, permittedSuffix: 'example.test', foreignSuffix: 'example.com', now: () => systemClock.now() };
const api = { describe, it, expect };
issuerConformance(api, internalCa, async () => ({ ...ground, issuer: internalCa.open(connectionOf(ca.intermediate), options) }));
issuerConformance(api, internalRoot, async () => ({
  ...ground,
  issuer: internalRoot.open({ ...connectionOf(ca.root), settings: { intermediateKey: 'rsa-3072' } }, options),
}));

describe('a CA in the token', () => {
  it('signs a leaf below its root, which OpenSSL verifies strictly with the list that it signed', async () => {
    expect([tokenOf(ca.root.key.keyId), tokenOf(ca.intermediate.key.keyId)]).toEqual([hsm.label, hsm.label]);
    const issuer = internalCa.open(connectionOf(ca.intermediate), options);
    const leafKey = await generateKey('ecdsa-p256');
    const order = { id: 'order', names: ['orders.example.test'], csr: await createCsr(leafKey, ['orders.example.test']) };
    const progress = await issuer.issue(order, issuer.begin(order), AbortSignal.timeout(30_000));
    if (progress.outcome === 'pending') throw new Error(progress.message);
    const now = Date.now();
    const crl = await issuer.authority?.signCrl({
      ...{ number: 1, thisUpdate: new Date(now - 60_000), nextUpdate: new Date(now + 86_400_000), revoked: [], addresses: null },
    });
    await writeFile(join(folder, 'root.pem'), toPem(ca.root.certificate));
    await writeFile(join(folder, 'intermediate.pem'), toPem(ca.intermediate.certificate));
    await writeFile(join(folder, 'leaf.pem'), toPem(progress.chain[0] ?? new Uint8Array()));
    await writeFile(join(folder, 'crl.pem'), toPem(crl ?? new Uint8Array(), 'X509 CRL'));
    const files = ['-CAfile', 'root.pem', '-untrusted', 'intermediate.pem', '-CRLfile', 'crl.pem', 'leaf.pem'];
    expect(await openssl('verify', '-x509_strict', '-crl_check', ...files)).toBe('leaf.pem: OK');
  });

  it('has its OCSP signer wrapped, as leaf keys are', async () => {
    const signer = await internalCa.open(connectionOf(ca.intermediate), options).authority?.ocsp?.createSigner();
    expect(signer && tokenOf(signer.key.keyId)).toBeNull();
  });

  it('has a request made for a root elsewhere, and one that is brought with its key stays wrapped', async () => {
    const maker = createAuthorityMaker(options);
    const request = await maker.request({ key: 'ecdsa-p384', permittedSuffixes: ['example.test'], root: 'root' });
    expect(tokenOf(request.key.keyId)).toBe(hsm.label);
    expect(checkPublicKey(requestKey(request.csr)).algorithm).toBe('ecdsa-p384');
    const elsewhere = await createInternalCa({ ...options, keyStore: wrapping, permittedSuffixes: ['example.test'], urls });
    const context = authorityKeyContext(readCertificate(elsewhere.root.certificate).spki);
    const keyPem = toPem(wrapping.unwrapKey(elsewhere.root.key, context), 'PRIVATE KEY');
    expect(tokenOf(maker.adopt(elsewhere.root.certificate, { keyPem, passphrase: null }).key.keyId)).toBeNull();
  });
});

describe('many at once', () => {
  it('share four sessions, and each has its own signature', async () => {
    const { signer } = await keys.make('ecdsa-p256');
    const publicKey = createPublicKey({ key: Buffer.from(signer.spki), format: 'der', type: 'spki' });
    const texts = Array.from({ length: 50 }, (_, index) => Buffer.from(`text ${index}`));
    const signatures = await Promise.all(texts.map((each) => signer.sign(each)));
    texts.forEach((each, index) => {
      expect(verify('sha256', each, publicKey, signatures[index] ?? new Uint8Array())).toBe(true);
    });
  });
});

describe('a token that goes away', async () => {
  const { signer, key } = await keys.make('ecdsa-p256');
  const publicKey = createPublicKey({ key: Buffer.from(signer.spki), format: 'der', type: 'spki' });
  const signs = async (): Promise<boolean> => verify('sha256', text, publicKey, await signer.sign(text));

  it('while many sign is said by name to each who comes too late, and is found again by itself', async () => {
    const first = Array.from({ length: 25 }, signs);
    await hsm.remove();
    const outcomes = await Promise.allSettled([...first, ...Array.from({ length: 25 }, signs)]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(await unusable(() => Promise.reject(outcome.reason))).toMatch(
          /^The token Hostmaster CA cannot be used: .+ tried again by itself\.$/,
        );
    expect(await unusable(signs)).toBe(
      `The token ${hsm.label} cannot be used: ${hsm.module} shows no token and not this one. Put it back, or check HOSTMASTER_PKCS11_TOKEN of the worker; it is tried again by itself.`,
    );
    await hsm.putBack();
    expect(await Promise.all(Array.from({ length: 50 }, signs))).not.toContain(false);
  });

  it.each([
    [
      'its sessions are closed',
      async (cryptoki: Cryptoki) => {
        for (let handle = 1n; handle < 100n; handle += 1n) await cryptoki.closeSession(handle).catch(() => undefined);
      },
    ],
    ['the library is shut', (cryptoki: Cryptoki) => cryptoki.finalize()],
  ])('behind the back of the worker, as %s, costs nobody a signature', async (_, end) => {
    expect(await signs()).toBe(true);
    await end(openCryptoki(hsm.module));
    expect(await Promise.all(Array.from({ length: 10 }, signs))).not.toContain(false);
  });

  it('without the key is told from one that is not there', async () => {
    const foreign: SealedSecret = {
      ...key,
      ciphertext: Buffer.from(
        Buffer.from(key.ciphertext)
          .toString('utf8')
          .replace(/"id":"[0-9a-f]+"/, `"id":"${'00'.repeat(16)}"`),
      ),
    };
    const gone = keys.signer(foreign, authorityKeyContext(signer.spki));
    expect(await unusable(() => gone.sign(text))).toMatch(/cannot be used: it holds no key with the id 0{32}\. Restore it there/);
  });

  it('and does not answer is left after a while, keeps no thread but those that wait for it, and is used again once it answers', async () => {
    const token = createToken(hsm, { sessions: 2 });
    all.push(createTokenKeys(hsm, token));
    const look = () => token.use(({ cryptoki, handle }) => cryptoki.find(handle, [[attribute.token, true]]), 1000);
    await look();
    const goOn = await hsm.stall();
    try {
      for (const said of await Promise.all(Array.from({ length: 5 }, () => unusable(look))))
        expect(said).toMatch(/it has not answered within 1 seconds\. Look at the token and the way to it/);
      const patient = () => token.use(async () => undefined, 600_000);
      expect(await unusable(patient), 'nobody waits for a call that others gave up on').toMatch(/it still does not answer\./);
      expect(await generateKey('ecdsa-p256'), 'what is no business of the token goes on').toBeDefined();
    } finally {
      await goOn();
    }
    await expect.poll(() => look().then(() => 'answers', String)).toBe('answers');
  });
});

describe('a token that cannot be opened', () => {
  // As in a process of its own: whoever else is logged in here lends the login, and the library looks for tokens when it begins.
  beforeEach(() =>
    openCryptoki(hsm.module)
      .finalize()
      .catch(() => undefined),
  );

  it('for a wrong PIN is tried once, however many ask, and says so until the worker is restarted', async () => {
    let logins = 0;
    const counting = async (path: string): Promise<Cryptoki> => {
      const real = openCryptoki(path);
      return {
        ...real,
        login: (...given) => {
          logins += 1;
          return real.login(...given);
        },
      };
    };
    const wrong = another({ pin: 'wrong-pin' }, counting);
    const ask = () => unusable(() => wrong.make('ecdsa-p256'));
    for (const said of [...(await Promise.all([ask(), ask(), ask()])), await ask()])
      expect(said).toMatch(
        /it refuses its PIN \(CKR_PIN_INCORRECT\)\. .+ not tried again before the worker is restarted: correct HOSTMASTER_PKCS11_PIN/,
      );
    expect(logins).toBe(1);
  });

  it.each([
    [
      'no library',
      { module: '/nowhere/libpkcs11.so' },
      /\/nowhere\/libpkcs11\.so cannot be loaded as a library of PKCS #11\. Check HOSTMASTER_PKCS11_MODULE/,
    ],
    ['a library of something else', { module: 'libc.so.6' }, /libc\.so\.6 cannot be loaded as a library of PKCS #11/],
    ['a file that is no library', { module: hsm.configuration }, /softhsm2\.conf cannot be loaded as a library of PKCS #11/],
    ['a label that no token has', { label: 'Another' }, /The token Another cannot be used: .+ shows Hostmaster CA and not this one/],
  ])('says what is wrong: %s', async (_, settings, says) => {
    expect(await unusable(() => another(settings).open())).toMatch(says);
  });

  it('because two have its label is not guessed at', async () => {
    await hsm.addToken('Twice');
    await hsm.addToken('Twice');
    expect(await unusable(() => another({ label: 'Twice' }).open())).toMatch(/shows 2 tokens of this label\. Leave one/);
  });
});

describe('what a row keeps of a key', async () => {
  const { signer, key } = await keys.make('ecdsa-p256');
  const context = authorityKeyContext(signer.spki);

  it('is told by a worker without a token, with what to set, and its other keys go on', async () => {
    expect(await unusable(() => wrapping.signer(key, context))).toBe(
      'The key is in the token Hostmaster CA, and this worker has none. Set HOSTMASTER_PKCS11_MODULE, HOSTMASTER_PKCS11_TOKEN and HOSTMASTER_PKCS11_PIN (or HOSTMASTER_PKCS11_PIN_FILE) of it and restart it.',
    );
    const wrapped = await wrapping.makeAuthorityKey('ecdsa-p256');
    const context2 = authorityKeyContext(wrapped.signer.spki);
    for (const store of [wrapping, keyStore]) expect(await store.signer(wrapped.key, context2).sign(text)).toBeDefined();
  });

  it('is told by a worker with another token', async () => {
    expect(await unusable(() => another({ label: 'Another' }).signer(key, context))).toMatch(
      /^The key is in the token Hostmaster CA, and this worker has the token Another\. Set HOSTMASTER_PKCS11_TOKEN/,
    );
  });

  it.each([
    ['in the row of another CA', key, 'ca-key:00'],
    ['damaged', { ...key, ciphertext: key.ciphertext.subarray(1) }, context],
    ['without a public key', { ...key, ciphertext: Buffer.from('{"id":"00","spki":""}') }, context],
  ])('counts for nothing %s', async (_, secret, where) => {
    expect(await unusable(() => keyStore.signer(secret, where))).toMatch(/is not what was stored of it/);
  });

  it('names a key, and a signature by another one is not believed', async () => {
    const other = await keys.make('ecdsa-p256');
    const idOf = ({ ciphertext }: SealedSecret): string => JSON.parse(Buffer.from(ciphertext).toString('utf8')).id;
    const swapped = Buffer.from(Buffer.from(key.ciphertext).toString('utf8').replace(idOf(key), idOf(other.key)));
    expect(await unusable(() => keyStore.signer({ ...key, ciphertext: swapped }, context).sign(text))).toMatch(
      /has signed with another key/,
    );
  });

  it('is neither unwrapped nor wrapped anew', async () => {
    for (const attempt of [() => keyStore.unwrapKey(key, context), () => keyStore.rewrap(key, context)])
      expect((await failure(attempt)).code).toBe('key-unreadable');
  });
});
