import { describe, expect, it } from 'vitest';
import { authorityUrls, identityFor, leafTbs, rootTbs, signStructure } from './build-certificate.ts';
import { buildCsr } from './build-csr.ts';
import { readIssued } from './issued.ts';
import { type LeafContent, serverContent } from './leaf-content.ts';
import { newSerial } from './serial.ts';
import { freshKey } from './testing/authority.ts';

const urls = authorityUrls('http://pki.example.test', 'a');
const validity = { notBefore: new Date('2026-11-20T12:00:00Z'), notAfter: new Date('2027-02-18T11:59:59Z') };
const now = new Date('2026-11-20T12:00:01Z');
const { signer: ca } = freshKey();
const { signer: key } = freshKey();
const { signer: otherKey } = freshKey();
const names = ['orders.example.test', 'api.example.test'];

async function leafFor(subject: typeof key, of: readonly string[], serial = newSerial(), content?: LeafContent) {
  const root = await signStructure(
    rootTbs({ serial: newSerial(), ...validity, spki: ca.spki, commonName: 'Root', organisation: 'E' }, ca.algorithm),
    ca,
  );
  return [
    await signStructure(
      leafTbs({ serial, names: of, ...validity, spki: subject.spki, ...(content && { content }) }, identityFor(root, ca), urls),
      ca,
    ),
  ];
}
const order = { names, csr: await buildCsr(key, names) };

describe('what an issuer answered', () => {
  it('is read from the leaf', async () => {
    const serial = newSerial();
    const facts = readIssued(order, await leafFor(key, names, serial), now);
    expect(facts).toEqual({ serial, names, ...validity, fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), keyAlgorithm: 'ecdsa-p256' });
  });

  it('keeps the order of the names that were ordered, whatever theirs is in the leaf', async () => {
    expect(readIssued(order, await leafFor(key, [...names].reverse()), now).names).toEqual(names);
  });

  it.each([
    ['for another key', () => leafFor(otherKey, names), 'for another key'],
    ['for one name less', () => leafFor(key, names.slice(1)), 'for api.example.test, not for orders.example.test, api.example.test'],
    ['for one name more', () => leafFor(key, [...names, 'a.test']), 'for orders.example.test, api.example.test, a.test, not for orders'],
    ['for none', () => leafFor(key, []), 'for no name, not for orders.example.test, api.example.test'],
  ])('is refused where it is %s', async (_, chain, why) => {
    const answered = await chain();
    expect(() => readIssued(order, answered, now)).toThrow(
      expect.objectContaining({ code: 'issuer-refused', message: expect.stringContaining(why) }),
    );
  });

  const spiffeId = 'spiffe://orders.example.test/api';
  it.each<[string, Partial<LeafContent>, Partial<LeafContent>, string | null]>([
    ['for clients, as ordered', { usages: ['client'] }, { usages: ['client'] }, null],
    ['for both, where servers alone were ordered', {}, { usages: ['server', 'client'] }, null],
    [
      'for both, where clients alone were ordered',
      { usages: ['client'] },
      { usages: ['server', 'client'] },
      'for servers and clients, not for clients',
    ],
    ['for servers, where both were ordered', { usages: ['server', 'client'] }, {}, 'for servers, not for servers and clients'],
    ['for clients, where servers were ordered', {}, { usages: ['client'] }, 'for clients, not for servers'],
    ['with an address less', { addresses: ['10.1.2.3'], spiffeId }, { spiffeId }, `for ${spiffeId}, not for 10.1.2.3, ${spiffeId}`],
    ['with an identity more', {}, { spiffeId }, `for ${spiffeId}, not for those alone that were ordered`],
    ['that requires no stapled status', { mustStaple: true }, {}, 'that does not require its status to be stapled (RFC 7633)'],
  ])('%s', async (_, ordered, got, why) => {
    const answered = await leafFor(key, names, newSerial(), { ...serverContent, ...got });
    const read = () => readIssued({ ...order, content: { ...serverContent, ...ordered } }, answered, now);
    if (why === null) expect(read().names).toEqual(names);
    else
      expect(read).toThrow(expect.objectContaining({ code: 'issuer-refused', message: `The issuer answered with a certificate ${why}.` }));
  });

  it('is refused once it has expired: it would take the place of one that is still valid', async () => {
    const answered = await leafFor(key, names);
    expect(readIssued(order, answered, new Date('2027-02-18T11:59:58Z'))).toMatchObject(validity);
    expect(() => readIssued(order, answered, validity.notAfter)).toThrow(
      expect.objectContaining({
        code: 'issuer-refused',
        message: 'The issuer answered with a certificate that expired on 18 Feb 2027.',
      }),
    );
  });

  it('is no certificate where the chain is empty, and none that can be read where it is rubbish', () => {
    expect(() => readIssued(order, [], now)).toThrow(expect.objectContaining({ code: 'issuer-unavailable' }));
    expect(() => readIssued(order, [new Uint8Array([1, 2, 3])], now)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});
