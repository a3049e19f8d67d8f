import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { readCertificate } from './certificate.ts';
import { toPem } from './chain.ts';
import { buildCrl } from './crl.ts';
import { isSignedBy, readCrlPem, revokes } from './read-crl.ts';
import { testAuthority, testNow } from './testing/authority.ts';

const authority = await testAuthority();
const other = await testAuthority();
const day = 86_400_000;
const label = 'X509 CRL';
const draft = { number: 300, thisUpdate: testNow, nextUpdate: new Date(testNow.getTime() + day), addresses: null };
const revoked = [{ serial: 'AB'.repeat(16), revokedAt: testNow, reason: 'keyCompromise' as const }];
const list = await buildCrl({ ...draft, revoked }, authority.identity, authority.signer);

const refusal = (pem: string): string => {
  try {
    readCrlPem(pem);
    return 'taken';
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    expect(error.code).toBe('invalid-input');
    return error.message;
  }
};

describe('a list that a CA elsewhere has signed', () => {
  it('is read with its number and its times, and known by whoever signed it', () => {
    const read = readCrlPem(`Certificate Revocation List:\n${toPem(list, label)}`);
    expect(read).toMatchObject({ number: 300, thisUpdate: testNow, nextUpdate: draft.nextUpdate });
    expect(isSignedBy(read, readCertificate(authority.intermediate))).toBe(true);
    expect(isSignedBy(read, readCertificate(other.intermediate))).toBe(false);
    const serial = Uint8Array.of(0, ...Buffer.from('AB'.repeat(16), 'hex'));
    expect([revokes(read, { serial }), revokes(read, { serial: serial.subarray(1) })]).toEqual([true, false]);
  });

  it('is not taken with another one beside it', () => {
    expect(refusal(toPem(list, label) + toPem(list, label))).toContain('not one PEM block');
    expect(refusal(toPem(list))).toContain('not one PEM block');
    expect(refusal('')).toContain('not one PEM block');
  });

  it('is not taken where it names some certificates alone', async () => {
    const shard = await buildCrl({ ...draft, revoked, addresses: ['http://a.example.test/a.1.crl'] }, authority.identity, authority.signer);
    expect(refusal(toPem(shard, label))).toContain('critical extension');
  });

  it('is not taken where it is larger than a megabyte', () => {
    expect(refusal(toPem(new Uint8Array(1024 * 1024 + 1), label))).toContain('too large');
  });

  it('whatever octets there are is read or refused as what cannot be read', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => typeof refusal(toPem(octets, label)) === 'string'));
  });

  it('that was changed in one place is not signed by its CA any more, or is refused', () => {
    const ca = readCertificate(authority.intermediate);
    fc.assert(
      fc.property(fc.nat(list.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Uint8Array.from(list, (octet, index) => (index === at ? octet ^ flip : octet));
        if (refusal(toPem(changed, label)) === 'taken') expect(isSignedBy(readCrlPem(toPem(changed, label)), ca)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
