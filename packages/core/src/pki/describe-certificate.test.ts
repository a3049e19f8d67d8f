import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rounds } from '../testing/soak.ts';
import { signStructure } from './build-certificate.ts';
import { maxCertificateLength } from './certificate.ts';
import { contextPrimitive, octetString, oid, sequence, setOf, utf8String } from './der.ts';
import { children, readDer } from './der-reader.ts';
import { describeCertificate } from './describe-certificate.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { testAuthority, withExtensions } from './testing/authority.ts';

const authority = await testAuthority();
const leaf = await authority.leaf({ names: ['orders.example.test', '*.api.example.test'] });

it('describes a certificate', () => {
  expect(describeCertificate(leaf)).toMatchObject({
    subject: 'CN=orders.example.test',
    issuer: 'O=Example, CN=Example Issuing',
    subjectAltNames: ['orders.example.test', '*.api.example.test'],
    serial: '77B4EAA99F4B01F75323A69A8C327C00',
    notBefore: new Date('2026-11-20T11:55:00Z'),
    notAfter: new Date('2027-02-18T11:54:59Z'),
    keyAlgorithm: 'ecdsa-p256',
    fingerprint: new X509Certificate(leaf).fingerprint256.replaceAll(':', '').toLowerCase(),
  });
  expect(describeCertificate(authority.root).keyAlgorithm).toBe('ecdsa-p384');
});

it.each([
  ['rsa-2048', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey],
  ['unknown', generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey],
  ['unknown', generateKeyPairSync('ed25519').publicKey],
])('calls a key %s', async (name, key) => {
  expect(describeCertificate(await authority.leaf({ spki: key.export({ format: 'der', type: 'spki' }) })).keyAlgorithm).toBe(name);
});

it('names whatever else it speaks for, by its kind', async () => {
  const content = {
    usages: ['client' as const],
    addresses: ['10.1.2.3', 'fd00::1'],
    spiffeId: 'spiffe://orders.example.test/api',
    mustStaple: false,
  };
  expect(describeCertificate(await authority.leaf({ content }))).toMatchObject({
    subjectAltNames: ['orders.example.test'],
    otherNames: ['IP:10.1.2.3', 'IP:fd00::1', 'URI:spiffe://orders.example.test/api'],
  });
});

it('describes one without names', () => {
  expect(describeCertificate(authority.root).subjectAltNames).toEqual([]);
});

it.each([
  ['too large', new Uint8Array(maxCertificateLength + 1), 'The certificate is too large.'],
  ['no certificate', new Uint8Array(maxCertificateLength), 'Not a certificate that can be read.'],
])('describes nothing that is %s', (_, der, message) => {
  expect(() => describeCertificate(der)).toThrow(expect.objectContaining({ code: 'invalid-input', message }));
});

it('names no host for an address', async () => {
  const names = sequence(contextPrimitive(2, Buffer.from('orders.example.test')), contextPrimitive(7, new Uint8Array(4)));
  const tbs = withExtensions(authority.tbs(), (all) => all.set(id.subjectAltName, sequence(oid(id.subjectAltName), octetString(names))));
  expect(describeCertificate(await signStructure(tbs, authority.signer)).subjectAltNames).toEqual(['orders.example.test']);
});

it('says of whatever is no certificate that it is none, and of what is one things that can be written down', () => {
  const changes = fc.array(fc.record({ at: fc.nat(leaf.length - 1), octet: fc.nat(255) }), { minLength: 1, maxLength: 4 });
  const cut = fc.nat(leaf.length);
  fc.assert(
    fc.property(changes, fc.option(cut), (octets, length) => {
      const mutated = Uint8Array.from(leaf);
      for (const { at, octet } of octets) mutated[at] = octet;
      try {
        const { notBefore, notAfter, ...texts } = describeCertificate(length === null ? mutated : mutated.subarray(0, length));
        expect([notBefore.toISOString(), notAfter.toISOString()].every((each) => each.endsWith('Z'))).toBe(true);
        expect(JSON.stringify(texts)).not.toContain('null');
      } catch (error) {
        expect(error).toMatchObject({ name: 'HostmasterError', code: 'invalid-input' });
      }
    }),
    { numRuns: rounds(2000, 100_000) },
  );
});

it('shows what is not seen in a name, or turns it around, by its code point, so that no name is taken for another', async () => {
  const names = sequence(contextPrimitive(2, Buffer.from('\x07orders.example.test', 'latin1')));
  const tbs = children(readDer(authority.tbs())).map(({ raw }) => raw);
  const name = sequence(setOf(sequence(oid('2.5.4.3'), utf8String('\u202etoor live'))));
  const changed = withExtensions(sequence(...tbs.slice(0, 5), name, ...tbs.slice(6)), (all) =>
    all.set(id.subjectAltName, sequence(oid(id.subjectAltName), octetString(names))),
  );
  const described = describeCertificate(await signStructure(changed, authority.signer));
  expect(described).toMatchObject({ subject: 'CN=U+202Etoor live', subjectAltNames: ['U+0007orders.example.test'] });
});
