import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { directoryDestination } from '@hostmaster/adapters/destinations/directory';
import { directoryProofs, handshakeProofFile } from '@hostmaster/adapters/destinations/handshake-proofs';
import { createTestCa } from '@hostmaster/adapters/testing/test-ca';
import { proofCertificateFault } from '@hostmaster/core/acme/proof-certificate';
import { systemClock } from '@hostmaster/core/clock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Edge, startEdge } from './edge.ts';

const ca = await createTestCa();
let directory: string;
let edge: Edge;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'edge-proofs-'));
  edge = await startEdge({ directory, address: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await edge.close();
  await rm(directory, { recursive: true, force: true });
});

const proofs = () => directoryProofs(directory, systemClock);
async function deliver(hostname: string) {
  const leaf = await ca.leaf([hostname]);
  await directoryDestination(directory).deliver({ hostname, ...leaf });
  return leaf.der;
}

/** What a connection ends with: the protocol, and the certificate that was shown. */
function shaken(servername: string, ALPNProtocols: string[] | undefined, options: ConnectionOptions = {}) {
  return new Promise<{ protocol: string | false | null; der: Buffer; socket: TLSSocket }>((resolve, reject) => {
    const offered = ALPNProtocols === undefined ? {} : { ALPNProtocols };
    const socket = connect({ host: edge.address, port: edge.port, servername, rejectUnauthorized: false, ...offered, ...options }, () =>
      resolve({ protocol: socket.alpnProtocol, der: socket.getPeerCertificate().raw, socket }),
    );
    socket.once('error', reject);
  });
}
const acme = ['acme-tls/1'];
const keyAuthorization = 'token.thumbprint';

describe('the edge, asked as a CA asks for a proof,', () => {
  it('shows it with the protocol, ends the connection by itself, and says nothing on it', async () => {
    const hostname = 'proved.example.test';
    await proofs().show({ hostname, keyAuthorization });
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const { protocol, der, socket } = await shaken(hostname.toUpperCase(), acme, { maxVersion });
      expect([protocol, proofCertificateFault(der, { hostname, keyAuthorization })]).toEqual(['acme-tls/1', null]);
      const heard: Buffer[] = [];
      socket.on('data', (part) => heard.push(part));
      await new Promise((resolve) => socket.once('close', resolve));
      expect(heard).toEqual([]);
    }
  });

  it('never shows the certificate that everybody else is shown, nor the other way round', async () => {
    const hostname = 'both.example.test';
    const ordinary = await deliver(hostname);
    await proofs().show({ hostname, keyAuthorization });
    for (const [protocols, agreed] of [
      [undefined, false],
      [['http/1.1'], 'http/1.1'],
      [['acme-tls/1', 'http/1.1'], 'http/1.1'],
      [['http/1.1', 'acme-tls/1'], 'http/1.1'],
    ] as const) {
      const { protocol, der, socket } = await shaken(hostname, protocols === undefined ? undefined : [...protocols]);
      socket.destroy();
      expect([protocol, der.equals(ordinary)]).toEqual([agreed, true]);
    }
    const { der, socket } = await shaken(hostname, acme);
    socket.destroy();
    expect(proofCertificateFault(der, { hostname, keyAuthorization })).toBeNull();
  });

  it('answers no_application_protocol for a name that has a certificate and no proof, and unrecognized_name for any other', async () => {
    await deliver('served.example.test');
    await expect(shaken('served.example.test', acme)).rejects.toThrow(/no application protocol/);
    await proofs().show({ hostname: 'only.example.test', keyAuthorization });
    await expect(shaken('only.example.test', ['http/1.1'])).rejects.toThrow(/unrecognized name/);
    for (const name of ['nobody.example.test', '', '..', '_acme-tls', '*.example.test', 'x'.repeat(255)])
      await expect(shaken(name, acme)).rejects.toThrow(/unrecognized name/);
  });

  it('shows a newer proof of the name in place of the one before, and none once it was taken back', async () => {
    const hostname = 'again.example.test';
    for (const each of ['first.thumbprint', 'second.thumbprint']) {
      await proofs().show({ hostname, keyAuthorization: each });
      const { der, socket } = await shaken(hostname, acme);
      socket.destroy();
      expect(proofCertificateFault(der, { hostname, keyAuthorization: each })).toBeNull();
    }
    await proofs().hide(hostname);
    await expect(shaken(hostname, acme)).rejects.toThrow(/unrecognized name/);
  });

  it('takes what is broken there for no proof, and lives on', async () => {
    const hostname = 'broken.example.test';
    await proofs().show({ hostname, keyAuthorization });
    await writeFile(handshakeProofFile(directory, hostname), 'neither a certificate nor a key');
    await expect(shaken(hostname, acme)).rejects.toThrow(/unrecognized name/);
  });

  it('is no other session of that connection: what was resumed by one is not by the other', async () => {
    const hostname = 'resumed.example.test';
    const ordinary = await deliver(hostname);
    await proofs().show({ hostname, keyAuthorization });
    const { socket } = await shaken(hostname, acme, { maxVersion: 'TLSv1.2' });
    const session = socket.getSession();
    socket.destroy();
    if (session === undefined) throw new TypeError('there was no session');
    const second = await shaken(hostname, ['http/1.1'], { maxVersion: 'TLSv1.2', session });
    expect([second.socket.isSessionReused(), second.der.equals(ordinary)]).toEqual([false, true]);
    second.socket.destroy();
  });
});

it('an edge makes the folder that says that it shows proofs, for its own account alone; where it may not write, it serves all the same', async () => {
  expect((await stat(join(directory, '_acme-tls'))).mode & 0o777).toBe(0o700);
  const file = join(directory, 'file');
  await writeFile(file, '');
  await (await startEdge({ directory: file, address: '127.0.0.1', port: 0 })).close();
});
