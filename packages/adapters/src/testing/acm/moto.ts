// moto's ACM as a program of its own, over HTTPS on loopback.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestCa } from '../test-ca.ts';

export type Moto = {
  /** As somebody types them. */
  readonly settings: Readonly<Record<string, string>>;
  readonly secret: Uint8Array;
  close(): Promise<void>;
};

export async function startMoto(): Promise<Moto> {
  const folder = await mkdtemp(join(tmpdir(), 'hostmaster-moto-'));
  const front = await createTestCa(['localhost']);
  const { fullchainPem, privateKeyPem } = await front.leaf(['localhost']);
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await Promise.all([writeFile(certificate, fullchainPem), writeFile(key, privateKeyPem)]);
  const port = await freePort();
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port), '-c', certificate, '-k', key], {
    env: { ...process.env, MOTO_ACM_VALIDATION_WAIT: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const part of server.stderr.iterator({ destroyOnReturn: false })) if (String(part).includes('Running on')) break;
  // What it goes on to say is read by nobody, and must not fill the pipe.
  server.stderr.resume();
  return {
    settings: {
      ...{ region: 'eu-central-1', account: '123456789012', accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
      ...{ endpoint: `https://localhost:${port}`, trust: front.rootPem, addresses: '127.0.0.0/8' },
    },
    secret: Buffer.from('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
    async close() {
      server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
