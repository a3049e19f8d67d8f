// Requests as the tools that people have write them.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseCsr } from '@hostmaster/core/pki/csr';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'requests-'));
  await writeFile(join(folder, 'template'), 'cn = "orders.example.test"\ndns_name = "orders.example.test"\ntls_www_server\n');
  await run('certtool', ['--generate-privkey', '--key-type', 'ecdsa', '--curve', 'secp256r1', '--outfile', 'key.pem'], { cwd: folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const subject = ['-subj', '/CN=orders.example.test', '-addext', 'subjectAltName=DNS:orders.example.test'];
it.each([
  ['openssl', ['req', '-new', '-key', 'key.pem', ...subject]],
  ['openssl', ['req', '-new', '-key', 'key.pem', '-text', ...subject]],
  ['openssl', ['req', '-new', '-key', 'key.pem', '-newhdr', '-text', ...subject]],
  ['openssl', ['req', '-new', '-key', 'key.pem', '-addext', '1.2.3.4=DER:00ff', ...subject]],
  ['certtool', ['--generate-request', '--load-privkey', 'key.pem', '--template', 'template']],
])('%s %j writes one that is read', async (tool, args) => {
  const { stdout } = await run(tool, args, { cwd: folder });
  expect(parseCsr(stdout).names).toEqual(['orders.example.test']);
});
