// What a user of an endpoint sees, asked with the tools that a user has: dig, curl, openssl. None of our own code.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { instance } from './instance.ts';

const run = promisify(execFile);
const limits = { timeout: 60_000, encoding: 'utf8' } as const;

type Server = { readonly address: string; readonly port: number };

/** The values that a name server answers, as `dig +short` prints them. */
export async function dig(name: string, type: string, server: Server = instance.nameserver): Promise<string[]> {
  const { stdout } = await run('dig', [`@${server.address}`, '-p', `${server.port}`, name, type, '+short', '+tries=1', '+time=5'], limits);
  return stdout.split('\n').filter((line) => line !== '');
}

/** HTTP status of a GET over TLS, verified against the instance's root alone; curl fails where the chain is not good. */
export async function curlStatus(name: string): Promise<number> {
  const { address, port } = instance.edge;
  const trust = ['--cacert', instance.rootCertificate, '--resolve', `${name}:${port}:${address}`];
  const { stdout } = await run('curl', ['-sS', '-o', '/dev/null', '-w', '%{http_code}', ...trust, `https://${name}:${port}/`], limits);
  return Number(stdout);
}

/** The PEM certificates that the edge sends for a name, leaf first. */
export async function servedChain(name: string): Promise<string[]> {
  const { address, port } = instance.edge;
  const client = run('openssl', ['s_client', '-connect', `${address}:${port}`, '-servername', name, '-showcerts'], limits);
  client.child.stdin?.end();
  const { stdout } = await client;
  return stdout.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

/** What `openssl verify -x509_strict` prints for a chain under the instance's root; it fails where it does not verify. */
export async function verifyStrictly([leaf = '', ...intermediates]: readonly string[], hostname: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'hostmaster-chain-'));
  try {
    const [leafFile, restFile] = [join(folder, 'leaf.pem'), join(folder, 'rest.pem')];
    writeFileSync(leafFile, leaf);
    writeFileSync(restFile, intermediates.join('\n'));
    const purpose = ['-purpose', 'sslserver', '-verify_hostname', hostname];
    const chain = ['-CAfile', instance.rootCertificate, '-untrusted', restFile];
    const { stdout } = await run('openssl', ['verify', '-x509_strict', ...purpose, ...chain, leafFile], limits);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
