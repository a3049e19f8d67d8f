import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { proofCertificateFault } from '@hostmaster/core/acme/proof-certificate';
import { fixedClock } from '@hostmaster/core/clock';
import { splitPem } from '@hostmaster/core/pki/chain';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { directoryProofs, handshakeProofFile, handshakeProofsFolder } from './handshake-proofs.ts';

const made: string[] = [];
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'proofs-'));
  made.push(directory);
});
afterAll(() => Promise.all(made.map((each) => rm(each, { recursive: true, force: true }))));

const proofs = () => directoryProofs(directory, fixedClock(new Date('2026-12-09T10:00:00Z')));
/** As an edge does that shows them. */
const edgeStarts = () => mkdir(handshakeProofsFolder(directory));
const proof = { hostname: 'shop.example.test', keyAuthorization: 'token.thumbprint' };
const file = () => handshakeProofFile(directory, proof.hostname);
/** What an edge would show; errors where key and certificate are no pair. */
async function shown() {
  const pem = await readFile(file(), 'utf8');
  createSecureContext({ cert: pem, key: pem });
  return splitPem(pem.slice(0, pem.indexOf('-----BEGIN PRIVATE KEY-----')))[0] ?? new Uint8Array();
}

describe('proofs in a directory', () => {
  it('are shown where an edge says so by its folder, and by nothing else', async () => {
    expect(await proofs().areShown()).toBe(false);
    await expect(proofs().show(proof)).rejects.toMatchObject({ code: 'delivery-failed', message: expect.stringContaining('_acme-tls') });
    expect(await readdir(directory)).toEqual([]);
    await writeFile(handshakeProofsFolder(directory), 'a file');
    expect(await proofs().areShown()).toBe(false);
    await rm(handshakeProofsFolder(directory));
    await edgeStarts();
    expect(await proofs().areShown()).toBe(true);
  });

  it('are certificate and key of their own in one file that nobody else reads, and a newer one takes the place of it', async () => {
    await edgeStarts();
    const keys = new Set<string>();
    for (const keyAuthorization of ['first.thumbprint', 'second.thumbprint']) {
      await proofs().show({ ...proof, keyAuthorization });
      expect(proofCertificateFault(await shown(), { ...proof, keyAuthorization })).toBeNull();
      keys.add((await readFile(file(), 'utf8')).split('BEGIN PRIVATE KEY')[1] ?? '');
    }
    expect(keys.size).toBe(2);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(await readdir(join(file(), '..'))).toEqual(['proof.pem']);
  });

  it('are whole whenever they are looked at, however many workers write', async () => {
    await edgeStarts();
    await proofs().show(proof);
    let done = false;
    const writing = Promise.all(Array.from({ length: 10 }, () => proofs().show(proof))).then(() => {
      done = true;
    });
    do expect(proofCertificateFault(await shown(), proof)).toBeNull();
    while (!done);
    await writing;
    expect(await readdir(join(file(), '..'))).toEqual(['proof.pem']);
  });

  it('are taken away with their key and all that was begun beside them, once and again', async () => {
    await edgeStarts();
    await proofs().show(proof);
    await writeFile(join(file(), '..', 'begun-by-a-worker-that-died'), 'a key');
    for (let times = 0; times < 2; times += 1) await proofs().hide(proof.hostname);
    expect(await readdir(handshakeProofsFolder(directory))).toEqual([]);
    expect(await proofs().areShown()).toBe(true);
  });

  it.each(['*.example.test', '..', '../escape', '', '.', 'a/b', 'Shop.example.test', '_acme-tls', 'x'.repeat(254)])(
    'are put nowhere for %j',
    async (hostname) => {
      await edgeStarts();
      await expect(proofs().show({ ...proof, hostname })).rejects.toMatchObject({ code: 'invalid-input' });
      await expect(proofs().hide(hostname)).rejects.toMatchObject({ code: 'invalid-input' });
      expect(await readdir(directory, { recursive: true })).toEqual(['_acme-tls']);
    },
  );

  it('say what stands in their way, and where', async () => {
    await edgeStarts();
    await writeFile(join(handshakeProofsFolder(directory), proof.hostname), 'a file of somebody else');
    await expect(proofs().show(proof)).rejects.toMatchObject({ code: 'delivery-failed', message: expect.stringContaining('is no folder') });
    const below = directoryProofs(join(directory, '_acme-tls', proof.hostname), fixedClock(new Date()));
    await expect(below.areShown()).rejects.toMatchObject({ code: 'delivery-failed' });
  });
});
