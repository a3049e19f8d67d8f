import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Db, openDb } from '@hostmaster/db/client';
import { createTestDatabase, type TestDatabase } from '@hostmaster/embedded/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPkiFile } from './read-pki-file.ts';

let database: TestDatabase;
let db: Db;
const crl = Uint8Array.of(0x30, 0x00);
const pem = (name: string): string => readFileSync(new URL(`./testdata/${name}.pem`, import.meta.url), 'utf8');

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDb(database.url);
  const chainPem = `${pem('issuing')}\n${pem('root')}\n`;
  for (const slug of ['internal', 'second'])
    await db.issuer.create({
      data: {
        slug,
        kind: 'internal-ca',
        name: slug,
        chainPem,
        permittedSuffixes: [],
        profile: null,
        ...(slug === 'internal' ? { crl } : {}),
      },
    });
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});
const read = (file: string) => readPkiFile({ db }, file);

describe('the files that certificates point to', () => {
  it('are the issuing certificate and the CRL in DER', async () => {
    const issuing = await read('internal.cer');
    expect(issuing?.contentType).toBe('application/pkix-cert');
    expect(new X509Certificate(issuing?.body ?? new Uint8Array()).subject).toBe('CN=issuing');
    expect(await read('internal.crl')).toMatchObject({ contentType: 'application/pkix-crl', body: crl });
  });

  it('hold each root once', async () => {
    const text = Buffer.from((await read('root.pem'))?.body ?? []).toString();
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
    expect(new X509Certificate(text).subject).toBe('CN=root');
  });

  it.each(['unknown.cer', 'second.crl', 'internal.key', '../internal.cer', 'internal', "x'--.cer", ''])('are not "%s"', async (file) => {
    expect(await read(file)).toBeNull();
  });
});
