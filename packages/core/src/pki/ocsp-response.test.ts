import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { identityFor, ocspSignerTbs, signStructure } from './build-certificate.ts';
import { children, type DerValue, readBitOctets, readDer, readOid } from './der-reader.ts';
import { type RevocationReason, revocationReasons } from './issuer.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { certIdUnder, keyHash } from './ocsp-cert-id.ts';
import { type CertificateStatus, ocspFailure, ocspResponses } from './ocsp-response.ts';
import { newSerial, serialInteger } from './serial.ts';
import { freshKey, testAuthority, testNow } from './testing/authority.ts';

const authority = await testAuthority();
const { signer } = freshKey();
const validity = { notBefore: testNow, notAfter: new Date(testNow.getTime() + 86_400_000) };
const draft = { serial: newSerial(), ...validity, spki: signer.spki, commonName: 'Example OCSP', organisation: 'Example' };
const responder = await signStructure(ocspSignerTbs(draft, identityFor(authority.intermediate, authority.signer)), authority.signer);
const times = {
  producedAt: new Date('2026-11-20T12:00:07Z'),
  thisUpdate: new Date('2026-11-20T11:55:00Z'),
  nextUpdate: new Date('2026-11-24T11:55:00Z'),
};
const sign = ocspResponses(authority.issuer, responder, signer)(times);
const serial = '77B4EAA99F4B01F75323A69A8C327C00';
const respond = (revoked: CertificateStatus['revoked'] = null) => sign({ serial, revoked });
const hex = (octets: Uint8Array | undefined): string => Buffer.from(octets ?? []).toString('hex');
const text = (value: DerValue | undefined): string => Buffer.from(value?.content ?? []).toString('latin1');

/** The parts of a response as RFC 6960 §4.2.1 names them. */
function readResponse(der: Uint8Array) {
  const [status, bytes] = children(readDer(der));
  const [type, octets] = children(readDer(bytes?.content ?? new Uint8Array()));
  const [data, algorithm, signature, certificates] = children(readDer(octets?.content ?? new Uint8Array()));
  const [responderId, producedAt, responses] = data === undefined ? [] : children(data);
  const singles = responses === undefined ? [] : children(responses);
  const [certId, certStatus, thisUpdate, nextUpdate] = singles[0] === undefined ? [] : children(singles[0]);
  return {
    status,
    type,
    data,
    algorithm,
    signature,
    certificates,
    responderId,
    producedAt,
    singles,
    certId,
    certStatus,
    thisUpdate,
    nextUpdate,
  };
}

describe('a response', () => {
  it('is successful, basic, of one certificate, and names who signed it by the hash of the key', async () => {
    const { sha1 } = await respond();
    const { status, type, responderId, singles } = readResponse(sha1);
    expect([hex(status?.content), readOid(type)]).toEqual(['00', id.ocspBasic]);
    expect(hex(responderId?.raw)).toBe(`a2160414${hex(keyHash(signer.spki))}`);
    expect(singles).toHaveLength(1);
  });

  it('answers the CertID of each hash with the same', async () => {
    const both = await respond();
    for (const hash of ['sha1', 'sha256'] as const) {
      const { certId, certStatus } = readResponse(both[hash]);
      expect(hex(certId?.raw)).toBe(hex(certIdUnder(authority.issuer, hash)(serialInteger(serial))));
      expect(hex(certStatus?.raw)).toBe('8000');
    }
  });

  it('says when it was made, from when it is so and until when', async () => {
    const { producedAt, thisUpdate, nextUpdate } = readResponse((await respond()).sha1);
    expect([text(producedAt), text(thisUpdate), text(nextUpdate).slice(2)]).toEqual([
      '20261120120007Z',
      '20261120115500Z',
      '20261124115500Z',
    ]);
    expect([producedAt?.tag, thisUpdate?.tag, nextUpdate?.tag]).toEqual([0x18, 0x18, 0xa0]);
  });

  it('is signed over its data by the signer, whose certificate comes along', async () => {
    for (const der of Object.values(await respond())) {
      const { data, algorithm, signature, certificates } = readResponse(der);
      const key = createPublicKey({ key: Buffer.from(signer.spki), format: 'der', type: 'spki' });
      expect(verify('sha256', data?.raw ?? new Uint8Array(), key, readBitOctets(signature))).toBe(true);
      expect(readOid(algorithm && children(algorithm)[0])).toBe(id.ecdsaWithSha256);
      expect(hex(certificates?.raw)).toContain(hex(responder));
    }
  });

  it.each(Object.entries(revocationReasons) as [RevocationReason, number][])(
    'says revoked since when and %s as its number, and unspecified by saying nothing',
    async (reason, code) => {
      const { certStatus } = readResponse((await respond({ at: new Date('2026-11-20T10:00:00Z'), reason })).sha1);
      const [at, why] = certStatus === undefined ? [] : children(certStatus);
      expect([certStatus?.tag, text(at)]).toEqual([0xa1, '20261120100000Z']);
      expect(hex(why?.raw)).toBe(reason === 'unspecified' ? '' : `a0030a010${code}`);
    },
  );

  it.each([8, 15, 16, 20])('is the same structure for a serial of %d octets, with or without an octet for the sign', async (length) => {
    for (const first of length === 20 ? ['7F'] : ['7F', '80']) {
      const of = `${first}${'AB'.repeat(length - 1)}`;
      for (const revoked of [null, { at: times.thisUpdate, reason: 'superseded' as const }]) {
        for (const hash of ['sha1', 'sha256'] as const) {
          const [once, again] = [await sign({ serial: of, revoked }), await sign({ serial: of, revoked })].map((each) =>
            readResponse(each[hash]),
          );
          expect(hex(once?.certId?.raw)).toBe(hex(certIdUnder(authority.issuer, hash)(serialInteger(of))));
          expect(hex(again?.data?.raw)).toBe(hex(once?.data?.raw));
          expect(hex(again?.certificates?.raw)).toBe(hex(once?.certificates?.raw));
        }
      }
    }
  });

  it('is not made for what is no serial', async () => {
    await expect(sign({ serial: 'x', revoked: null })).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

it.each([
  ['malformedRequest', '30030a0101'],
  ['internalError', '30030a0102'],
  ['tryLater', '30030a0103'],
  ['unauthorized', '30030a0106'],
] as const)('%s is said without a signature', (failure, der) => {
  expect(hex(ocspFailure(failure))).toBe(der);
});
