import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPkiFile } from './pki-files.ts';
import { createWorld, type World } from './testing/world.ts';

let world: World;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const crl = Uint8Array.of(0x30, 0x00);

async function certificate(name: string): Promise<string> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned({ name: `CN=${name}`, keys, signingAlgorithm: algorithm });
  return made.toString('pem');
}

beforeAll(async () => {
  world = await createWorld();
  const root = await certificate('Root');
  for (const slug of ['internal', 'second'])
    await world.container.parts.db.issuer.create({
      data: {
        slug,
        kind: 'internal-ca',
        name: slug,
        chainPem: `${await certificate(slug)}\n${root}\n`,
        permittedSuffixes: [],
        profile: {},
        ...(slug === 'internal' ? { crl } : {}),
      },
    });
});
afterAll(() => world.close());
const read = (file: string) => readPkiFile(world.container.parts.db, file);

describe('the files that certificates point to', () => {
  it('are the issuing certificate and the CRL in DER', async () => {
    const issuing = await read('internal.cer');
    expect(issuing?.contentType).toBe('application/pkix-cert');
    expect(new X509Certificate(issuing?.body ?? new Uint8Array()).subject).toBe('CN=internal');
    expect(await read('internal.crl')).toMatchObject({ contentType: 'application/pkix-crl', body: crl });
  });

  it('hold each root once', async () => {
    const text = Buffer.from((await read('root.pem'))?.body ?? []).toString();
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
    expect(new X509Certificate(text).subject).toBe('CN=Root');
  });

  it.each(['unknown.cer', 'second.crl', 'internal.key', '../internal.cer', 'internal', "x'--.cer", ''])('are not "%s"', async (file) => {
    expect(await read(file)).toBeNull();
  });
});
