// A throwaway Vault or OpenBao for tests, whichever is on PATH: unsealed, its storage in memory, HTTPS on a free loopback port with a
// certificate of its own CA.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { httpsExchange } from '@hostmaster/adapters/net/https';
import { createTestCa } from '@hostmaster/adapters/testing/test-ca';
import { z } from 'zod';
import { leash } from '../leash.ts';
import { freePort } from '../port.ts';

export type VaultServer = {
  readonly address: string;
  /** PEM of what signs its own HTTPS. */
  readonly trust: string;
  /** What it calls itself and its version. */
  readonly version: string;
  /** What its API answers to the root token, as JSON; throws for a refusal. */
  api(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown>;
  /** Runs a script of commands in a shell in which `vault` is its program, signed in with the root token; answers what it printed. */
  shell(script: string): Promise<string>;
  unseal(): Promise<void>;
  stop(): Promise<void>;
};

const run = promisify(execFile);
const patienceMilliseconds = 60_000;
const program = async (): Promise<string> => (await run('sh', ['-c', 'command -v vault || command -v bao'])).stdout.trim();
const initialized = z.object({ keys_base64: z.tuple([z.string()]), root_token: z.string() });

/** Errors: a plain Error with what it printed, or that neither is on PATH. */
export async function startVaultServer(): Promise<VaultServer> {
  const binary = await program();
  const folder = await mkdtemp(join(tmpdir(), 'hostmaster-vault-'));
  const [port, clusterPort] = await Promise.all([freePort(), freePort()]);
  const ca = await createTestCa(['localhost']);
  const { fullchainPem, privateKeyPem } = await ca.leaf(['localhost']);
  const files = { 'cert.pem': fullchainPem, 'key.pem': privateKeyPem, 'trust.pem': ca.rootPem };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const address = `https://localhost:${port}`;
  const listener = {
    address: `127.0.0.1:${port}`,
    cluster_address: `127.0.0.1:${clusterPort}`,
    tls_cert_file: join(folder, 'cert.pem'),
    tls_key_file: join(folder, 'key.pem'),
  };
  const config = { storage: { inmem: {} }, listener: [{ tcp: listener }], api_addr: address, disable_mlock: true };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await symlink(binary, join(folder, 'vault'));

  const child = spawn(binary, ['server', `-config=${join(folder, 'config.json')}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code) => resolve(`exit ${code}`));
  });
  const release = child.pid === undefined ? () => {} : leash(child.pid, 'TERM');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    release();
    await rm(folder, { recursive: true, force: true });
  };

  const exchange = httpsExchange({ trust: ca.rootPem, allowedRanges: ['127.0.0.0/8'] });
  let token = '';
  async function api(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const headers = { 'x-vault-token': token, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const asked = { method, url: `${address}/v1/${path}`, headers, ...sent, mostBytes: 16 * 1024 * 1024, timeoutMilliseconds: 30_000 };
    const answer = await exchange(asked, AbortSignal.timeout(60_000));
    const text = Buffer.from(answer.body).toString('utf8');
    if (answer.status >= 400) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }

  const first = () => api('POST', 'sys/init', { secret_shares: 1, secret_threshold: 1 }).catch(() => null);
  let init: unknown = null;
  for (const until = Date.now() + patienceMilliseconds; init === null; init = await first()) {
    const failure = await Promise.race([ended, new Promise<null>((resolve) => setTimeout(resolve, 50, null))]);
    if (failure === null && Date.now() < until) continue;
    await stop();
    throw new Error(`${binary} did not start (${failure ?? 'no answer'}): ${printed}`);
  }
  const { keys_base64: keys, root_token: root } = initialized.parse(init);
  token = root;
  const unseal = async (): Promise<void> => {
    await api('POST', 'sys/unseal', { key: keys[0] });
  };
  await unseal();

  return {
    address,
    trust: ca.rootPem,
    version: (await run(binary, ['version'])).stdout.trim(),
    api,
    unseal,
    stop,
    async shell(script) {
      const own = Object.fromEntries(
        ['VAULT', 'BAO'].flatMap((name) => [
          [`${name}_ADDR`, address],
          [`${name}_TOKEN`, root],
          [`${name}_CACERT`, join(folder, 'trust.pem')],
        ]),
      );
      const env = { ...process.env, ...own, HOME: folder, PATH: `${folder}:${process.env.PATH}` };
      return (await run('bash', ['-euo', 'pipefail', '-c', script], { env, timeout: 60_000 })).stdout;
    },
  };
}
