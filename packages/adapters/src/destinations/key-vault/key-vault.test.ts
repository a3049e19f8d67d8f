import { settingsConformance } from '@hostmaster/core/descriptor-conformance';
import { vaultNameOf } from '@hostmaster/core/key-vault/name';
import { platformAdmin } from '@hostmaster/core/operation/moves-next';
import { destinationConformance } from '@hostmaster/core/pki/destination-conformance';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checksOf } from '../../testing/checks.ts';
import { refusal } from '../../testing/key-vault/answer.ts';
import { everyRight, type FakeKeyVault, startFakeKeyVault } from '../../testing/key-vault/fake-key-vault.ts';
import { openOnVault, type VaultOpening, vaultConnection, vaultDeps } from '../../testing/key-vault/ground.ts';
import { createTestCa } from '../../testing/test-ca.ts';
import { keyVault } from './key-vault.ts';
import { resourceOf, signInOf } from './settings.ts';

const ca = await createTestCa();
const hostname = 'orders.example.test';
const called = vaultNameOf(hostname);
const made = async (name = hostname) => {
  const { fullchainPem, privateKeyPem } = await ca.leaf([name]);
  return { hostname: name, fullchainPem, privateKeyPem };
};

destinationConformance({ describe, it, expect, beforeAll, afterAll }, keyVault, async () => {
  const fake = await startFakeKeyVault();
  return {
    destination: openOnVault(fake),
    make: made,
    read: async (name) => fake.vault.read(vaultNameOf(name)),
    close: () => fake.close(),
  };
});

describe('the settings of a vault', () => {
  const typed = {
    ...{ address: 'https://shop.vault.azure.net', tenant: '72f988bf-86f1-41af-91ab-2d7cd011db47', signIn: '' },
    ...{ client: '04b07795-8ddb-461a-bbee-02f9e1bf7b46', trust: '', addresses: '' },
  };
  settingsConformance({ it, expect }, keyVault, async () => typed);

  it.each([
    ['address', 'http://shop.vault.azure.net'],
    ['address', 'https://shop.vault.azure.net/secrets'],
    ['address', 'https://somebody@shop.vault.azure.net'],
    ['address', 'shop.vault.azure.net'],
    ['tenant', 'common'],
    ['tenant', '72f988bf-86f1-41af-91ab-2d7cd011db47/..'],
    ['client', ''],
    ['signIn', 'http://login.microsoftonline.com'],
    ['signIn', 'https://login.microsoftonline.com/common'],
  ])('refuse %s %j', (field, value) =>
    expect(keyVault.settings.safeParse({ ...typed, [field]: value }).error?.issues[0]?.path).toEqual([field]),
  );

  it.each([
    ['https://shop.vault.azure.net', 'https://vault.azure.net', 'https://login.microsoftonline.com'],
    ['https://shop.vault.azure.cn', 'https://vault.azure.cn', 'https://login.chinacloudapi.cn'],
    ['https://shop.vault.usgovcloudapi.net', 'https://vault.usgovcloudapi.net', 'https://login.microsoftonline.us'],
  ])('at %s ask a token for %s at %s', (address, resource, signIn) =>
    expect([resourceOf({ address }), signInOf({ address, signIn: '' })]).toEqual([resource, signIn]),
  );
});

describe('a vault', () => {
  let fake: FakeKeyVault;
  beforeEach(async () => {
    fake = await startFakeKeyVault();
    return () => fake.close();
  });
  const open = (opening: VaultOpening = {}) => openOnVault(fake, opening);

  it('has each delivery as a version of one certificate, whose secret is called without one', async () => {
    const destination = open();
    await destination.deliver(await made());
    const before = await destination.calledThere?.(hostname);
    await open().deliver(await made());
    expect(await destination.calledThere?.(hostname)).toEqual(before);
    expect(before).toEqual({ reference: `${fake.address}/secrets/orders-example-test`, usedBy: [] });
    expect(fake.vault.all.get(called)?.versions).toHaveLength(2);
    expect(fake.vault.all.get(called)?.versions[0]?.tags).toEqual({
      'hostmaster-hostname': hostname,
      'hostmaster-portal': 'https://hostmaster.example.test',
    });
  });

  it('is given no key before it was signed in to', async () => {
    const delivery = await made();
    await open().deliver(delivery);
    expect(fake.asked.filter(({ path, isSignedIn }) => path.endsWith('/import') && !isSignedIn).map(({ body }) => body)).toEqual([]);
  });

  it('whose deleted certificate of the name is ours has it recovered, with a version more', async () => {
    const destination = open();
    await destination.deliver(await made());
    await destination.withdraw(hostname);
    expect(fake.vault.all.get(called)?.isDeleted).toBe(true);
    const again = await made();
    await destination.deliver(again);
    expect(fake.vault.all.get(called)?.versions).toHaveLength(2);
    expect(fake.vault.read(called)?.privateKeyPem).toBe(again.privateKeyPem);
  });

  const putByOthers = async (tags: Record<string, string> = {}) => {
    await open().deliver(await made());
    const [version] = fake.vault.all.get(called)?.versions ?? [];
    if (version === undefined) throw new Error('nothing was put there');
    fake.vault.all.set(called, { versions: [{ ...version, tags }], isDeleted: false });
  };

  it.each([[{}], [{ 'hostmaster-hostname': 'other.example.test' }]])(
    'with one of others under the name, tagged %j, leaves it',
    async (tags) => {
      await putByOthers(tags);
      const destination = open();
      expect([await destination.held(hostname), await destination.calledThere?.(hostname)]).toEqual([null, null]);
      await destination.withdraw(hostname);
      await expect(destination.deliver(await made())).rejects.toMatchObject({
        code: 'delivery-failed',
        movesNext: 'whoever runs shop-vault',
        message: expect.stringMatching(
          /orders-example-test in shop-vault was not made by Hostmaster, and is left as it is\. Delete and purge it/,
        ),
      });
      expect(fake.vault.all.get(called)).toMatchObject({ versions: [{ tags }], isDeleted: false });
    },
  );

  it('with a deleted one of others says how it is purged, and takes the name once it is', async () => {
    await putByOthers();
    const theirs = fake.vault.all.get(called);
    if (theirs !== undefined) theirs.isDeleted = true;
    const destination = open();
    await expect(destination.deliver(await made())).rejects.toMatchObject({
      message: expect.stringContaining(`az keyvault certificate purge --id ${fake.address}/deletedcertificates/${called}`),
    });
    expect(theirs?.isDeleted).toBe(true);
    fake.vault.purge(called);
    await destination.deliver(await made());
    expect(fake.vault.read(called)).not.toBeNull();
  });

  it('whose name something else holds says so', async () => {
    fake.behave(({ path }) => (path.endsWith('/import') ? refusal(409, 'Conflict', 'Secret is deleted but recoverable.\u202E') : null));
    await expect(open().deliver(await made())).rejects.toMatchObject({
      code: 'delivery-failed',
      message: expect.stringMatching(/is not free in shop-vault: .*A key or a secret of that name, deleted or not, holds it/),
    });
  });

  it('that has too much to do is asked again when it said', async () => {
    fake.behave(() => ({ ...refusal(429, 'Throttled', 'Request was not processed.'), headers: { 'retry-after': '37' } }));
    await expect(open().held(hostname)).rejects.toMatchObject({ code: 'delivery-failed', retryAfter: 37 });
    expect(fake.asked.filter(({ isSignedIn }) => isSignedIn)).toHaveLength(1);
  });

  it.each([
    ['that breaks', { status: 500, body: 'no json' }, /answers 500 \(without a word\)/],
    [
      'behind a firewall',
      refusal(403, 'Forbidden', 'Client address is not authorized.'),
      /does not let Hostmaster read a certificate \(Forbidden\)\. Client address is not authorized\. /,
    ],
    ['that answers no bundle', { status: 200, body: { id: 7 } }, /does not answer as a vault does/],
  ])('%s is told with what it said', async (_, answer, message) => {
    fake.behave(() => answer);
    await expect(open().held(hostname)).rejects.toThrow(message);
  });

  it('that asks a token for something else is given none', async () => {
    for (const resource of ['https://management.azure.com', 'https://graph.microsoft.com', 'https://localhost.evil.test', 'not a url']) {
      fake.challenge(resource);
      await expect(open().held(hostname)).rejects.toMatchObject({
        code: 'delivery-failed',
        movesNext: platformAdmin,
        message: expect.stringContaining('it is no vault of that cloud, and is given none'),
      });
    }
    expect(fake.asked.filter(({ path }) => path.endsWith('/token'))).toEqual([]);
  });

  it('is not let into with another secret, which no message repeats', async () => {
    const error = await open({ secret: 'another-secret' })
      .held(hostname)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'delivery-failed',
      movesNext: platformAdmin,
      message: expect.stringContaining('it answers 401 (invalid_client): AADSTS7000215: Invalid client secret provided.'),
    });
    expect(String(error)).not.toContain('another-secret');
  });

  it('that the host of the worker does not name is asked nothing', async () => {
    const destination = open({ keyDestinations: ['https://shop.vault.azure.net'] });
    const delivery = await made();
    for (const act of [
      () => destination.held(hostname),
      () => destination.deliver(delivery),
      () => destination.withdraw(hostname),
      () => destination.calledThere?.(hostname),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'delivery-failed', message: expect.stringContaining('no private key goes there') });
    expect(fake.asked).toEqual([]);
  });

  describe('that is tested', () => {
    const found = (opening: VaultOpening = {}) => checksOf(keyVault, vaultConnection(fake, opening), vaultDeps(opening));

    it('passes where everything is in order, and nothing is made there', async () => {
      expect(Object.entries(await found()).filter(([, { ok }]) => ok !== true)).toEqual([]);
      expect(fake.vault.all.size).toBe(0);
    });

    it.each(everyRight)('names the right to %s that its application lacks', async (right) => {
      fake.allow(everyRight.filter((each) => each !== right));
      const { rights } = await found();
      expect(rights).toMatchObject({ ok: false, message: expect.stringContaining(`It may not ${right}`) });
      expect(rights?.remedy).toContain('Key Vault Certificates Officer');
    });

    it('with another secret goes no further than that', async () => {
      const all = await found({ secret: 'another-secret' });
      expect([all['sign-in']?.ok, all.rights?.ok]).toEqual([false, null]);
    });
  });
});
