// The internal CA against those who must accept it: OpenSSL (strict, with CRL), GnuTLS, and a real handshake in Node.
import { execFile } from 'node:child_process';
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { promisify } from 'node:util';
import { fixedClock, systemClock } from '@hostmaster/core/clock';
import { authorityUrls, identityFor, leafTbs, signStructure } from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { chainToPem, toPem } from '@hostmaster/core/pki/chain';
import type { CertificateIssuer, CertificateOrder } from '@hostmaster/core/pki/issuer';
import { issuerConformance } from '@hostmaster/core/pki/issuer-conformance';
import { orderValidity, serverProfile } from '@hostmaster/core/pki/profile';
import { newSerial } from '@hostmaster/core/pki/serial';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCsr, generateKey } from '../keys/generate-key.ts';
import { createKeyStore, generateWorkerKeys } from '../keys/key-store.ts';
import { createSlowIssuer } from '../testing/slow-issuer.ts';
import { authoritySigner, createIntermediate, createInternalCa } from './authority.ts';
import { internalCa, internalRoot } from './internal-ca.ts';

const run = promisify(execFile);
const kek = randomBytes(32);
const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
const urls = authorityUrls('http://pki.example.test', 'issuing');
const clock = systemClock;
const ca = await createInternalCa({ clock, keyStore, organisation: 'Example', permittedSuffixes: ['example.test', 'example.org'], urls });
const { root, intermediate } = ca;
const options = { clock, keyStore, organisation: 'Example', urlsOf: () => urls };
const connectionOf = ({ certificate, key }: typeof root) => ({
  slug: 'example',
  settings: {},
  profile: serverProfile,
  chain: [certificate],
  key,
  secret: new Uint8Array(),
});
const issuer = internalCa.open(connectionOf(intermediate), options);
const validity = orderValidity(serverProfile, readCertificate(intermediate.certificate), clock.now());
const signal = () => AbortSignal.timeout(30_000);
const key = await generateKey('ecdsa-p256');

const ground = { root: root.certificate, permittedSuffix: 'example.test', foreignSuffix: 'example.com', now: () => clock.now() };
const api = { describe, it, expect };
issuerConformance(api, internalCa, async () => ({ ...ground, issuer }));
issuerConformance(api, internalRoot, async () => ({
  ...ground,
  issuer: internalRoot.open({ ...connectionOf(root), settings: { intermediateKey: 'ecdsa-p256' } }, options),
}));
const slow = createSlowIssuer(issuer);
issuerConformance(api, { ...internalCa, kind: 'acme', capabilities: slow.capabilities }, async () => ({ ...ground, issuer: slow }));

const orderOf = async (names: readonly string[]) => ({ id: 'order', names, csr: await createCsr(key, names) });
async function issueFrom(from: CertificateIssuer, order: CertificateOrder, resume = from.begin(order)) {
  const progress = await from.issue(order, resume, signal());
  if (progress.outcome === 'pending') throw new Error(progress.message);
  return progress;
}
const issueLeaf = async (names: readonly string[]) => issueFrom(issuer, await orderOf(names));

describe('an order whose resume data was changed', () => {
  const day = 86_400_000;
  it.each([
    ['a lifetime past its profile', { notAfter: new Date(validity.notAfter.getTime() + 366 * day).toISOString() }],
    ['a serial that is none', { serial: '00' }],
    ['a serial of 21 octets', { serial: '7F'.repeat(21) }],
  ])('is refused: %s', async (_, changed) => {
    const order = await orderOf(['orders.example.test']);
    await expect(issueFrom(issuer, order, { ...issuer.begin(order), ...changed })).rejects.toMatchObject({ code: 'issuer-refused' });
  });
});

it('an order that was left until its certificate would be due at once begins anew', async () => {
  const order = await orderOf(['orders.example.test']);
  const begun = issuer.begin(order);
  const left = {
    ...begun,
    notBefore: new Date(Date.now() - 80 * 86_400_000).toISOString(),
    notAfter: new Date(Date.now() + 9 * 86_400_000).toISOString(),
  };
  const progress = await issuer.issue(order, left, signal());
  expect(progress).toMatchObject({ outcome: 'pending', retryAfterSeconds: 0 });
  if (progress.outcome === 'pending') expect((await issueFrom(issuer, order, progress.resume)).chain).toHaveLength(2);
});

it('an order at a CA that is about to end is refused for good, and does not begin anew for ever', async () => {
  const { notAfter } = readCertificate(intermediate.certificate);
  const ending = internalCa.open(connectionOf(intermediate), { ...options, clock: fixedClock(new Date(notAfter.getTime() - 4 * 60_000)) });
  await expect(issueFrom(ending, await orderOf(['orders.example.test']))).rejects.toMatchObject({ code: 'issuer-refused' });
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'internal-ca-'));
  await writeFile(join(folder, 'root.pem'), toPem(root.certificate));
  await writeFile(join(folder, 'intermediate.pem'), toPem(intermediate.certificate));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Output and exit code of a command, whether it succeeds or not. */
async function outcome(command: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(command, args, { cwd: folder, timeout: 20_000 });
    return `${stdout}${stderr}`;
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && 'stderr' in error) return `failed: ${error.stdout}${error.stderr}`;
    throw error;
  }
}

const now = clock.now().getTime();
const crl = async (serials: readonly string[]) => {
  const list = await issuer.authority?.signCrl({
    number: 1,
    thisUpdate: new Date(now - 60_000),
    nextUpdate: new Date(now + 86_400_000),
    revoked: serials.map((serial) => ({ serial, revokedAt: new Date(now - 60_000), reason: 'keyCompromise' as const })),
    addresses: null,
  });
  return list ?? new Uint8Array();
};
const opensslVerify = [
  'verify',
  '-x509_strict',
  '-crl_check',
  '-CAfile',
  'root.pem',
  '-untrusted',
  'intermediate.pem',
  '-CRLfile',
  'crl.pem',
];

describe('a chain of the internal CA', () => {
  it.each([
    ['one name', ['orders.example.test']],
    ['a wildcard', ['*.orders.example.org']],
    ['an empty subject', [`${'a'.repeat(63)}.example.test`]],
    ['a hundred names', Array.from({ length: 100 }, (_, n) => `a${n}.example.test`)],
  ])('with %s is accepted by OpenSSL strictly and by GnuTLS', async (_, names) => {
    const { chain } = await issueLeaf(names);
    await writeFile(join(folder, 'leaf.pem'), chainToPem(chain.slice(0, 1)));
    await writeFile(join(folder, 'chain.pem'), chainToPem([...chain, root.certificate]));
    await writeFile(join(folder, 'crl.pem'), toPem(await crl([newSerial()]), 'X509 CRL'));
    const host = (names[0] ?? '').replace('*', 'any');
    expect(await outcome('openssl', ...opensslVerify, '-verify_hostname', host, 'leaf.pem')).toBe('leaf.pem: OK\n');
    const gnutls = await outcome(
      'certtool',
      '--verify',
      '--load-ca-certificate',
      'root.pem',
      '--infile',
      'chain.pem',
      '--verify-hostname',
      host,
    );
    expect(gnutls).toContain('The certificate is trusted.');
    expect(gnutls).not.toContain('failed');
  });

  it.each([1, 240, 825 * 24])('of %d hours is accepted by OpenSSL from five minutes ago until its end, and then no more', async (hours) => {
    const { chain } = await issueFrom(issuer, { ...(await orderOf(['orders.example.test'])), hours });
    await writeFile(join(folder, 'leaf.pem'), chainToPem(chain.slice(0, 1)));
    const { notBefore, notAfter } = readCertificate(chain[0] ?? new Uint8Array());
    const verified = (at: number) => {
      const when = String(Math.floor(at / 1000));
      return outcome(
        'openssl',
        'verify',
        '-x509_strict',
        '-attime',
        when,
        '-CAfile',
        'root.pem',
        '-untrusted',
        'intermediate.pem',
        'leaf.pem',
      );
    };
    expect(await verified(Math.max(notBefore.getTime(), readCertificate(intermediate.certificate).notBefore.getTime()))).toBe(
      'leaf.pem: OK\n',
    );
    // RFC 5280 has the end within it, OpenSSL has it outside.
    expect(await verified(notAfter.getTime() - 1000)).toBe('leaf.pem: OK\n');
    expect(await verified(notAfter.getTime() + 1000)).toContain('certificate has expired');
    expect(Math.round((notAfter.getTime() - now) / 3_600_000)).toBe(hours);
  });

  it('for a workload is accepted as a client and at its address by OpenSSL strictly and by GnuTLS, and at no other', async () => {
    const content = {
      usages: ['server' as const, 'client' as const],
      addresses: ['10.1.2.3', 'fd00::1'],
      spiffeId: 'spiffe://orders.example.test/api',
      mustStaple: true,
    };
    const names = ['orders.example.test'];
    const { chain } = await issueFrom(issuer, { id: 'order', names, content, csr: await createCsr(key, names, content) });
    await writeFile(join(folder, 'leaf.pem'), chainToPem(chain.slice(0, 1)));
    await writeFile(join(folder, 'chain.pem'), chainToPem([...chain, root.certificate]));
    await writeFile(join(folder, 'crl.pem'), toPem(await crl([newSerial()]), 'X509 CRL'));
    for (const more of [
      ['-purpose', 'sslclient'],
      ['-purpose', 'sslserver'],
      ['-verify_ip', '10.1.2.3'],
      ['-verify_ip', 'fd00::1'],
    ])
      expect(await outcome('openssl', ...opensslVerify, ...more, 'leaf.pem')).toBe('leaf.pem: OK\n');
    expect(await outcome('openssl', ...opensslVerify, '-verify_ip', '10.1.2.4', 'leaf.pem')).toContain('IP address mismatch');
    const text = await outcome('openssl', 'x509', '-in', 'leaf.pem', '-noout', '-ext', 'subjectAltName,tlsfeature');
    expect(text).toContain('URI:spiffe://orders.example.test/api');
    expect(text).toContain('status_request');
    const trusted = ['--verify', '--load-ca-certificate', 'root.pem', '--infile', 'chain.pem'];
    for (const purpose of ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'])
      expect(await outcome('certtool', ...trusted, '--verify-hostname', 'orders.example.test', '--verify-purpose', purpose)).toContain(
        'The certificate is trusted.',
      );
  });

  it('for a SPIFFE ID of another trust domain is refused by OpenSSL, should the lint ever be bypassed', async () => {
    const signer = authoritySigner(intermediate, keyStore);
    const content = { usages: ['client' as const], addresses: [], spiffeId: 'spiffe://example.com/api', mustStaple: false };
    const draft = { serial: newSerial(), names: ['orders.example.test'], content, ...validity, spki: key.spki };
    await writeFile(
      join(folder, 'leaf.pem'),
      toPem(await signStructure(leafTbs(draft, identityFor(intermediate.certificate, signer), urls), signer)),
    );
    await writeFile(join(folder, 'crl.pem'), toPem(await crl([]), 'X509 CRL'));
    expect(await outcome('openssl', ...opensslVerify, 'leaf.pem')).toContain('permitted subtree violation');
  });

  it('for an address of the internet is refused by OpenSSL and GnuTLS, should the lint ever be bypassed', async () => {
    const signer = authoritySigner(intermediate, keyStore);
    const content = { usages: ['server' as const], addresses: ['8.8.8.8'], spiffeId: null, mustStaple: false };
    const draft = { serial: newSerial(), names: ['orders.example.test'], content, ...validity, spki: key.spki };
    const rogue = await signStructure(leafTbs(draft, identityFor(intermediate.certificate, signer), urls), signer);
    await writeFile(join(folder, 'leaf.pem'), toPem(rogue));
    await writeFile(join(folder, 'chain.pem'), chainToPem([rogue, intermediate.certificate, root.certificate]));
    await writeFile(join(folder, 'crl.pem'), toPem(await crl([newSerial()]), 'X509 CRL'));
    expect(await outcome('openssl', ...opensslVerify, 'leaf.pem')).toContain('permitted subtree violation');
    expect(await outcome('certtool', '--verify', '--load-ca-certificate', 'root.pem', '--infile', 'chain.pem')).toContain('Not verified');
  });

  it('is refused by OpenSSL once its CRL names the leaf, with the reason', async () => {
    const { chain } = await issueLeaf(['revoked.example.test']);
    const [leaf] = chain;
    if (leaf === undefined) throw new Error('an empty chain');
    await writeFile(join(folder, 'leaf.pem'), toPem(leaf));
    await writeFile(join(folder, 'crl.pem'), toPem(await crl([new X509Certificate(leaf).serialNumber]), 'X509 CRL'));
    expect(await outcome('openssl', ...opensslVerify, 'leaf.pem')).toContain('certificate revoked');
    const text = await outcome('openssl', 'crl', '-in', 'crl.pem', '-noout', '-text', '-CAfile', 'intermediate.pem');
    expect(text).toContain('verify OK');
    expect(text).toContain('Key Compromise');
    expect(await outcome('certtool', '--crl-info', '--infile', 'crl.pem')).toContain('CRL Number');
  });

  it('is refused by OpenSSL, GnuTLS and Node where a leaf leaves the name constraints, should the lint ever be bypassed', async () => {
    const signer = authoritySigner(intermediate, keyStore);
    const draft = { serial: newSerial(), names: ['orders.example.com'], ...validity, spki: key.spki };
    const rogue = await signStructure(leafTbs(draft, identityFor(intermediate.certificate, signer), urls), signer);
    await writeFile(join(folder, 'leaf.pem'), toPem(rogue));
    await writeFile(join(folder, 'chain.pem'), chainToPem([rogue, intermediate.certificate, root.certificate]));
    await writeFile(join(folder, 'crl.pem'), toPem(await crl([]), 'X509 CRL'));
    expect(await outcome('openssl', ...opensslVerify, 'leaf.pem')).toContain('permitted subtree violation');
    expect(await outcome('certtool', '--verify', '--load-ca-certificate', 'root.pem', '--infile', 'chain.pem')).toContain('Not verified');
    await expect(handshake([rogue, intermediate.certificate], 'orders.example.com')).rejects.toThrow('permitted subtree violation');
  });
});

/** A real handshake on loopback with the root as the only trust; answers the protocol. */
async function handshake(chain: readonly Uint8Array[], servername: string): Promise<string | null> {
  const privateKey = createPrivateKey({ key: Buffer.from(key.pkcs8), format: 'der', type: 'pkcs8' }).export({
    format: 'pem',
    type: 'pkcs8',
  });
  const server = createServer({ cert: chainToPem(chain), key: privateKey }, (socket) => socket.on('error', () => undefined).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, servername, ca: toPem(root.certificate) }, () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
      socket.once('error', reject);
    });
  } finally {
    server.close();
  }
}

describe('two CAs under one root', () => {
  it('have each a subject of their own, and OpenSSL takes the right CRL of both', async () => {
    const other = await createIntermediate(root, { ...options, permittedSuffixes: ['example.test'], urls });
    const subjects = [intermediate, other].map(({ certificate }) => new X509Certificate(certificate).subject);
    expect(subjects).toEqual([
      expect.stringMatching(/^O=Example\nCN=Example Issuing [0-9A-F]{8}$/),
      expect.stringMatching(/Issuing [0-9A-F]{8}$/),
    ]);
    expect(subjects[0]).not.toBe(subjects[1]);
    const otherIssuer = internalCa.open(connectionOf(other), options);
    const dates = { thisUpdate: new Date(now - 60_000), nextUpdate: new Date(now + 86_400_000) };
    const otherCrl = (await otherIssuer.authority?.signCrl({ number: 9, ...dates, revoked: [], addresses: null })) ?? new Uint8Array();
    const [leaf] = (await issueFrom(otherIssuer, await orderOf(['orders.example.test']))).chain;
    if (leaf === undefined) throw new Error('an empty chain');
    await writeFile(join(folder, 'leaf.pem'), toPem(leaf));
    await writeFile(join(folder, 'both.pem'), chainToPem([intermediate.certificate, other.certificate]));
    await writeFile(join(folder, 'crl.pem'), toPem(await crl([]), 'X509 CRL') + toPem(otherCrl, 'X509 CRL'));
    const arguments_ = opensslVerify.map((each) => (each === 'intermediate.pem' ? 'both.pem' : each));
    expect(await outcome('openssl', ...arguments_, 'leaf.pem')).toBe('leaf.pem: OK\n');
  });
});

describe('Node', () => {
  it('shakes hands with only the root as trust, for the names of the certificate and no other', async () => {
    const { chain } = await issueLeaf(['orders.example.test', '*.api.example.test']);
    expect(await handshake(chain, 'orders.example.test')).toBe('TLSv1.3');
    expect(await handshake(chain, 'v1.api.example.test')).toBe('TLSv1.3');
    await expect(handshake(chain, 'other.example.test')).rejects.toThrow('does not match');
  });

  it('agrees who issued whom', async () => {
    const { chain } = await issueLeaf(['orders.example.test']);
    const [leaf, issuing, top] = [...chain, root.certificate].map((der) => new X509Certificate(der));
    if (leaf === undefined || issuing === undefined || top === undefined) throw new Error('a short chain');
    expect([leaf.checkIssued(issuing), issuing.checkIssued(top), top.checkIssued(top), leaf.checkIssued(top)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([leaf.ca, issuing.ca, leaf.checkHost('orders.example.test')]).toEqual([false, true, 'orders.example.test']);
  });
});

it('five hundred orders have five hundred serials, all on the certificates', async () => {
  const order = await orderOf(['orders.example.test']);
  const issued = await Promise.all(Array.from({ length: 500 }, () => issueFrom(issuer, order)));
  expect(new Set(issued.map(({ chain }) => new X509Certificate(chain[0] ?? '').serialNumber)).size).toBe(500);
});

it('a CA key that cannot be read is key-unreadable, and is tried again once it can', async () => {
  let readable = false;
  const sealed = internalCa.open(connectionOf(intermediate), {
    ...options,
    keyStore: {
      ...keyStore,
      signer: (secret, context) => keyStore.signer(readable ? secret : { ...secret, keyId: 'another' }, context),
    },
  });
  const order = await orderOf(['orders.example.test']);
  await expect(issueFrom(sealed, order)).rejects.toMatchObject({ code: 'key-unreadable' });
  readable = true;
  expect((await issueFrom(sealed, order)).chain).toHaveLength(2);
});

it("one CA's key does not open in another CA's row", () => {
  expect(() => authoritySigner({ certificate: intermediate.certificate, key: root.key }, keyStore)).toThrow('cannot be opened');
});
