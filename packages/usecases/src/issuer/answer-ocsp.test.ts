import { readCertificate } from '@hostmaster/core/pki/certificate';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { derNull, integer, octetString, oid, sequence } from '@hostmaster/core/pki/der';
import { certIdUnder } from '@hostmaster/core/pki/ocsp-cert-id';
import { ocspFailure } from '@hostmaster/core/pki/ocsp-response';
import { serialInteger } from '@hostmaster/core/pki/serial';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHarness, type Harness, harnessStart } from '../testing/harness.ts';
import { answerOcsp } from './answer-ocsp.ts';

const hour = 3_600_000;
const [sha1, sha256] = [Buffer.from('signed for SHA-1'), Buffer.from('signed for SHA-256')];
const { intermediate } = await testAuthority(['test'], harnessStart);
const other = await testAuthority(['test'], harnessStart);
const issuer = readCertificate(intermediate);

let harness: Harness;
let serial = '';
let overdue = '';
let unsigned = '';
beforeAll(async () => {
  harness = await createHarness();
  const team = await harness.build.team();
  const zone = await harness.build.zone({ team });
  const endpoint = await harness.build.endpoint({ hostname: `n.${zone.apex}`, team, zone });
  [serial = '', overdue = '', unsigned = ''] = await harness.build.certificates([{ endpoint }, { endpoint }, { endpoint }, { endpoint }]);
  await harness.db.issuer.updateMany({ data: { chainPem: chainToPem([intermediate]) } });
  const { id: issuerId } = await harness.db.issuer.findFirstOrThrow();
  const now = harnessStart.getTime();
  const times = { thisUpdate: new Date(now - hour), nextUpdate: new Date(now + hour), refreshAt: new Date(now) };
  for (const { id: certificateId, serial: of } of await harness.db.certificate.findMany({
    where: { serial: { in: [serial, overdue, unsigned] } },
  }))
    await harness.db.ocspResponse.create({
      data: {
        ...{ certificateId, issuerId, sha1, sha256, ...times },
        ...(of === overdue ? { nextUpdate: new Date(now) } : {}),
        ...(of === unsigned ? { sha1: null, sha256: null, thisUpdate: null } : {}),
      },
    });
});
afterAll(() => harness.close());

const request = (...certIds: readonly Uint8Array[]): Uint8Array => sequence(sequence(sequence(...certIds.map((each) => sequence(each)))));
const certId = (of: string, hash: 'sha1' | 'sha256' = 'sha1', under = issuer): Uint8Array => certIdUnder(under, hash)(serialInteger(of));
const answer = (der: Uint8Array, slug = 'internal-ca') => answerOcsp(harness.door, slug, der);
const body = async (der: Uint8Array) => Buffer.from((await answer(der))?.body ?? []).toString();
const said = (failure: Parameters<typeof ocspFailure>[0]) => ({ body: Uint8Array.from(ocspFailure(failure)), kept: null });

describe('whoever asks whether a certificate is revoked', () => {
  it('is given what a worker signed for the hash that they ask by, and may keep it until its end', async () => {
    expect(await body(request(certId(serial)))).toBe('signed for SHA-1');
    expect(await body(request(certId(serial, 'sha256')))).toBe('signed for SHA-256');
    const times = { thisUpdate: new Date(harnessStart.getTime() - hour), nextUpdate: new Date(harnessStart.getTime() + hour) };
    expect((await answer(request(certId(serial))))?.kept).toEqual(times);
  });

  it('costs one statement', async () => {
    expect(await harness.countQueries(() => answer(request(certId(serial))))).toBe(1);
  });

  it.each([
    ['of a certificate that nobody knows', () => request(certId('AB'.repeat(16)))],
    ['of one of another issuer', () => request(certId(serial, 'sha1', readCertificate(other.intermediate)))],
    [
      'of one that has expired long ago',
      async () => request(certId((await harness.db.certificate.findFirstOrThrow({ where: { ocspResponse: null } })).serial)),
    ],
    ['of several at once', () => request(certId(serial), certId(serial, 'sha256'))],
    ['by a hash that is not known', () => request(sequence(sequence(oid('1.2.3'), derNull), octetString(), octetString(), integer(9)))],
    ['of a serial that is none', () => request(sequence(sequence(oid('1.3.14.3.2.26')), octetString(), octetString(), integer(0)))],
  ])('is told nothing %s', async (_, der) => {
    expect(await answer(await der())).toEqual(said('unauthorized'));
  });

  it.each([
    ['whose response is out of date', () => overdue],
    ['whose first response is not signed yet', () => unsigned],
  ])('is told to come back for one %s', async (_, of) => {
    expect(await answer(request(certId(of())))).toEqual(said('tryLater'));
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['HTML', Buffer.from('<html>')],
    ['a certificate', intermediate],
    ['a megabyte', new Uint8Array(1024 * 1024)],
  ])('is told so where they send %s', async (_, der) => {
    expect(await answer(der)).toEqual(said('malformedRequest'));
  });

  it('finds no responder of an issuer that there is not, nor is what they write part of a statement', async () => {
    for (const slug of ['unknown', "x' OR '1'='1", '']) expect(await answer(request(certId(serial)), slug)).toBeNull();
  });
});
