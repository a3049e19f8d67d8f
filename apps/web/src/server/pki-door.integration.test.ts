import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sequence } from '@hostmaster/core/pki/der';
import { certIdUnder } from '@hostmaster/core/pki/ocsp-cert-id';
import { ocspFailure } from '@hostmaster/core/pki/ocsp-response';
import { serialInteger } from '@hostmaster/core/pki/serial';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { makeCertificate } from '@hostmaster/db/testing/certificate';
import { createGround, type Ground } from '@hostmaster/db/testing/ground';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Container } from './container.ts';
import { startPkiDoor } from './pki-door.ts';
import { testContainer } from './testing/container.ts';

const crl = Uint8Array.of(0x30, 0x00);
let ground: Ground;
let container: Container;
let server: Server;
let url: string;

beforeAll(async () => {
  ground = await createGround();
  const db = behindTheBack(ground.db);
  const issuer = { slug: 'internal', kind: 'internal-ca', name: 'internal', chainPem: '', permittedSuffixes: [], profile: null };
  await db.issuer.create({ data: { ...issuer, lists: { create: { list: 0, der: crl, refreshAt: new Date() } } } });
  // As a worker leaves it that waits for a CA.
  const { orderId } = await db.certificate.findUniqueOrThrow({ where: { id: await makeCertificate(ground) } });
  await db.httpProof.create({ data: { orderId, token: 'a-token_1', keyAuthorization: 'a-token_1.thumbprint', putAt: new Date() } });
  container = testContainer(ground.webUrl);
  server = await startPkiDoor({ address: '127.0.0.1', port: 0 }, container);
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await container.door.db.$disconnect();
  await ground.close();
});

describe('the port for certificates and CRLs', () => {
  it('answers a CRL in plain http, as the portal does', async () => {
    const answer = await fetch(`${url}/pki/internal.crl`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pkix-crl']);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(crl);
    expect((await fetch(`${url}/pki/internal.crl`, { method: 'HEAD' })).status).toBe(200);
  });

  it.each(['/', '/api/health', '/sign-in', '/pki/', '/pki/unknown.crl', '/pki/../api/health', '/pki/internal.key', '//pki/internal.crl'])(
    'has nothing else: %s',
    async (path) => {
      expect((await fetch(`${url}${path}`)).status).toBe(404);
    },
  );

  it('asks whoever asks by OCSP for patience while the database is away', async () => {
    const away = testContainer('postgresql://hostmaster_web:x@127.0.0.1:1/none');
    const apart = await startPkiDoor({ address: '127.0.0.1', port: 0 }, away);
    const asked = sequence(
      sequence(sequence(sequence(certIdUnder((await testAuthority()).issuer, 'sha1')(serialInteger('AB'.repeat(16)))))),
    );
    const at = `http://127.0.0.1:${(apart.address() as AddressInfo).port}/pki/ocsp/internal`;
    const answer = await fetch(at, { method: 'POST', body: Uint8Array.from(asked) });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(Uint8Array.from(ocspFailure('tryLater')));
    apart.close();
    await away.door.db.$disconnect();
  });

  it('answers a CA that asks for a proof of control with it, and nobody who guesses', async () => {
    const path = `${url}/.well-known/acme-challenge`;
    const answer = await fetch(`${path}/a-token_1`);
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'text/plain', 'a-token_1.thumbprint']);
    for (const other of ['', 'another', 'a-token_1/', '%00', 'a'.repeat(300), '../a-token_1', "'--"])
      expect((await fetch(`${path}/${other}`)).status).toBe(404);
    expect((await fetch(`${path}/a-token_1`, { method: 'POST' })).status).toBe(405);
  });

  it('takes nothing', async () => {
    expect((await fetch(`${url}/pki/internal.crl`, { method: 'POST', body: 'x' })).status).toBe(405);
  });
});
