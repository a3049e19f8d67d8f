// Secrets in a real API server of Kubernetes: its objects are made as the guide says, and it passes the suite that the fake passes.
// needs: kube-apiserver, etcd
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@hostmaster/core/clock';
import { secretNameOf } from '@hostmaster/core/kubernetes/secret-name';
import { destinationConformance } from '@hostmaster/core/pki/destination-conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonOf } from '../../net/answer.ts';
import { httpsExchange } from '../../net/https.ts';
import { createTestCa } from '../../testing/test-ca.ts';
import { freePort, guideBlocks } from '../../testing/tls-servers.ts';
import { kubernetes } from './kubernetes.ts';

const ca = await createTestCa();
const front = await createTestCa(['localhost']);
const adminToken = 'token-of-an-administrator';

async function startApiServer() {
  const folder = await mkdtemp(join(tmpdir(), 'hostmaster-kubernetes-'));
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
  const { fullchainPem, privateKeyPem } = await front.leaf(['localhost']);
  const signing = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const files = {
    'cert.pem': fullchainPem,
    'key.pem': privateKeyPem,
    'signing.pem': String(signing.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    'verifying.pem': String(signing.publicKey.export({ type: 'spki', format: 'pem' })),
    'tokens.csv': `${adminToken},admin,admin,system:masters\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 });
  const [clientUrl, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  const etcd = ['--data-dir', join(folder, 'etcd'), '--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl];
  const more = ['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl, '--initial-cluster', `default=${peerUrl}`];
  const flags = {
    'etcd-servers': clientUrl,
    'secure-port': String(port),
    'bind-address': '127.0.0.1',
    'tls-cert-file': join(folder, 'cert.pem'),
    'tls-private-key-file': join(folder, 'key.pem'),
    'cert-dir': folder,
    'authorization-mode': 'RBAC',
    'token-auth-file': join(folder, 'tokens.csv'),
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': join(folder, 'verifying.pem'),
    'service-account-signing-key-file': join(folder, 'signing.pem'),
    'service-cluster-ip-range': '10.96.0.0/16',
  };
  const children: ChildProcess[] = [
    spawn('etcd', [...etcd, ...more], { stdio: 'ignore' }),
    spawn(
      'kube-apiserver',
      Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
      { stdio: 'ignore' },
    ),
  ];
  const address = `https://localhost:${port}`;
  const exchange = httpsExchange({ trust: front.rootPem, allowedRanges: ['127.0.0.0/8'] });
  const api = async (method: 'GET' | 'POST' | 'PATCH', path: string, body = '', type = 'application/json') => {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': type };
    const sent = body === '' ? {} : { body };
    const limits = { mostBytes: 4_000_000, timeoutMilliseconds: 30_000 };
    const answer = await exchange({ method, url: `${address}${path}`, headers, ...sent, ...limits }, AbortSignal.timeout(30_000));
    return { status: answer.status, json: jsonOf(answer.body) };
  };
  return {
    address,
    api,
    ready: () =>
      api('GET', '/readyz').then(
        ({ status }) => status,
        () => 0,
      ),
    async stop() {
      for (const child of children.reverse()) {
        child.kill('SIGTERM');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const places: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/hostmaster/serviceaccounts',
  Secret: '/api/v1/namespaces/hostmaster/secrets',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/ingress/rolebindings',
};

let server: Awaited<ReturnType<typeof startApiServer>>;
let token: string;
beforeAll(async () => {
  server = await startApiServer();
  for (let tries = 0; (await server.ready()) !== 200; tries += 1) {
    if (tries > 600) throw new Error('the API server does not get ready');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const made = async (path: string, body: string, type?: string) => {
    const { status, json } = await server.api(type === undefined ? 'POST' : 'PATCH', path, body, type);
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  };
  await made('/api/v1/namespaces', JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ingress' } }));
  const [manifest = ''] = await guideBlocks('yaml');
  for (const object of manifest.split('---\n')) {
    const kind = /^kind: (\w+)$/m.exec(object)?.[1] ?? '';
    const name = /^ {2}name: (\S+)$/m.exec(object)?.[1] ?? '';
    await made(`${places[kind]}/${name}?fieldManager=guide`, object, 'application/apply-patch+yaml');
  }
  // There is no controller here that fills the Secret of the token.
  const asked = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} });
  const granted = await made('/api/v1/namespaces/hostmaster/serviceaccounts/hostmaster/token', asked);
  token = z.object({ status: z.object({ token: z.string() }) }).parse(granted).status.token;
}, 300_000);
afterAll(() => server?.stop());

const connection = () => ({
  slug: 'k8s-1',
  settings: kubernetes.settings.parse({ address: server.address, namespace: 'ingress', trust: front.rootPem, addresses: '127.0.0.0/8' }),
  secret: Buffer.from(token),
});
const deps = { clock: systemClock, portal: 'https://hostmaster.example.test', keyDestinations: ['https://localhost:*'] };
const made = async (hostname: string) => ({ hostname, ...(await ca.leaf([hostname])) });
const pathOf = (hostname: string) => `/api/v1/namespaces/ingress/secrets/${secretNameOf(hostname)}`;
const secret = z.object({ data: z.object({ 'tls.crt': z.base64(), 'tls.key': z.base64() }) });

destinationConformance({ describe, it, expect, beforeAll, afterAll }, kubernetes, async () => ({
  destination: kubernetes.open(connection(), deps)('ingress'),
  make: made,
  read: async (hostname) => {
    const { status, json } = await server.api('GET', pathOf(hostname));
    if (status === 404) return null;
    const { data } = secret.parse(json);
    const [fullchainPem, privateKeyPem] = [data['tls.crt'], data['tls.key']].map((text) => Buffer.from(text, 'base64').toString());
    return { fullchainPem: fullchainPem ?? '', privateKeyPem: privateKeyPem ?? '' };
  },
  close: async () => {},
}));

describe('a real API server', () => {
  it('passes every check of the connection test', async () => {
    const tested = kubernetes.openTest(connection(), deps);
    for (const { run } of kubernetes.checks) await run(tested, AbortSignal.timeout(20_000));
  });

  it('refuses what the role does not allow, and what somebody else owns, in the words that are told', async () => {
    const hostname = 'conflict.example.test';
    const destination = kubernetes.open(connection(), deps)('ingress');
    await expect(
      kubernetes
        .open(
          connection(),
          deps,
        )('default')
        .deliver(await made(hostname)),
    ).rejects.toThrow('does not let its service account');
    await destination.deliver(await made(hostname));
    const edit = JSON.stringify({ data: { 'tls.crt': Buffer.from('x').toString('base64') } });
    await server.api('PATCH', `${pathOf(hostname)}?fieldManager=kubectl-edit`, edit, 'application/merge-patch+json');
    await expect(destination.deliver(await made(hostname))).rejects.toThrow('conflict with "kubectl-edit"');
    const foreign = { apiVersion: 'v1', kind: 'Secret', metadata: { name: secretNameOf('foreign.example.test') } };
    await server.api('POST', '/api/v1/namespaces/ingress/secrets?fieldManager=kubectl-create', JSON.stringify(foreign));
    await expect(destination.deliver(await made('foreign.example.test'))).rejects.toThrow('was made by kubectl-create');
  });
});
