import { hostnameOf } from '@hostmaster/core/hostname/parse-hostname';
import { operator } from '@hostmaster/core/operation/moves-next';
import { extension, signStructure } from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { oid, sequence } from '@hostmaster/core/pki/der';
import { serverContent } from '@hostmaster/core/pki/leaf-content';
import { objectIdentifiers as id } from '@hostmaster/core/pki/object-identifiers';
import { testAuthority, withExtensions } from '@hostmaster/core/pki/testing/authority';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHarness, type Harness, harnessStart } from '../testing/harness.ts';
import { chooseIssuer, fittingIssuer, whyNobodySigns } from './choose-issuer.ts';

const day = 86_400_000;
/** How long a CA of the test lives, from a day before it was made. */
const authorityDays = 1825;
const names = [hostnameOf('orders.example.test')];

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
  await harness.build.zone({ apex: 'example.test', team: await harness.build.team('orders') });
});
afterAll(() => harness.close());

let made = 0;
/** A CA with so many days left; the first to be made is the oldest. */
async function authority(name: string, daysLeft: number, suffix = 'example.test', serversAlone = false): Promise<void> {
  const signed = await testAuthority([suffix], new Date(harnessStart.getTime() + (daysLeft - authorityDays + 1) * day));
  const createdAt = new Date(harnessStart.getTime() + made++);
  const own = {
    slug: name,
    kind: 'internal-ca',
    name,
    chainPem: chainToPem([serversAlone ? await forServersAlone(signed) : signed.intermediate]),
    permittedSuffixes: [suffix],
  };
  await harness.db.issuer.create({ data: { ...own, profile: 'server', createdAt } });
}
/** As CAs were made before anything but servers could be asked for. */
const forServersAlone = ({ intermediate, rootSigner }: Awaited<ReturnType<typeof testAuthority>>) =>
  signStructure(
    withExtensions(readCertificate(intermediate).tbs, (all) =>
      all.set(id.extendedKeyUsage, extension(id.extendedKeyUsage, sequence(oid(id.serverAuth)))),
    ),
    rootSigner,
  );
const chosen = async () => (await chooseIssuer(harness.worker, 'internal-ca', names)).name;

describe('the issuer of a certificate', () => {
  afterEach(() => harness.db.issuer.deleteMany());

  it('is the newest that outlives it, whatever newer ones end before', async () => {
    await authority('old', 1000);
    await authority('lasting', 90.1);
    await authority('ending', 89.9);
    await authority('ended', -1);
    await authority('elsewhere', 1000, 'example.com');
    expect(await chosen()).toBe('lasting');
    expect((await fittingIssuer(harness.worker, 'internal-ca', names))?.name).toBe('lasting');
  });

  it('is the one that lasts longest, where none outlives it', async () => {
    await authority('ending', 30);
    await authority('lasting', 80);
    await authority('newest', 10);
    expect(await chosen()).toBe('lasting');
  });

  it('is none that is stopped: another one is asked, or the order waits, and is told for whom', async () => {
    await authority('other', 1000);
    await authority('stopped', 1000);
    const stop = (name: string) => harness.db.issuer.updateMany({ where: { name }, data: { stoppedAt: harness.clock.now() } });
    await stop('stopped');
    expect(await chosen()).toBe('other');
    await stop('other');
    await expect(chosen()).rejects.toMatchObject({
      code: 'issuer-unavailable',
      message: 'stopped may sign for orders.example.test, and is stopped: nothing is ordered from it before a platform admin resumes it.',
      movesNext: operator,
    });
    expect(await fittingIssuer(harness.worker, 'internal-ca', names)).toBeNull();
  });

  it('is none that may not sign all that is asked for: an older one is asked, or the order waits, and whoever asks is told', async () => {
    const content = { ...serverContent, usages: ['server' as const, 'client' as const] };
    const asked = async () => (await chooseIssuer(harness.worker, 'internal-ca', names, { content })).name;
    await authority('able', 1000);
    await authority('servers', 1000, 'example.test', true);
    expect([await asked(), await chosen()]).toEqual(['able', 'servers']);
    expect((await fittingIssuer(harness.worker, 'internal-ca', names, { content }))?.name).toBe('able');
    expect(await whyNobodySigns(harness.worker, 'internal-ca', names, content)).toBeNull();
    await harness.db.issuer.deleteMany({ where: { name: 'able' } });
    const message = 'servers may not sign for clients, as its own certificate says: another CA has to be made below the root, which may.';
    await expect(asked()).rejects.toMatchObject({ code: 'issuer-unavailable', message, movesNext: operator });
    expect(await whyNobodySigns(harness.worker, 'internal-ca', names, content)).toBe(message);
    expect(await whyNobodySigns(harness.worker, 'internal-ca', names, serverContent)).toBeNull();
  });

  it('is none that has ended, or ends within the hour: the order waits for another one', async () => {
    await authority('ended', -1);
    await authority('about to end', 0.03);
    await expect(chosen()).rejects.toMatchObject({ code: 'issuer-unavailable' });
    expect(await fittingIssuer(harness.worker, 'internal-ca', names)).toBeNull();
  });
});
