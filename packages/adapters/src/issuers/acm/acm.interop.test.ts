// The issuer with moto's ACM, somebody else's reading of its documents. It says that names are proved without looking, after a moment, and its
// certificates are of nobody's CA: what is seen here is that both speak of the same things.
// needs: moto
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@hostmaster/core/clock';
import { readIssued } from '@hostmaster/core/pki/issued';
import type { CertificateIssuer, CertificateOrder, Progress, Resume } from '@hostmaster/core/pki/issuer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aliasesInMemory, orderOf, signal, turn } from '../../testing/acm/ground.ts';
import { checksOf } from '../../testing/checks.ts';
import { createTestCa } from '../../testing/test-ca.ts';
import { acm } from './acm.ts';

const dns = aliasesInMemory();
let folder = '';
let server: ChildProcess;
let settings: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostmaster-moto-'));
  const front = await createTestCa(['localhost']);
  const { fullchainPem, privateKeyPem } = await front.leaf(['localhost']);
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await Promise.all([writeFile(certificate, fullchainPem), writeFile(key, privateKeyPem)]);
  const port = await freePort();
  server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port), '-c', certificate, '-k', key], {
    env: { ...process.env, MOTO_ACM_VALIDATION_WAIT: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for await (const part of server.stderr ?? []) if (String(part).includes('Running on')) break;
  settings = {
    ...{ region: 'eu-central-1', account: '123456789012', accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    ...{ endpoint: `https://localhost:${port}`, trust: front.rootPem, addresses: '127.0.0.0/8' },
  };
});
afterAll(async () => {
  server.kill();
  await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

const connection = () => ({
  ...{ slug: 'moto', profile: null, chain: [], key: null },
  settings: acm.settings.parse(settings),
  secret: Buffer.from('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
});
const open = (): CertificateIssuer => acm.open(connection(), { clock: systemClock, standingProofs: dns.proofs });

/** Asks on until there is something else than before. */
async function until(issuer: CertificateIssuer, order: CertificateOrder, from: Resume) {
  for (let resume = from, last: Progress | null = null; ; ) {
    const progress: Progress = await turn(issuer, order, resume);
    if (progress.outcome === 'issued') return { issued: progress, last };
    [resume, last] = [progress.resume, progress];
  }
}

it('an order goes from the request over its alias to the certificate, which is looked at and deleted', async () => {
  const [issuer, order] = [open(), orderOf({ names: ['orders.example.test', '*.orders.example.test'], key: 'rsa-2048' })];
  const { issued, last } = await until(issuer, order, issuer.begin(order));
  expect(last).toMatchObject({ outcome: 'pending', message: expect.stringContaining('moto says PENDING_VALIDATION') });
  expect([...dns.aliases]).toEqual([
    [expect.stringMatching(/^_\w+\.orders\.example\.test$/), expect.stringMatching(/\.acm-validations\.aws$/)],
  ]);
  const facts = readIssued(order, issued.chain, systemClock.now());
  expect(facts).toMatchObject({ names: order.names, keyAlgorithm: 'rsa-2048' });
  const reference = issued.reference ?? '';
  expect(await issuer.kept?.look(reference, signal())).toMatchObject({ serial: facts.serial, inUseBy: [] });
  await issuer.kept?.remove(reference, signal());
  expect(await issuer.kept?.look(reference, signal())).toBeNull();
});

it('a request that is repeated is the same one', async () => {
  const [issuer, order] = [open(), orderOf({ names: ['twice.example.test'] })];
  const first = await turn(issuer, order, issuer.begin(order));
  if (first.outcome === 'issued') throw new Error('signed at once');
  const [one, other] = [await turn(issuer, order, first.resume), await turn(open(), order, first.resume)];
  expect(one.reference).toMatch(/^arn:aws:acm:eu-central-1:123456789012:certificate\//);
  expect(other.reference).toBe(one.reference);
});

it('a connection test passes', async () => {
  const found = await checksOf(acm, { ...connection(), suffixes: ['example.test'] }, { clock: systemClock, standingProofs: dns.proofs });
  expect(Object.entries(found).filter(([, { ok }]) => ok !== true)).toEqual([]);
});
