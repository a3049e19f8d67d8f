import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everyAction, type FakeAcm, startFakeAcm } from '../../testing/acm/fake-acm.ts';
import { type ImportOpening, importConnection, importDeps, openImport } from '../../testing/acm/import-ground.ts';
import { checksOf } from '../../testing/checks.ts';
import { createTestCa } from '../../testing/test-ca.ts';
import { acmImport } from './acm.ts';

const ca = await createTestCa();
let fake: FakeAcm;
beforeAll(async () => {
  fake = await startFakeAcm({ suffixes: ['example.test'], resolve: async () => null });
});
afterAll(() => fake.close());
beforeEach(() => fake.allow(everyAction));
const found = (opening: ImportOpening = {}) => checksOf(acmImport, importConnection(fake, opening), importDeps(fake, opening));

describe('a connection test', () => {
  it('passes where everything is in order, and imports nothing', async () => {
    const all = await found();
    expect(Object.entries(all).filter(([, { ok }]) => ok !== true)).toEqual([]);
    expect(all.account?.message).toContain('it shows with the first one that is delivered, before its key goes there.');
    expect(fake.certificates.all.size).toBe(0);
    await openImport(fake).deliver({ hostname: 'a.example.test', ...(await ca.leaf(['a.example.test'])) });
    expect((await found()).account).toMatchObject({ ok: true, message: 'It is 123456789012.' });
  });

  it('asks nothing of an account that the host of the worker does not name, and says what to add', async () => {
    const from = fake.asked.length;
    const { permitted, address } = await found({ keyDestinations: ['https://localhost:*'] });
    expect(permitted).toMatchObject({
      ok: false,
      message: expect.stringContaining('arn:aws:acm:eu-central-1:123456789012'),
      remedy: expect.stringContaining('HOSTMASTER_KEY_DESTINATIONS'),
    });
    expect([address?.ok, fake.asked.length]).toEqual([null, from]);
  });

  it.each(['acm:ImportCertificate', 'acm:DescribeCertificate', 'acm:GetCertificate', 'acm:ListTagsForCertificate'])(
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
