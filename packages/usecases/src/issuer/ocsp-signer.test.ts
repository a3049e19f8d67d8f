import { readCertificate } from '@hostmaster/core/pki/certificate';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authorityOn } from '../testing/authority.ts';
import { createHarness, type Harness, harnessStart } from '../testing/harness.ts';
import { openOcspSigner } from './ocsp-signer.ts';

const day = 86_400_000;
let harness: Harness;
let ca: Awaited<ReturnType<typeof authorityOn>>;
let issuer: { id: string; slug: string };
beforeAll(async () => {
  harness = await createHarness();
  ca = await authorityOn(harness);
  const data = { slug: 'internal-ca', kind: 'internal-ca', name: 'Internal CA', permittedSuffixes: ['test'], profile: 'server', ...ca.row };
  issuer = await harness.db.issuer.create({ data });
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.db.ocspSigner.deleteMany();
  harness.clock.set(harnessStart);
  ca.change({});
  ca.warnings.length = 0;
});

const open = async () => {
  const { authority } = await ca.issuer();
  if (authority === undefined) throw new TypeError('unreachable: it is an authority');
  return openOcspSigner(ca.ctx, issuer, authority);
};
const stored = async () => readCertificate((await harness.db.ocspSigner.findFirstOrThrow()).certificate);
const serial = async () => Buffer.from((await stored()).serial).toString('hex');
const told = () => harness.db.auditEvent.findMany({ where: { action: 'issuer.delegate-ocsp' }, orderBy: { seq: 'asc' } });

describe('the signer of an issuer', () => {
  it('is made when it is first needed and written down, and is the same for all who need it at once', async () => {
    const before = (await told()).length;
    await Promise.all([open(), open(), open()]);
    expect(await harness.db.ocspSigner.count()).toBe(1);
    const events = (await told()).slice(before);
    expect(events).toMatchObject([
      { subject: 'internal-ca', subjectKind: 'issuer', detail: { notAfter: (await stored()).notAfter.toISOString() } },
    ]);
    expect(
      Object(events[0]?.detail)
        .serial.toLowerCase()
        .padStart((await serial()).length, '0'),
    ).toBe(await serial());
    await open();
    expect((await told()).length).toBe(before + 1);
  });

  it('is made anew when a third of its time is left', async () => {
    await open();
    const first = await serial();
    harness.clock.advance(19.9 * day);
    await open();
    expect(await serial()).toBe(first);
    harness.clock.advance(0.2 * day);
    await Promise.all([open(), open()]);
    expect(await serial()).not.toBe(first);
  });

  it('goes on while another cannot be made, for as long as it is valid', async () => {
    await open();
    const first = await serial();
    ca.change({ ocsp: { createSigner: () => Promise.reject(new Error('the key is away')) } });
    harness.clock.advance(25 * day);
    expect((await open())?.times.nextUpdate).toEqual(new Date(harness.clock.now().getTime() + 4 * day - 300_000));
    expect([await serial(), ca.warnings]).toEqual([first, [expect.objectContaining({ issuer: 'internal-ca' })]]);
    harness.clock.advance(3 * day);
    expect((await open())?.times.nextUpdate, 'no response outlives it').toEqual((await stored()).notAfter);
    harness.clock.advance(2 * day);
    await expect(open()).rejects.toThrow('the key is away');
  });

  it('that lasts as long as its CA does has no successor', async () => {
    const { notAfter } = readCertificate(ca.certificate);
    harness.clock.set(new Date(notAfter.getTime() - 20 * day));
    await open();
    const last = await serial();
    expect((await stored()).notAfter).toEqual(notAfter);
    harness.clock.advance(19 * day);
    await open();
    expect(await serial()).toBe(last);
  });

  it('is none where the CA signs no leaves', async () => {
    ca.change({ authority: { ocsp: null } });
    expect(await open()).toBeNull();
    expect(await harness.db.ocspSigner.count()).toBe(0);
  });

  it('keeps its key wrapped, in no event', async () => {
    await open();
    const row = await harness.db.ocspSigner.findFirstOrThrow();
    expect(Buffer.from(row.keyCiphertext).includes(Buffer.from(readCertificate(row.certificate).spki))).toBe(false);
    expect(JSON.stringify((await told()).map(({ detail }) => detail))).not.toMatch(/key|cipher/i);
  });
});
