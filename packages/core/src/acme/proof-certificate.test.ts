import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { extension, leafSubject, signStructure, subjectAltName, tbsCertificate } from '../pki/build-certificate.ts';
import { toPem } from '../pki/chain.ts';
import { octetString, utf8String } from '../pki/der.ts';
import { objectIdentifiers as id } from '../pki/object-identifiers.ts';
import { signerFor } from '../pki/signer.ts';
import { proofCertificate, proofCertificateFault } from './proof-certificate.ts';

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'proof-certificate-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const signer = signerFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const keyAuthorization = 'evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI';
const serial = '0123456789ABCDEF0123456789ABCDEF';
const now = new Date('2026-12-09T10:00:00.123Z');
const draft = { hostname: 'shop.example.test', keyAuthorization, serial, now };
const made = await proofCertificate(draft, signer);

describe('the certificate of a proof', () => {
  it('is read by OpenSSL as RFC 8737 §3 has it: one name, the critical extension, its own signature, and a day', async () => {
    const path = join(folder, 'proof.pem');
    await writeFile(path, toPem(made));
    const { stdout } = await run('openssl', ['x509', '-in', path, '-noout', '-text']);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toContain('Version: 3');
    expect(text).toMatch(
      /X509v3 extensions: X509v3 Subject Alternative Name: DNS:shop\.example\.test 1\.3\.6\.1\.5\.5\.7\.1\.31: critical \S+/,
    );
    expect(text).toContain('Not Before: Dec 9 09:00:00 2026 GMT Not After : Dec 10 10:00:00 2026 GMT');
    expect(text).toContain('Issuer: CN = tls-alpn-01');
    const parsed = (await run('openssl', ['asn1parse', '-in', path])).stdout;
    const digest = createHash('sha256').update(keyAuthorization).digest('hex').toUpperCase();
    // The value of an extension is an OCTET STRING, and what is in it is another one.
    expect(parsed).toContain(`[HEX DUMP]:0420${digest}`);
    // OpenSSL knows nothing of the extension, and without it sees nothing wrong: its signature is that of its own key.
    const verified = await run('openssl', ['verify', '-ignore_critical', '-no_check_time', '-check_ss_sig', '-CAfile', path, path]);
    expect(verified.stdout).toContain('OK');
  });

  it('is what a CA takes for that name and that order, and for no other', () => {
    const of = (more: Partial<typeof draft>) => proofCertificateFault(made, { ...draft, ...more });
    expect(of({})).toBeNull();
    expect(of({ hostname: 'other.example.test' })).toBe('presents a proof of another name');
    expect(of({ keyAuthorization: 'another.one' })).toBe('presents the proof of another order');
  });

  it.each([
    '*.example.test',
    'SHOP.example.test',
    'shop.example.test.',
    '',
    '..',
    'a/../b',
    'shop_1.test',
    'bücher.test',
    `${'a'.repeat(64)}.test`,
  ])('is made for no %j', (hostname) =>
    expect(() => proofCertificate({ ...draft, hostname }, signer)).toThrow(expect.objectContaining({ code: 'invalid-input' })),
  );

  it('is made for a name of 253 characters, too, and for whatever a server calls its token', async () => {
    const hostname = `${`${'a'.repeat(62)}.`.repeat(4)}b`;
    const long = await proofCertificate({ ...draft, hostname }, signer);
    expect([hostname.length, proofCertificateFault(long, { ...draft, hostname })]).toEqual([253, null]);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        const der = await proofCertificate({ ...draft, keyAuthorization: text }, signer);
        expect(proofCertificateFault(der, { ...draft, keyAuthorization: text })).toBeNull();
      }),
      { numRuns: 50 },
    );
  });
});

/** One that somebody else made. */
const other = (...extensions: readonly Uint8Array[]): Promise<Uint8Array> => {
  const subject = leafSubject(['x']);
  const whole = { serial, notBefore: now, notAfter: now, spki: signer.spki };
  return signStructure(
    tbsCertificate(whole, { subject, keyIdentifier: new Uint8Array(), algorithm: signer.algorithm }, subject, extensions),
    signer,
  );
};
const digest = createHash('sha256').update(keyAuthorization).digest();
const names = subjectAltName([draft.hostname], false);
const proof = extension(id.acmeIdentifier, octetString(digest), true);

describe('a certificate is no such proof', () => {
  it.each<[string, readonly Uint8Array[], string]>([
    ['where it has no extension at all', [], 'presents a certificate that is no proof'],
    ['where it is an ordinary one', [names], 'presents a certificate that is no proof'],
    [
      'where whoever does not know the extension may pass over it',
      [names, extension(id.acmeIdentifier, octetString(digest))],
      'presents a proof that is not marked as critical',
    ],
    ['where it has no name', [proof], 'presents a proof of another name'],
    ['where it has a second name', [subjectAltName([draft.hostname, 'b.test'], false), proof], 'presents a proof of another name'],
    [
      'where it has an address beside the name',
      [subjectAltName([draft.hostname], false, { addresses: ['192.0.2.1'], spiffeId: null }), proof],
      'presents a proof of another name',
    ],
    [
      'where it is cut short',
      [names, extension(id.acmeIdentifier, octetString(digest.subarray(1)), true)],
      'presents the proof of another order',
    ],
    [
      'where what it holds is of another type',
      [names, extension(id.acmeIdentifier, utf8String('x'), true)],
      'presents what is no certificate that can be read',
    ],
    [
      'where what it holds is no DER',
      [names, extension(id.acmeIdentifier, Buffer.from([4, 99]), true)],
      'presents what is no certificate that can be read',
    ],
  ])('%s', async (_, extensions, expected) => {
    expect(proofCertificateFault(await other(...extensions), draft)).toBe(expected);
  });

  it('in whatever way it is broken, and nothing makes the reader throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => proofCertificateFault(noise, draft) !== null));
    const change = fc.record({ at: fc.nat(made.length - 1), octet: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const broken = Buffer.from(made);
        for (const { at, octet } of changes) broken[at] = octet;
        const fault = proofCertificateFault(broken, draft);
        return fault === null || fault.startsWith('presents ');
      }),
      { numRuns: 1000 },
    );
  });
});
