import { completeList } from '@hostmaster/core/pki/crl-shard';
import type { CertificateStatus, OcspTimes } from '@hostmaster/core/pki/ocsp-response';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { transact } from '@hostmaster/db/transaction';
import { beforeEach, describe, expect, it } from 'vitest';
import { firstResponse } from '../certificate/first-response.ts';
import { publishAtOnce } from '../certificate/publish-at-once.ts';
import { authorityOn } from '../testing/authority.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { refreshOcsp } from './refresh-ocsp.ts';

const day = 86_400_000;

let harness: Harness;
let ca: Awaited<ReturnType<typeof authorityOn>>;
let said: (CertificateStatus & OcspTimes)[];
let whileSigning: () => Promise<unknown>;
beforeEach(async (test) => {
  harness = await createHarness();
  test.onTestFinished(() => harness.close());
  ca = await authorityOn(harness);
  said = [];
  whileSigning = async () => {};
  const ocsp = (await ca.issuer()).authority?.ocsp;
  if (!ocsp) throw new TypeError('unreachable: it signs responses');
  ca.change({
    ocsp: {
      open: (signer) => (times) => async (status) => {
        said.push({ ...status, ...times });
        await whileSigning();
        return ocsp.open(signer)(times)(status);
      },
    },
  });
});

/** Certificates of the issuer, with what is kept for each from the beginning. */
async function issued(count: number, notAfter = later(60)): Promise<string[]> {
  const team = await harness.build.team();
  const zone = await harness.build.zone({ team });
  const endpoint = await harness.build.endpoint({ hostname: `n.${zone.apex}`, team, zone });
  const notBefore = new Date(notAfter.getTime() - 90 * day);
  const serials = await harness.build.certificates(Array.from({ length: count }, () => ({ endpoint, notBefore, notAfter })));
  await harness.db.issuer.updateMany({ data: ca.row });
  const issuer = await harness.db.issuer.findFirstOrThrow();
  for (const { id: certificateId, serial } of await harness.db.certificate.findMany({ where: { serial: { in: serials } } })) {
    const first = await firstResponse(ca.ctx, issuer, await ca.issuer(), { serial, notAfter });
    if (first === null) throw new TypeError('unreachable: it signs responses');
    await harness.db.ocspResponse.create({ data: { certificateId, ...first } });
  }
  return serials;
}
function later(days: number): Date {
  return new Date(harness.clock.now().getTime() + days * day);
}
const revoke = async (serial: string | undefined) => {
  const { id, issuerId } = await harness.db.certificate.findFirstOrThrow({ where: { serial: serial ?? '' } });
  await transact(harness.db, async (tx) => {
    const data = { state: 'revoked' as const, revokedAt: harness.clock.now(), revocationReason: 'keyCompromise' };
    await behindTheBack(harness.db).certificate.updateMany({ where: { id }, data });
    await publishAtOnce(tx, { id, serial: serial ?? '', issuerId }, harness.clock.now());
  });
};
const refresh = async (limit = 100) => {
  said = [];
  return refreshOcsp(ca.ctx, limit);
};
const kept = (serial: string | undefined) => harness.db.ocspResponse.findFirst({ where: { certificate: { serial: serial ?? '' } } });

describe('a certificate', () => {
  it('is answered for from the moment that it is issued, for four days', async () => {
    const [serial] = await issued(1);
    const row = await kept(serial);
    expect([row?.sha1?.length, row?.sha256?.length]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(row?.nextUpdate).toEqual(new Date(later(4).getTime() - 300_000));
    expect(await refresh()).toBe(0);
  });

  it('gets the next response when half the time of the last is over', async () => {
    const [serial] = await issued(1);
    const before = await kept(serial);
    harness.clock.advance(1.9 * day);
    expect(await refresh()).toBe(0);
    harness.clock.advance(0.2 * day);
    expect(await refresh()).toBe(1);
    expect(said).toMatchObject([{ serial, revoked: null }]);
    const after = await kept(serial);
    expect(after?.nextUpdate).toEqual(new Date(later(4).getTime() - 300_000));
    expect(after?.thisUpdate).toEqual(new Date(harness.clock.now().getTime() - 300_000));
    expect(Buffer.compare(before?.sha1 ?? new Uint8Array(), after?.sha1 ?? new Uint8Array())).not.toBe(0);
    expect(await refresh()).toBe(0);
  });

  it('that is revoked is said to be so by the next sweep, and stays so', async () => {
    const [good, bad] = await issued(2);
    await revoke(bad);
    expect(await refresh()).toBe(1);
    const revoked = { at: harness.clock.now(), reason: 'keyCompromise' };
    expect(said).toMatchObject([{ serial: bad, revoked }]);
    harness.clock.advance(3 * day);
    expect(await refresh()).toBe(2);
    expect(said.toSorted((a, b) => Number(a.revoked !== null) - Number(b.revoked !== null))).toMatchObject([
      { serial: good, revoked: null },
      { serial: bad, revoked },
    ]);
  });

  it('that is revoked while its response is signed is not said to be good for days', async () => {
    const [serial] = await issued(1);
    harness.clock.advance(3 * day);
    whileSigning = async () => {
      whileSigning = async () => {};
      harness.clock.advance(1000);
      await revoke(serial);
    };
    expect(await refresh(), 'what was signed is not stored').toBe(0);
    expect(await refresh()).toBe(1);
    expect(said).toMatchObject([{ revoked: { reason: 'keyCompromise' } }]);
  });

  it('that is revoked and answered for by another worker meanwhile is not said to be good again', async () => {
    const [serial] = await issued(1);
    harness.clock.advance(3 * day);
    whileSigning = async () => {
      whileSigning = async () => {};
      harness.clock.advance(1000);
      await revoke(serial);
      await refreshOcsp(ca.ctx, 10);
    };
    await refreshOcsp(ca.ctx, 10);
    const row = await kept(serial);
    expect(Buffer.from(row?.sha1 ?? []).toString('hex')).toContain('a0030a0101');
  });

  it('that has expired is not answered for any more', async () => {
    const [serial] = await issued(1, later(1));
    harness.clock.advance(day - 1000);
    expect(await refresh()).toBe(0);
    expect(await kept(serial)).not.toBeNull();
    harness.clock.advance(1000);
    expect(await refresh()).toBe(0);
    expect([await kept(serial), said]).toEqual([null, []]);
  });

  it('that was issued before there were responses gets one', async () => {
    const [serial] = await issued(1);
    await harness.db.ocspResponse.updateMany({
      data: { sha1: null, sha256: null, thisUpdate: null, refreshAt: harness.clock.now(), nextUpdate: later(0.1) },
    });
    expect(await refresh()).toBe(1);
    expect((await kept(serial))?.sha256).not.toBeNull();
  });
});

describe('a sweep', () => {
  it('signs so many at most, those first that have waited longest', async () => {
    const serials = await issued(5);
    for (const [index, serial] of serials.entries())
      await harness.db.ocspResponse.updateMany({ where: { certificate: { serial } }, data: { refreshAt: later(-index) } });
    expect(await refresh(2)).toBe(2);
    expect(said.map(({ serial }) => serial)).toEqual([serials[4], serials[3]]);
    expect(await refresh(2)).toBe(2);
    expect(await refresh(2)).toBe(1);
    expect(await refresh(2)).toBe(0);
  });

  it('is not kept from those of other issuers by one whose key cannot be read', async () => {
    const [serial = ''] = await issued(1);
    const { id: _, ...like } = await harness.db.issuer.findFirstOrThrow();
    const other = await harness.db.issuer.create({ data: { ...like, settings: {}, slug: 'internal-ca-0', createdAt: new Date(0) } });
    const certificate = await harness.db.certificate.findFirstOrThrow({ where: { serial } });
    const { id: orderId, ...order } = await harness.db.certificateOrder.findFirstOrThrow();
    const made = await harness.db.certificateOrder.create({
      data: { ...order, resume: {}, trail: undefined, content: undefined, keyLabel: orderId, issuerId: other.id },
    });
    const copy = await behindTheBack(harness.db).certificate.create({
      data: { ...certificate, id: undefined, orderId: made.id, issuerId: other.id },
    });
    const row = await harness.db.ocspResponse.findFirstOrThrow();
    await harness.db.ocspResponse.create({ data: { ...row, certificateId: copy.id, issuerId: other.id } });
    harness.clock.advance(3 * day);
    const issuer: typeof ca.ctx.issuer = (wanted) => (wanted.id === other.id ? Promise.reject(new Error('the key is away')) : ca.issuer());
    expect(await refreshOcsp({ ...ca.ctx, issuer }, 100)).toBe(1);
    expect(ca.warnings).toMatchObject([{ issuer: 'internal-ca-0' }]);
  });

  it('with nothing due asks one question, and reads no response', async () => {
    await issued(3);
    expect(await harness.countQueries(() => refreshOcsp(ca.ctx, 100))).toBe(1);
  });
});

it('a revocation makes due what names the certificate, and nothing else', async () => {
  const [serial, other] = await issued(2);
  const { id: issuerId } = await harness.db.issuer.findFirstOrThrow();
  await harness.db.revocationList.create({ data: { issuerId, list: completeList, refreshAt: later(3) } });
  await revoke(serial);
  expect([(await kept(serial))?.refreshAt, (await kept(other))?.refreshAt]).toEqual([harness.clock.now(), expect.any(Date)]);
  expect((await kept(other))?.refreshAt.getTime()).toBeGreaterThan(harness.clock.now().getTime());
  expect((await harness.db.revocationList.findFirstOrThrow()).refreshAt).toEqual(harness.clock.now());
});
