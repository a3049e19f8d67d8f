import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { directoryDestination } from '@hostmaster/adapters/destinations/directory';
import { createTestCa } from '@hostmaster/adapters/testing/test-ca';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Edge, startEdge } from './edge.ts';

const ca = await createTestCa();
let directory: string;
let edge: Edge;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'edge-'));
  edge = await startEdge({ directory, address: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await edge.close();
  await rm(directory, { recursive: true, force: true });
});

async function deliver(hostname: string) {
  const leaf = await ca.leaf([hostname]);
  await directoryDestination(directory).deliver({ hostname, ...leaf });
  return leaf;
}

function handshake(servername: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: edge.address, port: edge.port, servername, ca: ca.rootPem, ...options }, () => resolve(socket));
    socket.once('error', reject);
  });
}

async function serialServed(servername: string): Promise<string> {
  const socket = await handshake(servername);
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

function fetchFrom(
  servername: string,
  path: string,
  host = `${servername}:${edge.port}`,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    get({ host: edge.address, port: edge.port, servername, path, ca: ca.rootPem, headers: { host }, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.once('end', () => resolve({ status: response.statusCode, body }));
    }).once('error', reject);
  });
}

describe('the edge', () => {
  it('serves a delivered certificate at the next handshake, in a chain that verifies', async () => {
    await expect(handshake('fresh.example.test')).rejects.toThrow(/unrecognized name/);
    const { serial } = await deliver('fresh.example.test');
    expect(await serialServed('fresh.example.test')).toBe(serial);
    expect(await serialServed('FRESH.example.test')).toBe(serial);
  });

  it('serves a renewal at the next handshake, and stops when it is removed', async () => {
    const first = await deliver('renewed.example.test');
    expect(await serialServed('renewed.example.test')).toBe(first.serial);
    const second = await deliver('renewed.example.test');
    expect(await serialServed('renewed.example.test')).toBe(second.serial);
    await directoryDestination(directory).withdraw('renewed.example.test');
    await expect(handshake('renewed.example.test')).rejects.toThrow(/unrecognized name/);
  });

  it('never fails a handshake while certificates are being renewed', async () => {
    await deliver('busy.example.test');
    const leaves = await Promise.all(Array.from({ length: 20 }, () => ca.leaf(['busy.example.test'])));
    let done = false;
    const renewing = (async () => {
      for (const leaf of leaves) await directoryDestination(directory).deliver({ hostname: 'busy.example.test', ...leaf });
      done = true;
    })();
    let handshakes = 0;
    for (; !done; handshakes += 1) await serialServed('busy.example.test');
    await renewing;
    expect(handshakes).toBeGreaterThan(0);
    expect(await serialServed('busy.example.test')).toBe(leaves.at(-1)?.serial);
  });

  it('prefers a name’s own certificate to the wildcard, and a wildcard covers one label', async () => {
    const wildcard = await deliver('*.wild.example.test');
    const own = await deliver('own.wild.example.test');
    expect(await serialServed('any.wild.example.test')).toBe(wildcard.serial);
    expect(await serialServed('own.wild.example.test')).toBe(own.serial);
    await expect(handshake('a.b.wild.example.test')).rejects.toThrow(/unrecognized name/);
    await expect(handshake('wild.example.test')).rejects.toThrow(/unrecognized name/);
  });

  it.each(['other.example.test', '.versions', '_acme-tls', '..', '_wildcard.wild.example.test', 'x'.repeat(255)])(
    'has no certificate for %j',
    async (servername) => {
      await expect(handshake(servername)).rejects.toThrow(/unrecognized name/);
    },
  );

  it('has none for a client that names no host', async () => {
    await expect(handshake('')).rejects.toThrow(/unrecognized name/);
  });

  it('keeps serving what it had when a folder is overwritten with something broken', async () => {
    const { serial } = await deliver('broken.example.test');
    expect(await serialServed('broken.example.test')).toBe(serial);
    await writeFile(join(directory, 'broken.example.test', 'privkey.pem'), 'not a key');
    expect(await serialServed('broken.example.test')).toBe(serial);
  });

  it('refuses TLS 1.1', async () => {
    await deliver('old.example.test');
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(handshake('old.example.test', old)).rejects.toThrow(/version/);
    const socket = await handshake('old.example.test', { maxVersion: 'TLSv1.2' });
    expect(socket.getProtocol()).toBe('TLSv1.2');
    socket.destroy();
  });

  it('answers every path with a page that names the host, and /health with ok', async () => {
    await deliver('page.example.test');
    expect(await fetchFrom('page.example.test', '/health')).toEqual({ status: 200, body: 'ok\n' });
    const page = await fetchFrom('page.example.test', '/any/path?x=<script>');
    expect(page.status).toBe(200);
    expect(page.body).toContain('page.example.test');
    expect(page.body).not.toContain('script');
  });

  it('does not answer for another host on the same connection', async () => {
    await deliver('page.example.test');
    expect(await fetchFrom('page.example.test', '/', 'other.example.test')).toMatchObject({ status: 421 });
  });

  it('refuses a head that is too large', async () => {
    await deliver('page.example.test');
    expect(await fetchFrom('page.example.test', `/${'a'.repeat(9000)}`)).toMatchObject({ status: 431 });
  });

  it('lives on after what is not TLS', async () => {
    await deliver('page.example.test');
    for (const noise of ['GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01\xff\xff', '\x16\x03\x01\x00\x04\x01\xff\xff\xff', '']) {
      await new Promise<void>((resolve) => {
        const socket = connectTcp(edge.port, edge.address, () => socket.end(noise, 'latin1'));
        socket.on('error', () => undefined).once('close', () => resolve());
        socket.resume();
      });
    }
    expect(await fetchFrom('page.example.test', '/health')).toMatchObject({ status: 200 });
  });

  it('says which port it cannot have', async () => {
    await expect(startEdge({ directory, address: edge.address, port: edge.port })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(String(edge.port)),
    });
  });
});
