import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import { chainToPem, toPem } from '@hostmaster/core/pki/chain';
import { completeList, shardOf } from '@hostmaster/core/pki/crl-shard';
import { revokeCertificate } from '@hostmaster/usecases/certificate/revoke';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { checkEndpoint } from '@hostmaster/usecases/endpoint/check';
import { runOperation } from '@hostmaster/usecases/operation/run';
import { endpointSubject } from '@hostmaster/usecases/reconcile/start';
import { createRequest } from '@hostmaster/usecases/request/create';
import { getRequest } from '@hostmaster/usecases/request/get';
import { startDueRenewals } from '@hostmaster/usecases/sweep/due-renewals';
import { publishDueCrls } from '@hostmaster/usecases/sweep/publish-crls';
import { refreshOcsp } from '@hostmaster/usecases/sweep/refresh-ocsp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { address, heldAt, servedSerial, writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

const run = promisify(execFile);
let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

const dig = async (name: string, type = 'A'): Promise<string> =>
  (await run('dig', ['+short', '+norecurse', `@${world.server.address}`, '-p', String(world.server.port), name, type])).stdout.trim();

test('a self-serve name answers in DNS, and its certificate is served and verifies, without a human', async () => {
  const asked = await world.ask('orders.dev.example.test');
  expect(asked.state).toBe('approved');
  await world.runDue();
  const request = await getRequest(await world.as('app'), { id: asked.id });
  expect(request.operation?.reason).toBe('Everything is as approved.');
  expect(request.operation?.trail.map(({ step, state }) => `${step} ${state}`)).toEqual([
    'admitted done',
    'records-applied done',
    'records-verified done',
    'certificate-issued done',
    'certificate-delivered done',
    'certificate-served done',
    'reachable done',
  ]);
  expect(request.state).toBe('applied');
  expect(await dig('orders.dev.example.test')).toBe('127.0.0.1');
  const root = await world.db.issuer.findUniqueOrThrow({ where: { slug: 'root' } });
  const rootPath = join(world.folder, 'root.pem');
  await writeFile(rootPath, root.chainPem);
  const { stdout } = await run('curl', [
    '-sS',
    '--cacert',
    rootPath,
    '--noproxy',
    '*',
    '--connect-to',
    `orders.dev.example.test:443:127.0.0.1:${world.edge.port}`,
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    'https://orders.dev.example.test/',
  ]);
  expect(stdout).toBe('200');
});

test('a change that leaves names and key alone keeps the certificate, and says so in its plan', async () => {
  const ctx = await world.as('app');
  const contract = endpointContract.parse({
    hostname: 'orders.dev.example.test',
    team: 'order-platform',
    target: { addresses: ['127.0.0.1'] },
    ttl: 'cutover',
  });
  const asked = await createRequest(ctx, { kind: 'change', contract });
  expect(asked.plan.certificate).toMatchObject({ action: 'keep', names: ['orders.dev.example.test'] });
  expect(asked.plan.notes).toContain('The certificate stays as it is.');
  await world.runDue();
  expect((await getRequest(ctx, { id: asked.id })).operation?.state).toBe('succeeded');
  expect(await world.db.certificate.count()).toBe(1);
});

test('a live name changes from an address to another name and back', async () => {
  await world.ask('other.dev.example.test');
  await world.runDue();
  const ctx = await world.as('app');
  for (const [target, answer] of [
    [{ cname: 'other.dev.example.test' }, 'other.dev.example.test.\n127.0.0.1'],
    [{ addresses: ['127.0.0.1'] }, '127.0.0.1'],
  ] as const) {
    const contract = endpointContract.parse({ hostname: 'orders.dev.example.test', team: 'order-platform', target });
    const asked = await createRequest(ctx, { kind: 'change', contract });
    await world.runDue();
    expect((await getRequest(ctx, { id: asked.id })).state).toBe('applied');
    expect(await dig('orders.dev.example.test')).toBe(answer);
  }
});

const live = async (hostname: string, more: Partial<EndpointContractInput> = {}): Promise<void> => {
  await world.ask(hostname, more);
  await world.runDue();
  expect(await stateOf(hostname)).toBe('live');
};
const stateOf = async (hostname: string) => (await world.db.endpoint.findFirstOrThrow({ where: { hostname } })).state;

test('a name that a wildcard covers is retired, though the wildcard answers for it with the same address', async () => {
  const hostname = `a.wild.dev.${zoneApex}`;
  await writeByHand(world, `*.wild.dev.${zoneApex}`, [address('127.0.0.1')]);
  await live(hostname);
  await world.send('retire', hostname);
  await world.runDue();
  expect(await heldAt(world, hostname)).toEqual([]);
  expect(await stateOf(hostname)).toBe('retired');
});

test('a name that was delegated away meanwhile is retired, and its record does not stay hidden below the delegation', async () => {
  const cut = `cut.dev.${zoneApex}`;
  const hostname = `a.${cut}`;
  await live(hostname);
  await writeByHand(world, cut, [{ type: 'NS', ttl: 60, values: ['ns.example.net'] }]);
  await world.send('retire', hostname);
  await world.runDue();
  expect(await heldAt(world, hostname)).toEqual([]);
  expect(await stateOf(hostname)).toBe('retired');
});

/** Looks at it once, as the worker does all the time. */
const look = async (hostname: string) => {
  const { id } = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  await checkEndpoint(world.worker, { endpointId: id });
  const row = await world.db.endpoint.findFirstOrThrow({ where: { id }, include: { observations: true } });
  return { ...row, summary: (await world.view(hostname)).summary };
};

test('an address that the zone no longer allows is not connected to, and the guard is named', async () => {
  const hostname = `guarded.dev.${zoneApex}`;
  await live(hostname);
  await world.db.zone.updateMany({ data: { allowedRanges: [] } });
  const guarded = await look(hostname);
  await world.db.zone.updateMany({ data: { allowedRanges: ['127.0.0.0/8'] } });
  expect(guarded).toMatchObject({ state: 'degraded', summary: expect.stringContaining('may not be reached') });
  expect(guarded.observations.find(({ kind }) => kind === 'endpoint')).toMatchObject({
    source: `127.0.0.1:${world.edge.port}`,
    ok: false,
    detail: { failedLayer: 'guard', tcpMilliseconds: null },
  });
  expect(await look(hostname)).toMatchObject({ state: 'live' });
});

const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, orderBy: { issuedAt: 'asc' } });
const signingIssuer = () => world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
const publishedList = async (list: number): Promise<Uint8Array> => {
  const { id: issuerId } = await signingIssuer();
  return (await world.db.revocationList.findUnique({ where: { issuerId_list: { issuerId, list } } }))?.der ?? new Uint8Array();
};
const completeCrl = () => publishedList(completeList);

test('a renewal happens without a human: a new certificate on the wire, the old one superseded, all of it in the audit trail', async () => {
  const hostname = `renewed.dev.${zoneApex}`;
  await live(hostname);
  const [old] = await certificatesOf(hostname);
  expect(await startDueRenewals(world.worker, 10)).toBe(0);
  await world.db.certificate.updateMany({ where: { endpoint: { hostname } }, data: { renewAfter: new Date(Date.now() - 1000) } });
  expect(await startDueRenewals(world.worker, 10)).toBe(1);
  expect(await startDueRenewals(world.worker, 10)).toBe(0);
  await world.runDue();
  const [before, renewed] = await certificatesOf(hostname);
  expect([before?.state, renewed?.state]).toEqual(['superseded', 'served']);
  expect(renewed?.serial).not.toBe(old?.serial);
  const [first, second] = await world.db.certificateOrder.findMany({ where: { endpoint: { hostname } }, orderBy: { createdAt: 'asc' } });
  expect(second?.keyCiphertext).not.toEqual(first?.keyCiphertext);
  expect(await servedSerial(world, hostname)).toBe(renewed?.serial);
  const { id: endpointId } = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  expect(await world.db.operation.findFirst({ where: { endpointId }, orderBy: { generation: 'desc' } })).toMatchObject({
    state: 'succeeded',
    requestId: null,
  });
  expect(await world.db.auditEvent.count({ where: { action: 'certificate.issue', subject: hostname } })).toBe(2);
  expect(await startDueRenewals(world.worker, 10)).toBe(0);
});

test('an issuer that a contract names by its source signs under a root of its own, and the probe believes what it signed', async () => {
  const hostname = `vault.dev.${zoneApex}`;
  const root = await world.worker.authorities.root({ key: 'ecdsa-p384', added: false });
  const own = { id: 'root', slug: 'vault-root', kind: 'internal-root', chainPem: chainToPem([root.certificate]), profile: null };
  const key = { keyId: root.key.keyId, keyCiphertext: root.key.ciphertext, nextKeyId: null, secretKeyId: null, secretCiphertext: null };
  const opened = await world.worker.issuer({ ...own, settings: {}, ...key });
  const made = await opened.authority?.signIntermediate?.([zoneApex]);
  if (!made) throw new TypeError('the root signs no CA');
  await world.db.issuer.create({
    data: {
      slug: 'vault',
      kind: 'vault',
      name: 'Vault',
      chainPem: chainToPem([made.certificate, root.certificate]),
      permittedSuffixes: [zoneApex],
      profile: 'server',
      keyId: made.key.keyId,
      keyCiphertext: Buffer.from(made.key.ciphertext),
    },
  });
  const issuer: WorkerCtx['issuer'] = (row) => world.worker.issuer(row.kind === 'vault' ? { ...row, kind: 'internal-ca' } : row);
  await world.ask(hostname, { tls: { source: 'vault' } });
  const { id: operationId } = await world.db.operation.findFirstOrThrow({
    where: { subject: endpointSubject({ hostname, view: 'public' }) },
  });
  expect(await runOperation({ ...world.worker, issuer }, { operationId })).toEqual({ state: 'succeeded' });
  expect(await world.db.endpoint.findFirst({ where: { hostname } })).toMatchObject({ state: 'live' });
  expect(await certificatesOf(hostname)).toMatchObject([{ state: 'served' }]);
});

test('a certificate that somebody asked to revoke gives way to another on the wire, and OpenSSL refuses it by either list, and is told by OCSP, with its reason', async () => {
  const hostname = `byhand.dev.${zoneApex}`;
  await live(hostname);
  const [before] = await certificatesOf(hostname);
  const { chainPem } = await signingIssuer();
  const path = (name: string) => join(world.folder, `byhand-${name}.pem`);
  await writeFile(path('root'), (await world.db.issuer.findUniqueOrThrow({ where: { slug: 'root' } })).chainPem);
  await writeFile(path('issuing'), chainPem);
  const verify = async (leaf: string) => {
    await publishDueCrls(world.worker);
    await writeFile(path('leaf'), leaf);
    await writeFile(path('list'), toPem(await completeCrl(), 'X509 CRL'));
    const files = ['-CAfile', path('root'), '-untrusted', path('issuing'), '-CRLfile', path('list')];
    return run('openssl', ['verify', '-x509_strict', '-crl_check', ...files, path('leaf')]);
  };
  /** What OpenSSL reads from the response that is kept for a certificate. */
  const status = async ({ id = '', chainPem: leaf = '' }: { id?: string; chainPem?: string } = {}) => {
    const { sha256 } = await world.db.ocspResponse.findUniqueOrThrow({ where: { certificateId: id } });
    await writeFile(path('leaf'), leaf);
    await writeFile(path('response'), sha256 ?? new Uint8Array());
    const files = ['-CAfile', path('root'), '-issuer', path('issuing'), '-sha256', '-cert', path('leaf'), '-respin', path('response')];
    const { stdout, stderr } = await run('openssl', ['ocsp', ...files]);
    expect(stderr).toContain('Response verify OK');
    return stdout;
  };
  expect(await status(before), 'as soon as it is issued').toContain(': good\n');
  await verify(before?.chainPem ?? '');
  await revokeCertificate(await world.as('app'), { serial: before?.serial ?? '', reason: 'keyCompromise', comment: 'It went astray.' });
  await world.runDue();
  const after = (await certificatesOf(hostname)).find(({ state }) => state === 'served');
  expect(after?.serial).not.toBe(before?.serial);
  expect(await servedSerial(world, hostname)).toBe(after?.serial);
  await expect(verify(before?.chainPem ?? '')).rejects.toMatchObject({ stderr: expect.stringContaining('certificate revoked') });
  await verify(after?.chainPem ?? '');
  expect(await refreshOcsp(world.worker, 100)).toBeGreaterThan(0);
  expect(await status(before)).toMatch(/: revoked\n[\s\S]*Reason: keyCompromise/);
  expect(await status(after)).toContain(': good\n');
  const shard = await publishedList(shardOf(before?.serial ?? ''));
  expect(Buffer.from(shard).includes(Buffer.from(before?.serial ?? '', 'hex'))).toBe(true);
  expect((await run('openssl', ['crl', '-in', path('list'), '-noout', '-text'])).stdout).toContain('Key Compromise');
});

describe('the end of a name', () => {
  const revokedIn = async (): Promise<string> => {
    const path = join(world.folder, 'list.crl');
    await writeFile(path, await completeCrl());
    return (await run('openssl', ['crl', '-inform', 'DER', '-in', path, '-noout', '-text'])).stdout;
  };

  test('takes records, certificate and every delivered name with it, and holds the name back from others', async () => {
    const hostname = `ends.dev.${zoneApex}`;
    const extra = `extra.dev.${zoneApex}`;
    await live(hostname, { tls: { extraNames: [extra] } });
    expect(await servedSerial(world, extra)).not.toBeNull();
    const [certificate] = await certificatesOf(hostname);
    // Whoever retires it need not remember the extra names.
    await world.send('retire', hostname);
    await world.runDue();
    expect(await world.db.endpoint.findFirst({ where: { hostname }, include: { names: true } })).toMatchObject({
      state: 'retired',
      names: [{ heldBackUntil: expect.any(Date) }, { heldBackUntil: expect.any(Date) }],
    });
    expect(await heldAt(world, hostname)).toEqual([]);
    expect([await servedSerial(world, hostname), await servedSerial(world, extra)]).toEqual([null, null]);
    expect(await certificatesOf(hostname)).toMatchObject([{ state: 'revoked', revocationReason: 'cessationOfOperation' }]);
    await publishDueCrls(world.worker);
    expect(await revokedIn()).toContain(certificate?.serial);
    const platform = await world.as('platform');
    await expect(
      createRequest(platform, {
        kind: 'create',
        contract: endpointContract.parse({ hostname, team: 'platform-edge', environment: 'dev', target: { addresses: ['127.0.0.1'] } }),
      }),
    ).rejects.toMatchObject({
      code: 'policy-denied',
      violations: expect.arrayContaining([expect.objectContaining({ rule: 'quarantine' })]),
    });
    await live(hostname);
  });
});
