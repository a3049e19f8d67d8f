import { randomBytes } from 'node:crypto';
import { createAuthorityMaker, createRoot } from '@hostmaster/adapters/issuers/authority';
import { internalRoot } from '@hostmaster/adapters/issuers/internal-ca';
import { createKeyStore, generateWorkerKeys } from '@hostmaster/adapters/keys/key-store';
import { fixedClock } from '@hostmaster/core/clock';
import { authorityUrls, extension, signStructure } from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { splitPem, toPem } from '@hostmaster/core/pki/chain';
import { oid, sequence } from '@hostmaster/core/pki/der';
import { objectIdentifiers as id } from '@hostmaster/core/pki/object-identifiers';
import { signingValidity } from '@hostmaster/core/pki/succession';
import { freshKey, withExtensions } from '@hostmaster/core/pki/testing/authority';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '../actor.ts';
import type { WorkerCtx } from '../context.ts';
import { createHarness, type Harness, harnessStart } from '../testing/harness.ts';
import { coverZones } from './cover-zones.ts';
import { listIssuers } from './list.ts';
import { storeIssuer } from './store.ts';

const day = 86_400_000;
const kek = randomBytes(32);
const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
const urls = authorityUrls('http://pki.example.test', 'root');

let harness: Harness;
let ctx: Parameters<typeof coverZones>[0];
beforeEach(async () => {
  await harness?.close();
  harness = await createHarness();
  const options = { clock: harness.clock, keyStore, organisation: 'Example', urlsOf: () => urls };
  const issuer: WorkerCtx['issuer'] = async ({ slug, chainPem, keyId, keyCiphertext }) => {
    if (keyId === null || keyCiphertext === null) throw new TypeError('no key');
    const key = { keyId, ciphertext: keyCiphertext };
    return internalRoot.open(
      { slug, settings: { intermediateKey: 'ecdsa-p256' }, profile: null, chain: splitPem(chainPem), key, secret: new Uint8Array() },
      options,
    );
  };
  ctx = {
    ...harness.worker,
    actor: systemActor,
    issuer,
    authorities: createAuthorityMaker(options),
    log: { info: () => {}, warn: () => {}, error: () => {} },
  };
  await harness.build.zone({ apex: 'example.test' });
});
afterAll(() => harness.close());

/** The root, made so long before the test begins. */
async function rootOf(daysAgo: number): Promise<void> {
  const clock = fixedClock(new Date(harnessStart.getTime() - daysAgo * day));
  const made = await createRoot({ clock, keyStore, organisation: 'Example' });
  const root = { slug: 'root', kind: 'internal-root', name: 'Internal root', permittedSuffixes: [], profile: null } as const;
  await harness.db.$transaction((tx) => storeIssuer(tx, ctx, root, made));
}
const later = (days: number): void => harness.clock.set(new Date(harness.clock.now().getTime() + days * day));
const authorities = () => harness.db.issuer.findMany({ where: { kind: 'internal-ca' }, orderBy: { createdAt: 'asc' } });
const signingErrors = async () => (await harness.db.zone.findMany()).map(({ signingError }) => signingError);
const urgencies = async () =>
  Object.fromEntries(
    (await listIssuers(harness.ctxFor(await harness.build.person()), { limit: 50 })).rows.map(({ slug, urgency }) => [slug, urgency]),
  );

describe('a CA of this installation', () => {
  it('has a successor half a year before it ends, once, and until then none', async () => {
    await rootOf(0);
    await coverZones(ctx);
    await coverZones(ctx);
    expect(await authorities()).toHaveLength(1);
    later(1825 - 182);
    await coverZones(ctx);
    expect([(await authorities()).length, await urgencies()]).toEqual([1, { root: 'none', 'internal-ca-1': 'none' }]);
    later(2);
    expect(await urgencies()).toMatchObject({ 'internal-ca-1': 'warning' });
    await coverZones(ctx);
    await coverZones(ctx);
    const [first, second, ...more] = await authorities();
    expect(more).toEqual([]);
    expect(second?.permittedSuffixes).toEqual(first?.permittedSuffixes);
    expect(signingValidity(second?.chainPem ?? '')?.notAfter.getTime()).toBeGreaterThan(harness.clock.now().getTime() + 1800 * day);
    expect(await urgencies()).toEqual({ root: 'none', 'internal-ca-1': 'none', 'internal-ca-2': 'none' });
    expect(await signingErrors()).toEqual([null]);
  });

  it('has another one beside it where it was made for servers alone, once; where the root is elsewhere, nobody is asked for one', async () => {
    await rootOf(1);
    await coverZones(ctx);
    const [first] = await authorities();
    const { tbs } = readCertificate(splitPem(first?.chainPem ?? '')[0] ?? new Uint8Array());
    const older = await signStructure(
      withExtensions(tbs, (all) => all.set(id.extendedKeyUsage, extension(id.extendedKeyUsage, sequence(oid(id.serverAuth))))),
      freshKey('P-384').signer,
    );
    await harness.db.issuer.update({ where: { id: first?.id ?? '' }, data: { chainPem: toPem(older) } });
    const keys = await harness.db.issuer.findFirstOrThrow({
      where: { kind: 'internal-root' },
      select: { keyId: true, keyCiphertext: true },
    });
    await harness.db.issuer.updateMany({ where: { kind: 'internal-root' }, data: { keyId: null, keyCiphertext: null } });
    await coverZones(ctx);
    expect([(await authorities()).length, await harness.db.authorityRequest.count(), await signingErrors()]).toEqual([1, 0, [null]]);
    await harness.db.issuer.updateMany({ where: { kind: 'internal-root' }, data: keys });
    await coverZones(ctx);
    await coverZones(ctx);
    expect(await authorities()).toHaveLength(2);
  });

  it('is not made in the place of one that is stopped, nor by a stopped root; the zone says so until one is resumed', async () => {
    await rootOf(0);
    await coverZones(ctx);
    const stop = (slug: string, stoppedAt: Date | null) => harness.db.issuer.updateMany({ where: { slug }, data: { stoppedAt } });
    await stop('internal-ca-1', harness.clock.now());
    later(1825 - 100);
    await coverZones(ctx);
    expect([(await authorities()).length, await signingErrors()]).toEqual([
      1,
      [expect.stringMatching(/^Every CA that may sign for the zone is stopped/)],
    ]);
    // A zone that comes gets one of its own, which signs for no name of the others.
    await harness.build.zone({ apex: 'new.test' });
    await coverZones(ctx);
    expect((await authorities()).map(({ permittedSuffixes }) => permittedSuffixes)).toEqual([['example.test'], ['new.test']]);
    await stop('internal-ca-1', null);
    await stop('root', harness.clock.now());
    await coverZones(ctx);
    expect(await authorities()).toHaveLength(2);
    expect((await signingErrors()).join()).toContain('Internal root is stopped: it signs no CA before a platform admin resumes it.');
    await stop('root', null);
    await coverZones(ctx);
    expect([(await authorities()).length, await signingErrors()]).toEqual([3, [null, null]]);
  });

  it.each([{ stoppedAt: new Date() }, { revokedAt: new Date() }])(
    'is made in time also where its successor was put away (%j), which is urgent until then',
    async (away) => {
      await rootOf(0);
      await coverZones(ctx);
      later(1825 - 100);
      await coverZones(ctx);
      await harness.db.issuer.updateMany({ where: { slug: 'internal-ca-2' }, data: away });
      expect(await urgencies()).toMatchObject({ 'internal-ca-1': 'warning' });
      await coverZones(ctx);
      expect(await authorities()).toHaveLength(3);
      expect(await urgencies()).toMatchObject({ 'internal-ca-1': 'none' });
    },
  );

  it('is not made again and again below a root that ends; the zone says when, and the authorities are urgent', async () => {
    await rootOf(7300 - 100);
    await coverZones(ctx);
    await coverZones(ctx);
    const [only, ...more] = await authorities();
    expect(more).toEqual([]);
    const [root] = await harness.db.issuer.findMany({ where: { slug: 'root' } });
    expect(signingValidity(only?.chainPem ?? '')?.notAfter).toEqual(signingValidity(root?.chainPem ?? '')?.notAfter);
    expect(await signingErrors()).toEqual([expect.stringMatching(/^The root ends on \d+ Feb 2027, .+ need another root before\.$/)]);
    expect(await urgencies()).toEqual({ root: 'warning', 'internal-ca-1': 'warning' });
  });

  it('is no matter of urgency for the sake of a zone that is gone', async () => {
    await rootOf(0);
    const { id } = await harness.build.zone({ apex: 'gone.test' });
    await coverZones(ctx);
    expect((await authorities()).map(({ permittedSuffixes }) => permittedSuffixes)).toEqual([['example.test', 'gone.test']]);
    await harness.db.zone.delete({ where: { id } });
    later(1825 - 100);
    expect(await urgencies()).toMatchObject({ 'internal-ca-1': 'warning' });
    await coverZones(ctx);
    expect((await authorities()).at(-1)?.permittedSuffixes).toEqual(['example.test']);
    later(110);
    expect(await urgencies()).toEqual({ root: 'none', 'internal-ca-1': 'none', 'internal-ca-2': 'none' });
  });

  it('is made for no public suffix that an older version connected, and the zone says why', async () => {
    await rootOf(0);
    await harness.build.zone({ apex: 'co.uk' });
    await coverZones(ctx);
    expect((await authorities()).map(({ permittedSuffixes }) => permittedSuffixes)).toEqual([['example.test']]);
    expect((await signingErrors()).toSorted()).toEqual([expect.stringContaining('public suffix'), null]);
  });

  it('that ends is told of where the root cannot sign the next one', async () => {
    await rootOf(0);
    await coverZones(ctx);
    later(1825 - 100);
    await harness.db.issuer.updateMany({ where: { slug: 'root' }, data: { keyCiphertext: Buffer.from('rubbish') } });
    await coverZones(ctx);
    expect(await authorities()).toHaveLength(1);
    expect(await signingErrors()).toEqual(['The root could not sign a CA for the zone: The key cannot be opened with the keys at hand.']);
    later(100);
    expect(await urgencies()).toMatchObject({ 'internal-ca-1': 'outage' });
  });
});
