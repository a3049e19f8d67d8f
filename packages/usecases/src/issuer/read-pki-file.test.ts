import { chainToPem } from '@hostmaster/core/pki/chain';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { type Db, openDb } from '@hostmaster/db/client';
import { createTestDatabase, type TestDatabase } from '@hostmaster/embedded/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPkiFile } from './read-pki-file.ts';

let database: TestDatabase;
let db: Db;
const crl = Uint8Array.of(0x30, 0x00);
const { root, intermediate } = await testAuthority();

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDb(database.url);
  const whole = chainToPem([intermediate, root]);
  for (const [slug, chainPem] of [
    ['internal', whole],
    ['second', whole],
    ['without-root', chainToPem([intermediate])],
    ['without-chain', ''],
  ] as const)
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
    expect(Buffer.from(issuing?.body ?? [])).toEqual(Buffer.from(intermediate));
    expect(await read('internal.crl')).toMatchObject({ contentType: 'application/pkix-crl', body: crl });
  });

  it('hold each root once, and no intermediate', async () => {
    const text = Buffer.from((await read('root.pem'))?.body ?? []).toString();
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
    expect(text).toBe(chainToPem([root]));
  });

  it.each(['unknown.cer', 'second.crl', 'internal.key', '../internal.cer', 'internal', "x'--.cer", ''])('are not "%s"', async (file) => {
    expect(await read(file)).toBeNull();
  });
});
