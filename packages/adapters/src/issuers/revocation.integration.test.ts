// What the internal CA says of revocations, before those who must understand it: OpenSSL and GnuTLS, with lists of shards and with
// OCSP responses. That they find it at the addresses in the certificates is the business of the tests of the portal.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock as clock, fixedClock } from '@hostmaster/core/clock';
import { authorityUrls } from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { chainToPem, toPem } from '@hostmaster/core/pki/chain';
import { crlShards, listAddress, shardOf } from '@hostmaster/core/pki/crl-shard';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import type { Authority } from '@hostmaster/core/pki/issuer';
import { ocspValidity } from '@hostmaster/core/pki/ocsp-validity';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { newSerial } from '@hostmaster/core/pki/serial';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCsr, generateKey } from '../keys/generate-key.ts';
import { createKeyStore, generateWorkerKeys } from '../keys/key-store.ts';
import { createInternalCa } from './authority.ts';
import { type InternalCaOptions, internalCa, internalRoot } from './internal-ca.ts';

const run = promisify(execFile);
const kek = randomBytes(32);
const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
const urls = authorityUrls('http://pki.example.test', 'issuing');
const options: InternalCaOptions = { clock, keyStore, organisation: 'Example', urlsOf: () => urls };
const { root, intermediate } = await createInternalCa({ ...options, permittedSuffixes: ['example.test'], urls });
const connectionOf = ({ certificate, key }: typeof root) => ({
  ...{ slug: 'issuing', settings: {}, profile: serverProfile, chain: [certificate], key, secret: new Uint8Array() },
});
const issuer = internalCa.open(connectionOf(intermediate), options);
const key = await generateKey('ecdsa-p256');

function authorityOf({ authority }: { readonly authority?: Authority }): Authority {
  if (authority === undefined) throw new TypeError('it signs no lists');
  return authority;
}
const ca = authorityOf(issuer);
const delegation = (of: Authority) => {
  if (of.ocsp === null) throw new TypeError('it signs no responses');
  return of.ocsp;
};

let folder: string;
const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
/** Output of a command, whether it succeeds or not. */
async function outcome(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(command, args, { cwd: folder, timeout: 20_000 }).catch(
    (error: { stdout: string; stderr: string }) => ({ stdout: `failed: ${error.stdout}`, stderr: error.stderr }),
  );
  return `${stdout}${stderr}`;
}

/** A new leaf, as leaf.pem. */
async function issue() {
  const names = ['orders.example.test'];
  const order = { id: 'order', names, csr: await createCsr(key, names) };
  const progress = await issuer.issue(order, issuer.begin(order), AbortSignal.timeout(30_000));
  if (progress.outcome === 'pending' || progress.chain[0] === undefined) throw new Error('no certificate');
  const [der] = progress.chain;
  await write('leaf.pem', toPem(der));
  await write('chain.pem', chainToPem([der, intermediate.certificate]));
  return { der, serial: describeCertificate(der).serial };
}

const minutes = (count: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 + count * 60_000);
const list = (of: Authority, serials: readonly string[], addresses: readonly string[] | null = null) =>
  of.signCrl({
    ...{ number: 1, thisUpdate: minutes(-5), nextUpdate: minutes(60), addresses },
    revoked: serials.map((serial) => ({ serial, revokedAt: minutes(-1), reason: 'keyCompromise' })),
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'revocation-'));
  await write('root.pem', toPem(root.certificate));
  await write('intermediate.pem', toPem(intermediate.certificate));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the list of a shard, beside that of the root', () => {
  const at = (shard: number): string => listAddress(urls.crl, shard);
  const verdicts = async (serials: readonly string[], addresses: readonly string[]) => {
    const ofRoot = await list(
      authorityOf(internalRoot.open({ ...connectionOf(root), settings: { intermediateKey: 'ecdsa-p256' } }, options)),
      [],
    );
    const ofShard = await list(ca, serials, addresses);
    await write('crls.pem', toPem(ofRoot, 'X509 CRL') + toPem(ofShard, 'X509 CRL'));
    const all = ['verify', '-x509_strict', '-crl_check_all', '-CAfile', 'root.pem', '-untrusted', 'intermediate.pem'];
    return {
      openssl: await outcome('openssl', ...all, '-CRLfile', 'crls.pem', 'leaf.pem'),
      gnutls: await outcome(
        ...(['certtool', '--verify', '--load-ca-certificate', 'root.pem', '--load-crl', 'crls.pem', '--infile', 'chain.pem'] as const),
      ),
    };
  };

  it('lets a leaf of the shard through, and refuses it once it names it', async () => {
    const { serial } = await issue();
    const good = await verdicts([newSerial()], [at(shardOf(serial))]);
    expect(good.openssl).toBe('leaf.pem: OK\n');
    expect(good.gnutls).toContain('The certificate is trusted.');
    const bad = await verdicts([newSerial(), serial], [at(shardOf(serial))]);
    expect(bad.openssl).toContain('certificate revoked');
    expect(bad.gnutls).toContain('The certificate chain is revoked.');
  });

  it('counts for a leaf that names it by an older address', async () => {
    const { serial } = await issue();
    const moved = [listAddress('http://new.example.test/issuing.crl', shardOf(serial)), at(shardOf(serial))];
    expect((await verdicts([], moved)).openssl).toBe('leaf.pem: OK\n');
    expect((await verdicts([], moved.slice(0, 1))).openssl).toContain('different CRL scope');
  });

  it('says nothing of a leaf of another shard', async () => {
    const { serial } = await issue();
    expect((await verdicts([], [at(1 + (shardOf(serial) % crlShards))])).openssl).toContain('different CRL scope');
  });
});

describe('an OCSP response', () => {
  /** What both read from the response to a CertID with that hash. */
  const answers = async (hash: 'sha1' | 'sha256', response: Uint8Array) => {
    await write('response', response);
    const files = ['-issuer', 'intermediate.pem', `-${hash}`, '-cert', 'leaf.pem', '-CAfile', 'root.pem', '-respin', 'response'];
    return {
      openssl: await outcome('openssl', 'ocsp', ...files),
      gnutls: await outcome('ocsptool', '--verify-response', '--load-trust', 'intermediate.pem', '--load-response', 'response'),
      text: await outcome('ocsptool', '--response-info', '--load-response', 'response'),
    };
  };
  const respond = async (serial: string, revoked: { at: Date; reason: 'keyCompromise' } | null, delegated = delegation(ca)) => {
    const signer = await delegated.createSigner();
    return delegated.open(signer)(ocspValidity(clock.now(), readCertificate(signer.certificate).notAfter))({ serial, revoked });
  };

  it.each(['sha1', 'sha256'] as const)('is verified by OpenSSL and GnuTLS and says good, by %s', async (hash) => {
    const { serial } = await issue();
    const { openssl, gnutls, text } = await answers(hash, (await respond(serial, null))[hash]);
    expect(openssl).toContain('Response verify OK');
    expect(openssl).toContain('leaf.pem: good');
    expect(gnutls).toContain('Verifying OCSP Response: Success.');
    expect(text).toMatch(/Certificate Status: good/);
  });

  it.each(['sha1', 'sha256'] as const)('says revoked, when and why, by %s', async (hash) => {
    const { serial } = await issue();
    const { openssl, gnutls, text } = await answers(hash, (await respond(serial, { at: minutes(-1), reason: 'keyCompromise' }))[hash]);
    expect(openssl).toMatch(/leaf\.pem: revoked[\s\S]*Reason: keyCompromise/);
    expect(gnutls).toContain('Verifying OCSP Response: Success.');
    expect(text).toMatch(/Certificate Status: revoked/);
  });

  it('that answers for another certificate, or by another hash, is no answer', async () => {
    await issue();
    expect((await answers('sha1', (await respond(newSerial(), null)).sha1)).openssl).toContain('No Status found');
    const { serial } = await issue();
    expect((await answers('sha256', (await respond(serial, null)).sha1)).openssl).toContain('No Status found');
  });

  it('of a signer that another CA made is not believed', async () => {
    const other = await createInternalCa({ ...options, permittedSuffixes: ['example.test'], urls });
    const { serial } = await issue();
    const foreign = await respond(serial, null, delegation(authorityOf(internalCa.open(connectionOf(other.intermediate), options))));
    expect((await answers('sha1', foreign.sha1)).openssl).not.toContain('Response verify OK');
  });
});

describe('a signer of OCSP responses', () => {
  it('lasts no longer than its CA', async () => {
    const end = readCertificate(intermediate.certificate).notAfter;
    const late = { ...options, clock: fixedClock(new Date(end.getTime() - 86_400_000)) };
    const { certificate } = await delegation(authorityOf(internalCa.open(connectionOf(intermediate), late))).createSigner();
    expect(readCertificate(certificate).notAfter).toEqual(end);
  });

  it('does not open with the key of another, nor as a CA', async () => {
    const [one, two] = [await delegation(ca).createSigner(), await delegation(ca).createSigner()];
    expect(() => delegation(ca).open({ certificate: one.certificate, key: two.key })).toThrow('cannot be opened');
    const asCa = internalCa.open(connectionOf({ certificate: intermediate.certificate, key: one.key }), options);
    await expect(list(authorityOf(asCa), [])).rejects.toMatchObject({ code: 'key-unreadable' });
  });
});
