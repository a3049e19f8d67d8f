import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { buildCrl, type CrlDraft, type RevokedCertificate } from './crl.ts';
import { contextConstructed, contextPrimitive, sequence } from './der.ts';
import { children, readDer } from './der-reader.ts';
import { type RevocationReason, revocationReasons } from './issuer.ts';
import { newSerial } from './serial.ts';
import { testAuthority, testNow } from './testing/authority.ts';

const authority = await testAuthority();
const day = 86_400_000;
const draft: CrlDraft = { number: 7, thisUpdate: testNow, nextUpdate: new Date(testNow.getTime() + day), revoked: [], addresses: null };
const crlOf = async (changes: Partial<CrlDraft>) =>
  new x509.X509Crl(Uint8Array.from(await buildCrl({ ...draft, ...changes }, authority.identity, authority.signer)));
const issuer = new x509.X509Certificate(Uint8Array.from(authority.intermediate));

describe('a CRL', () => {
  it('names its issuer and its key, its number, and how long it holds', async () => {
    const crl = await crlOf({ number: 300 });
    expect([crl.version, crl.issuer, crl.thisUpdate, crl.nextUpdate]).toEqual([1, issuer.subject, draft.thisUpdate, draft.nextUpdate]);
    expect(crl.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId).toBe(
      issuer.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    );
    const number = crl.extensions.find(({ type }) => type === '2.5.29.20');
    expect(Buffer.from(number?.value ?? new ArrayBuffer(0)).toString('hex')).toBe('0202012c');
    expect(await crl.verify({ publicKey: issuer })).toBe(true);
  });

  it('without an entry leaves their list out', async () => {
    const crl = await crlOf({});
    expect(crl.entries).toEqual([]);
    const [tbs] = children(readDer(new Uint8Array(crl.rawData)));
    expect(tbs && children(tbs).map(({ tag }) => tag)).toEqual([0x02, 0x30, 0x30, 0x17, 0x17, 0xa0]);
  });

  it.each(Object.entries(revocationReasons) as [RevocationReason, number][])(
    'says %s as its number, and unspecified by saying nothing',
    async (reason, code) => {
      const [entry] = (await crlOf({ revoked: [{ serial: 'AB'.repeat(16), revokedAt: testNow, reason }] })).entries;
      expect(entry?.revocationDate).toEqual(testNow);
      expect(entry?.reason ?? 0).toBe(code);
      expect(entry?.extensions).toHaveLength(reason === 'unspecified' ? 0 : 1);
    },
  );

  it('of one shard says so, critically, by every address that it has, and that it names no CA', async () => {
    const addresses = ['http://old.example.test/a.7.crl', 'http://pki.example.test/a.7.crl'];
    const crl = await crlOf({ addresses });
    const scope = crl.extensions.find(({ type }) => type === '2.5.29.28');
    expect(scope?.critical).toBe(true);
    const uris = addresses.map((address) => contextPrimitive(6, Buffer.from(address)));
    const expected = sequence(contextConstructed(0, contextConstructed(0, ...uris)), contextPrimitive(1, Uint8Array.of(0xff)));
    expect(Buffer.from(scope?.value ?? new ArrayBuffer(0))).toEqual(Buffer.from(expected));
    expect((await crlOf({})).extensions.map(({ type }) => type)).toEqual(['2.5.29.35', '2.5.29.20']);
  });

  it('is not made of what is no serial', async () => {
    const revoked: RevokedCertificate[] = [{ serial: 'x'.repeat(100), revokedAt: testNow, reason: 'superseded' }];
    await expect(crlOf({ revoked })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining(`${'x'.repeat(60)} is not`),
    });
  });

  it('is read by another implementation with its reasons', async () => {
    const revoked: RevokedCertificate[] = [
      { serial: 'AB'.repeat(16), revokedAt: testNow, reason: 'keyCompromise' },
      { serial: '12'.repeat(16), revokedAt: testNow, reason: 'unspecified' },
    ];
    const read = await crlOf({ revoked });
    expect(read.entries.map(({ serialNumber, reason }) => [serialNumber.toUpperCase(), reason ?? null])).toEqual([
      [expect.stringContaining('AB'.repeat(16)), x509.X509CrlReason.keyCompromise],
      ['12'.repeat(16), null],
    ]);
  });

  it('holds a hundred thousand certificates', async () => {
    const revoked = Array.from({ length: 100_000 }, () => ({ serial: newSerial(), revokedAt: testNow, reason: 'superseded' }) as const);
    const crl = await buildCrl({ ...draft, number: 8, revoked }, authority.identity, authority.signer);
    expect(crl.length).toBeGreaterThan(4_000_000);
  });
});
