// An internal CA with a certificate that is good and one that is revoked, and the door that certificates point to, for clients that
// nobody here wrote: they find what they need by the addresses in the certificates.
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createInternalCa } from '@hostmaster/adapters/issuers/authority';
import { internalCa, internalRoot } from '@hostmaster/adapters/issuers/internal-ca';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { createKeyStore, generateWorkerKeys } from '@hostmaster/adapters/keys/key-store';
import { systemClock as clock } from '@hostmaster/core/clock';
import { authorityUrls } from '@hostmaster/core/pki/build-certificate';
import { chainToPem, toPem } from '@hostmaster/core/pki/chain';
import { readIssued } from '@hostmaster/core/pki/issued';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { openDb } from '@hostmaster/db/client';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { createTestDatabase } from '@hostmaster/embedded/testing/database';
import { systemActor } from '@hostmaster/usecases/actor';
import { publishDueCrls } from '@hostmaster/usecases/sweep/publish-crls';
import { refreshOcsp } from '@hostmaster/usecases/sweep/refresh-ocsp';
import { buildersOn } from '@hostmaster/usecases/testing/builders';
import type { Container } from '../container.ts';
import { startPkiDoor } from '../pki-door.ts';
import { testContainer } from './container.ts';

const run = promisify(execFile);

export type RevocationWorld = {
  /** Holds root.pem, ca.pem, good.pem and bad.pem. */
  readonly folder: string;
  /** What certificates are named by: http, a host and a port. */
  readonly address: string;
  readonly container: Container;
  readonly serials: { readonly good: string; readonly bad: string };
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** Output of a command that runs in the folder, whether it succeeds or not. */
  outcome(command: string, ...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
};

export const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Call in `beforeAll`, and `close` in `afterAll`. */
export async function createRevocationWorld(): Promise<RevocationWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'revocation-'));
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  const database = await createTestDatabase();
  const db = openDb(database.url);
  const container = testContainer(database.webUrl);
  const door = await startPkiDoor({ address: '127.0.0.1', port: 0 }, container);
  const address = addressOf(door);

  const kek = randomBytes(32);
  const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const options = { clock, keyStore, organisation: 'Example', urlsOf: (slug: string) => authorityUrls(address, slug) };
  const made = await createInternalCa({ ...options, permittedSuffixes: ['test'], urls: options.urlsOf('root') });
  const connection = (slug: string, { certificate, key }: typeof made.root) =>
    ({ slug, profile: serverProfile, chain: [certificate], key, secret: new Uint8Array() }) as const;
  const root = internalRoot.open({ ...connection('root', made.root), settings: { intermediateKey: 'ecdsa-p256' } }, options);
  const ca = internalCa.open({ ...connection('internal-ca-1', made.intermediate), settings: {} }, options);
  const rowOf = (slug: string, kind: string, { certificate, key }: typeof made.root) => ({
    ...{ slug, kind, name: slug, permittedSuffixes: [], chainPem: chainToPem([certificate]), profile: 'server' },
    ...{ keyId: key.keyId, keyCiphertext: Buffer.from(key.ciphertext) },
  });
  await db.issuer.create({ data: rowOf('root', 'internal-root', made.root) });
  const { id: issuerId } = await db.issuer.create({ data: rowOf('internal-ca-1', 'internal-ca', made.intermediate) });

  const build = buildersOn(db, clock);
  const team = await build.team();
  const zone = await build.zone({ team });
  const endpoint = await build.endpoint({ hostname: `n.${zone.apex}`, team, zone });
  const names = ['n.example.test'];
  const of = { endpointId: endpoint.id, issuerId, names, keyAlgorithm: 'ecdsa-p256' };

  /** One that is issued and, where it is to be, revoked. @returns its serial */
  async function issue(name: 'good' | 'bad'): Promise<string> {
    const order = { id: randomUUID(), names, csr: await createCsr(await generateKey('ecdsa-p256'), names) };
    const progress = await ca.issue(order, ca.begin(order), AbortSignal.timeout(30_000));
    if (progress.outcome === 'pending') throw new Error(progress.message);
    const facts = readIssued(order, progress.chain, clock.now());
    const { id } = order;
    await db.certificateOrder.create({ data: { id, ...of, teamId: team.id, csr: Buffer.from(order.csr), keyLabel: id, resume: {} } });
    const revoked = name === 'bad' ? { state: 'revoked' as const, revokedAt: clock.now(), revocationReason: 'keyCompromise' } : {};
    const due = { issuerId, nextUpdate: clock.now(), refreshAt: clock.now() };
    const chain = { renewAfter: facts.notAfter, chainPem: chainToPem(progress.chain) };
    await behindTheBack(db).certificate.create({
      data: { ...of, ...facts, names, orderId: id, ...chain, ...revoked, ocspResponse: { create: due } },
    });
    await write(`${name}.pem`, chainToPem(progress.chain.slice(0, 1)));
    return facts.serial;
  }
  const serials = { good: await issue('good'), bad: await issue('bad') };
  await write('root.pem', toPem(made.root.certificate));
  await write('ca.pem', toPem(made.intermediate.certificate));
  const issuer = async ({ slug }: { slug: string }) => (slug === 'root' ? root : ca);
  const worker = { actor: systemActor, db, clock, issuer, log: { info: () => {}, warn: () => {}, error: () => {} } };
  await refreshOcsp(worker, 10);
  await publishDueCrls(worker);

  return {
    ...{ folder, address, container, serials, write },
    async outcome(command, ...args) {
      const { stdout, stderr } = await run(command, args, { cwd: folder, timeout: 120_000 }).catch(
        (error: { stdout: string; stderr: string }) => ({ stdout: `failed: ${error.stdout}`, stderr: error.stderr }),
      );
      return `${stdout}${stderr}`;
    },
    async close() {
      door.close();
      await Promise.all([container.door.db.$disconnect(), db.$disconnect()]);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
