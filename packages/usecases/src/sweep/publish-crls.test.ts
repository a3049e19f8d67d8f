import { randomBytes } from 'node:crypto';
import { createInternalCa } from '@hostmaster/adapters/issuers/authority';
import { internalCa } from '@hostmaster/adapters/issuers/internal-ca';
import { createKeyStore, generateWorkerKeys } from '@hostmaster/adapters/keys/key-store';
import type { CrlDraft } from '@hostmaster/core/pki/crl';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { publishDueCrls } from './publish-crls.ts';

const day = 86_400_000;
const urls = { certificate: 'http://pki.example.test/root.cer', crl: 'http://pki.example.test/root.crl' };

let harness: Harness;
let ctx: Parameters<typeof publishDueCrls>[0];
const drafts: CrlDraft[] = [];

beforeAll(async () => {
  harness = await createHarness();
  const { clock } = harness;
  const kek = randomBytes(32);
  const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const options = { clock, keyStore, organisation: 'Example', permittedSuffixes: ['test'], urls, urlsOf: () => urls };
  const { certificate, key } = (await createInternalCa(options)).intermediate;
  const opened = internalCa.open(
    { slug: 'internal-ca', settings: {}, profile: serverProfile, chain: [certificate], key, secret: new Uint8Array() },
    options,
  );
  const { authority } = opened;
  if (authority === undefined) throw new TypeError('it signs no list');
  const signCrl = (draft: CrlDraft): Promise<Uint8Array> => {
    drafts.push(draft);
    return authority.signCrl(draft);
  };
  const issuer = async () => ({ ...opened, authority: { ...authority, signCrl } });
  ctx = { ...harness.worker, issuer, log: { info: () => {}, warn: () => {}, error: () => {} } };
});
afterAll(() => harness.close());

const after = async (days: number): Promise<CrlDraft | undefined> => {
  harness.clock.advance(days * day);
  const before = drafts.length;
  expect(await publishDueCrls(ctx)).toBe(drafts.length - before);
  return drafts[before];
};
const serialsOf = (draft: CrlDraft | undefined): string[] | undefined => draft?.revoked.map(({ serial }) => serial);

it('a list begins in the past, for clocks that run behind, and names what is revoked until a regular one after its end did', async () => {
  const team = await harness.build.team();
  const zone = await harness.build.zone({ team });
  const endpoint = await harness.build.endpoint({ hostname: `n.${zone.apex}`, team, zone });
  const now = harness.clock.now().getTime();
  const validity = { notBefore: new Date(now - 80 * day), notAfter: new Date(now + 4 * day) };
  const [serial = ''] = await harness.build.certificates([{ endpoint, state: 'revoked', ...validity }]);
  await harness.db.issuer.updateMany({ data: { keyId: 'key', keyCiphertext: Buffer.from('opened by the issuer of this test') } });
  const revoked = { revokedAt: new Date(now - 3_600_000), revocationReason: 'superseded' };
  await behindTheBack(harness.db).certificate.updateMany({ where: { serial }, data: revoked });

  const first = await after(0);
  expect(first?.thisUpdate).toEqual(new Date(now - 5 * 60_000));
  expect(first?.nextUpdate).toEqual(new Date(now - 5 * 60_000 + 7 * day));
  expect(serialsOf(first)).toEqual([serial]);
  expect(await after(3.4)).toBeUndefined();
  expect(serialsOf(await after(0.2))).toEqual([serial]);
  // It ended at 4 days: this is the first regular list since.
  expect(serialsOf(await after(3.6))).toEqual([serial]);
  // Nobody published for long: it stood on a list after its end.
  expect(serialsOf(await after(8))).toEqual([]);
});

it('a list that comes late, long after the end of what is revoked, still names it once', async () => {
  await harness.db.issuer.updateMany({ data: { crl: null, crlNextUpdate: null } });
  const [endpoint] = await harness.db.endpoint.findMany();
  if (endpoint === undefined) throw new TypeError('no endpoint');
  const now = harness.clock.now().getTime();
  const validity = { notBefore: new Date(now - 80 * day), notAfter: new Date(now + day) };
  const [serial = ''] = await harness.build.certificates([{ endpoint, state: 'revoked', ...validity }]);
  expect(serialsOf(await after(0))).toEqual([serial]);
  expect(serialsOf(await after(20))).toEqual([serial]);
  expect(serialsOf(await after(8))).toEqual([]);
});
