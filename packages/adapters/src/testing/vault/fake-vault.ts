import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createTestCa } from '../test-ca.ts';
import { type Answer, createFakeAuth, type FakeAuth, refused } from './fake-auth.ts';
import { createFakePki, type FakePki } from './fake-pki.ts';
import type { FakeRole } from './fake-role.ts';

export type Asked = { readonly method: string; readonly path: string; readonly body: unknown; readonly namespace: string };
/** What is sent in the place of an answer: another one, or nothing for ever, or a connection that is closed. */
export type Sent = Answer | 'stall' | 'reset';

export type FakeVault = {
  readonly address: string;
  /** PEM of what signs its own HTTPS. */
  readonly trust: string;
  /** DER of the root above what it issues. */
  readonly root: Uint8Array;
  readonly auth: FakeAuth;
  readonly pki: FakePki;
  /** What it was asked, the oldest first. */
  readonly asked: readonly Asked[];
  seal(sealed: boolean): void;
  /** From now on whatever is asked is answered by this; it is given what the fake would have answered. Null: the fake itself again. */
  behave(how: ((asked: Asked, answer: Answer) => Sent | Promise<Sent>) | null): void;
  close(): Promise<void>;
};

export type FakeVaultOptions = {
  readonly suffixes: readonly string[];
  /** By name; one named `web` that signs for the suffixes and below them, whatever the key, where it is left out. */
  readonly roles?: Readonly<Record<string, Partial<FakeRole>>>;
  readonly mount?: string;
  /** The only namespace that it knows. */
  readonly namespace?: string;
};

/** As the guide has it written. */
export const usualRole = (suffixes: readonly string[]): Partial<FakeRole> => ({
  allowed_domains: suffixes,
  allow_bare_domains: true,
  allow_subdomains: true,
  allow_localhost: false,
  allow_ip_sans: false,
  key_type: 'any',
  client_flag: false,
  require_cn: false,
  use_csr_common_name: false,
  use_csr_sans: false,
  max_ttl: 90 * 24 * 3600,
});
/** As the guide has one changed that signs for clients, addresses and identities, too. */
export const widerRole = (suffixes: readonly string[]): Partial<FakeRole> => ({
  ...usualRole(suffixes),
  client_flag: true,
  allow_ip_sans: true,
  allowed_uri_sans: suffixes.flatMap((suffix) => [`spiffe://${suffix}/*`, `spiffe://*.${suffix}/*`]),
});

/** Its status tells the state, unless it is asked for another one. */
function health(path: string, sealed: boolean): Answer {
  const status = Number(new URLSearchParams(path.split('?')[1]).get('sealedcode') ?? 503);
  return { status: sealed ? status : 200, body: { initialized: true, sealed, standby: false, version: '1.0.0-fake' } };
}

export async function startFakeVault(options: FakeVaultOptions): Promise<FakeVault> {
  const { suffixes, mount = 'pki', namespace = '', roles = { web: usualRole(suffixes) } } = options;
  const front = await createTestCa(['localhost']);
  const { fullchainPem: cert, privateKeyPem: key } = await front.leaf(['localhost']);
  const pki = await createFakePki(suffixes, roles);
  const auth = createFakeAuth();
  const asked: Asked[] = [];
  let sealed = false;
  let behave: Parameters<FakeVault['behave']>[0] = null;

  async function answer({ method, path, body, namespace: named }: Asked, token: string | null): Promise<Answer> {
    if (method === 'GET' && path.startsWith('sys/health')) return health(path, sealed);
    if (sealed) return refused(503, 'Vault is sealed');
    if (named.replace(/\/$/, '') !== namespace) return refused(404, 'namespace not found');
    const [bare = '', query = ''] = path.split('?');
    const list = method === 'GET' && query.includes('list=true');
    const login = auth.login(method, bare, body);
    if (login !== null) return login;
    const within = bare.startsWith(`${mount}/`) ? bare.slice(mount.length + 1) : null;
    if (within === null || !pki.isOpen(within)) {
      const capability = list ? 'list' : method === 'GET' ? 'read' : 'update';
      // As Vault's library lists errors, of one, too.
      if (!auth.allows(token, bare, capability)) return refused(403, '1 error occurred:\n\t* permission denied\n\n');
    }
    const own = auth.ownToken(method, bare, token) ?? auth.capabilities(method, bare, token, body);
    if (own !== null) return own;
    if (method === 'GET' && bare === `sys/mounts/${mount}/tune`)
      return { status: 200, body: { data: { default_lease_ttl: 768 * 3600, max_lease_ttl: pki.mostSeconds(), force_no_cache: false } } };
    if (within === null) return refused(404, `no handler for route "${bare}". route entry not found.`);
    return pki.handle({ method, path: within, list, body });
  }

  const server = createServer({ cert, key }, (request, response) => {
    const work = async (): Promise<void> => {
      const path = (request.url ?? '').replace(/^\/v1\//, '');
      const header = (name: string): string => [request.headers[name] ?? ''].flat()[0] ?? '';
      const body = request.method === 'POST' ? await json(request).catch(() => undefined) : undefined;
      const call: Asked = { method: request.method ?? '', path, body, namespace: header('x-vault-namespace') };
      asked.push(call);
      const said = await answer(call, header('x-vault-token') || null);
      const sent = behave === null ? said : await behave(call, said);
      if (sent === 'stall') return;
      if (sent === 'reset') return void request.socket.destroy();
      const text = typeof sent.body === 'string' ? sent.body : sent.body === undefined ? '' : JSON.stringify(sent.body);
      response.writeHead(sent.status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...sent.headers });
      response.end(text);
    };
    work().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `https://localhost:${port}`,
    trust: front.rootPem,
    root: pki.root,
    auth,
    pki,
    asked,
    seal: (on) => {
      sealed = on;
    },
    behave: (how) => {
      behave = how;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
