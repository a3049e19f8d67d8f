import { systemClock } from '@hostmaster/core/clock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everyAction, type FakeAcm, startFakeAcm } from '../../testing/acm/fake-acm.ts';
import { aliasesInMemory, connectionOf, obtain, openAcm, orderOf } from '../../testing/acm/ground.ts';
import { checksOf } from '../../testing/checks.ts';
import { acm } from './acm.ts';

const dns = aliasesInMemory();
let fake: FakeAcm;
beforeAll(async () => {
  fake = await startFakeAcm({ suffixes: ['example.test'], resolve: dns.resolve });
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.allow(everyAction);
  fake.behave(null);
});
const found = (opening: Parameters<typeof connectionOf>[1] = {}) =>
  checksOf(acm, { ...connectionOf(fake, opening), suffixes: ['example.test'] }, { clock: systemClock, standingProofs: dns.proofs });

describe('a connection test', () => {
  it('passes where everything is in order, and makes nothing', async () => {
    const before = fake.certificates.all.size;
    const all = await found();
    expect(Object.entries(all).filter(([, { ok }]) => ok !== true)).toEqual([]);
    expect(all.account?.message).toContain('There is no certificate yet');
    expect(fake.certificates.all.size).toBe(before);
  });

  it('sees the account by what is there', async () => {
    await obtain(openAcm(fake, { proofs: dns.proofs }), orderOf());
    expect((await found()).account).toMatchObject({ ok: true, message: 'It is 123456789012.' });
    expect((await found({ settings: { account: '999999999999' } })).account).toMatchObject({
      ok: false,
      message: 'It is 123456789012, and not 999999999999.',
    });
  });

  it.each(['acm:RequestCertificate', 'acm:DescribeCertificate', 'acm:GetCertificate', 'acm:ListTagsForCertificate'])(
    'names %s where the policy lacks it, with the command that gives it',
    async (action) => {
      fake.allow(everyAction.filter((each) => each !== action));
      const { rights } = await found();
      expect(rights).toMatchObject({ ok: false, message: `It lacks ${action}.` });
      expect(rights?.remedy).toContain(`"${action}"`);
    },
  );

  it('with a secret that is wrong says so once', async () => {
    const all = await found({ secret: 'x'.repeat(40) });
    expect(all['sign-in']).toMatchObject({ ok: false, message: expect.stringContaining('(InvalidSignatureException)') });
    expect([all.account?.ok, all.rights?.ok]).toEqual([null, null]);
  });
});
