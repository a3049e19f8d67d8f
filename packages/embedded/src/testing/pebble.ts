// A throwaway ACME server (RFC 8555) for tests: Pebble, as a child process on free loopback ports. It trusts no challenge by
// itself, refuses one nonce in twenty, and forgets everything when it ends.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { leash } from '../leash.ts';
import { freePort } from '../port.ts';

export type Pebble = {
  readonly directoryUrl: string;
  /** PEM of what signs its own HTTPS; its root for what it issues is at `${managementUrl}/roots/0`. */
  readonly trust: string;
  readonly managementUrl: string;
  /** Where it asks for proofs over HTTP. */
  readonly httpPort: number;
  /** Where it asks for one in a TLS handshake. */
  readonly tlsPort: number;
  stop(): Promise<void>;
};

const patienceMilliseconds = 60_000;
const openssl = promisify(execFile);

/** What a server says that only `trust` vouches for. Errors: the socket's own, or an Error for any status but 200. */
export const getTrusted = async (url: string, trust: string): Promise<string> => {
  // RFC 8555 §6.1: a client names itself.
  const headers = { 'User-Agent': 'hostmaster-tests' };
  const [response] = await once(get(url, { ca: trust, agent: false, timeout: 5_000, headers }), 'response');
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}: ${body}`);
  return body;
};

export type PebbleOptions = {
  /** `address:port` of the server that it resolves names with. */
  readonly nameServer?: string;
  /** Names, and all below them, that it certifies for nobody. */
  readonly blocked?: readonly string[];
  /** Whom it takes accounts of alone: a key id and its HMAC key, base64url. */
  readonly externalAccounts?: Readonly<Record<string, string>>;
  /** Where it asks for proofs in handshakes; left out, where nothing listens until a test has it. */
  readonly tlsPort?: number;
  /** It has control over a name shown with every order; otherwise it takes what was shown before for half of them. */
  readonly provesAnew?: boolean;
  /** It looks at no proof, and takes each for shown. */
  readonly believesAll?: boolean;
};

/** Errors: a plain Error with what Pebble printed, or that it is not on PATH. */
export async function startPebble({
  nameServer,
  blocked = [],
  externalAccounts,
  tlsPort: asksAt,
  provesAnew = false,
  believesAll = false,
}: PebbleOptions = {}): Promise<Pebble> {
  const folder = await mkdtemp(join(tmpdir(), 'hostmaster-pebble-'));
  const [port, management, httpPort, tlsPort] = await Promise.all([freePort(), freePort(), freePort(), asksAt ?? freePort()]);
  const [certificate, privateKey, config] = ['cert.pem', 'key.pem', 'config.json'].map((name) => join(folder, name));
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=pebble'];
  await openssl('openssl', [...request, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', `${privateKey}`, '-out', `${certificate}`]);
  const listen = { listenAddress: `127.0.0.1:${port}`, managementListenAddress: `127.0.0.1:${management}` };
  const profiles = {
    default: { description: 'ninety days', validityPeriod: 7_776_000 },
    shortlived: { description: 'six days', validityPeriod: 518_400 },
  };
  const external = externalAccounts === undefined ? {} : { externalAccountBindingRequired: true, externalAccountMACKeys: externalAccounts };
  const pebble = { ...listen, certificate, privateKey, httpPort, tlsPort, profiles, domainBlocklist: blocked, ...external };
  await writeFile(`${config}`, JSON.stringify({ pebble }));

  const args = ['-config', `${config}`, ...(nameServer === undefined ? [] : ['-dnsserver', nameServer])];
  // It would sleep for some seconds before it looks at a challenge, so that clients learn to wait.
  const env = {
    ...process.env,
    PEBBLE_VA_NOSLEEP: '1',
    ...(provesAnew ? { PEBBLE_AUTHZREUSE: '0' } : {}),
    ...(believesAll ? { PEBBLE_VA_ALWAYS_VALID: '1' } : {}),
  };
  const child = spawn('pebble', args, { stdio: ['ignore', 'pipe', 'pipe'], env });
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
  const trust = await readFile(`${certificate}`, 'utf8');
  const directoryUrl = `https://127.0.0.1:${port}/dir`;
  const answers = () =>
    getTrusted(directoryUrl, trust).then(
      () => true,
      () => false,
    );
  for (const until = Date.now() + patienceMilliseconds; !(await answers()); ) {
    const failure = await Promise.race([ended, new Promise<null>((resolve) => setTimeout(resolve, 20, null))]);
    if (failure === null && Date.now() < until) continue;
    await stop();
    throw new Error(`pebble did not start (${failure ?? 'no answer'}): ${printed}`);
  }
  return { directoryUrl, trust, managementUrl: `https://127.0.0.1:${management}`, httpPort, tlsPort, stop };
}
