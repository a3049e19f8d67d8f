import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { type JsonGeneralNames, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { discoveredFacts, mostNames } from './discovered-facts.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
let keys: CryptoKeyPair;
beforeAll(async () => {
  keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
});

type More = { name?: string; notBefore?: Date; notAfter?: Date; serial?: string; others?: JsonGeneralNames };
async function made(names: readonly string[], more: More = {}): Promise<Uint8Array> {
  const all: JsonGeneralNames = [...names.map((value) => ({ type: 'dns' as const, value })), ...(more.others ?? [])];
  const certificate = await X509CertificateGenerator.createSelfSigned({
    keys,
    signingAlgorithm: algorithm,
    name: more.name ?? 'CN=Old server, O=Example',
    serialNumber: more.serial ?? '4F0C',
    notBefore: more.notBefore ?? new Date('2026-01-01T00:00:00Z'),
    notAfter: more.notAfter ?? new Date('2027-01-01T00:00:00Z'),
    extensions: all.length === 0 ? [] : [new SubjectAlternativeNameExtension(all)],
  });
  return new Uint8Array(certificate.rawData);
}

describe('of a certificate that was found', () => {
  it('is kept what it says, its names in lower case and each once', async () => {
    expect(discoveredFacts(await made(['Old.Example.test', 'old.example.test', '*.api.example.test']))).toMatchObject({
      subject: 'CN=Old server, O=Example',
      names: ['old.example.test', '*.api.example.test'],
      namesTotal: 2,
      serial: '4F0C',
      notAfter: new Date('2027-01-01T00:00:00Z'),
      keyAlgorithm: 'ecdsa-p256',
      unreadable: null,
    });
  });

  it('is kept its common name, where it has no alternative names and that could be a hostname', async () => {
    expect(discoveredFacts(await made([], { name: 'CN=Legacy.example.test, O=Example' })).names).toEqual(['legacy.example.test']);
    expect(discoveredFacts(await made([])).names).toEqual([]);
  });

  it('are kept some of ten thousand names, with how many there are', async () => {
    const names = Array.from({ length: 3000 }, (_, at) => `h${at}.example.test`);
    const many = discoveredFacts(await made(names));
    expect(many.names).toHaveLength(mostNames);
    expect(many.namesTotal).toBe(3000);
    // Longer than any certificate that is read.
    const huge = discoveredFacts(await made(Array.from({ length: 10_000 }, (_, at) => `host-${at}.example.test`)));
    expect(huge).toMatchObject({ names: [], unreadable: 'The certificate is too large.' });
  });

  it('is shown what is not seen: a NUL, a bidirectional mark', async () => {
    const [name = '', subject = ''] = [
      discoveredFacts(await made(['pay.example.test\0.evil.test'])).names[0],
      discoveredFacts(await made(['a.test'], { name: 'CN=\u202eevil' })).subject,
    ];
    expect(name).toBe('pay.example.testu+0000.evil.test');
    expect(subject).toContain('U+202E');
  });

  it('is kept a subject of thousands of characters in part, and none of them in half', async () => {
    for (const before of ['a', 'ab']) {
      const { subject, issuer } = discoveredFacts(await made(['a.test'], { name: `CN=${before}${'\u{1f600}'.repeat(400)}` }));
      for (const text of [subject, issuer]) {
        expect(text.length).toBeLessThanOrEqual(500);
        expect(text.isWellFormed()).toBe(true);
      }
    }
  });

  it('is kept a name and a serial number of no more than either has, in part', async () => {
    const { names, serial } = discoveredFacts(await made([`${'a'.repeat(400)}.test`], { serial: '4f'.repeat(90) }));
    expect([names[0]?.length, serial?.length]).toEqual([253, 80]);
  });

  it('is kept no common name where it has alternative names, though none of them is a hostname', async () => {
    const addressed = await made([], { name: 'CN=legacy.example.test', others: [{ type: 'ip', value: '192.0.2.1' }] });
    expect(discoveredFacts(addressed).names).toEqual(['IP:192.0.2.1']);
  });

  it('is said that it cannot be read where it begins before there were certificates', async () => {
    const der = Buffer.from(
      await made(['a.test'], { notBefore: new Date('2051-01-01T00:00:00Z'), notAfter: new Date('2052-01-01T00:00:00Z') }),
    );
    expect(discoveredFacts(der).unreadable).toBeNull();
    der.write('0001', der.indexOf('20510101'), 'latin1');
    expect(discoveredFacts(der)).toMatchObject({ unreadable: 'Its validity cannot be read.', names: [] });
  });

  it('is kept an end in the year 9999, which says that there is none', async () => {
    const { notAfter } = discoveredFacts(await made(['a.test'], { notAfter: new Date('9999-12-31T23:59:59Z') }));
    expect(notAfter?.toISOString()).toBe('9999-12-31T23:59:59.000Z');
  });

  it('is said that it cannot be read, whatever was sent, and never thrown', async () => {
    const real = await made(['a.test']);
    const bent = fc
      .tuple(fc.nat(real.length - 1), fc.nat(255))
      .map(([at, octet]) => Uint8Array.from(real, (old, i) => (i === at ? octet : old)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), bent), (der) => {
        const facts = discoveredFacts(der);
        expect(facts.fingerprint).toMatch(/^[0-9a-f]{64}$/);
        expect(facts.unreadable === null).toBe(facts.notAfter !== null);
        expect(JSON.stringify(facts)).not.toContain('\\u0000');
      }),
      { numRuns: 300 },
    );
    expect(discoveredFacts(randomBytes(100)).unreadable).toBe('Not a certificate that can be read.');
  });
});
