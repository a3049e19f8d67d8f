import { systemClock } from '@hostmaster/core/clock';
import { beforeEach, describe, expect, it } from 'vitest';
import { checksOf } from '../../testing/checks.ts';
import { type FakeKeyVault, orderingRights, startFakeKeyVault } from '../../testing/key-vault/fake-key-vault.ts';
import { type OrderingOpening, orderingConnection } from '../../testing/key-vault/ordering-ground.ts';
import { keyVaultIssuer } from './key-vault.ts';

let fake: FakeKeyVault;
beforeEach(async () => {
  fake = await startFakeKeyVault();
  return () => fake.close();
});
const found = (opening: OrderingOpening = {}) =>
  checksOf(keyVaultIssuer, { ...orderingConnection(fake, opening), suffixes: ['example.test'] }, { clock: systemClock });

describe('a connection test', () => {
  it('passes where everything is in order, and makes nothing', async () => {
    const all = await found();
    expect(Object.entries(all).filter(([, { ok }]) => ok !== true)).toEqual([]);
    expect(all.issuer?.message).toBe('digicert-shop is of DigiCert.');
    expect(fake.vault.all.size).toBe(0);
  });

  it.each(orderingRights)('names the right to %s that its application lacks, with the command that gives it', async (right) => {
    fake.allow(orderingRights.filter((each) => each !== right));
    const { rights } = await found();
    expect(rights).toMatchObject({ ok: false, message: expect.stringContaining(`It may not ${right}`) });
    expect(rights?.remedy).toContain("az role assignment create --role 'Key Vault Certificates Officer'");
  });

  it('says that the vault does not have the issuer', async () => {
    const { issuer } = await found({ settings: { issuer: 'globalsign' } });
    expect(issuer).toMatchObject({ ok: false, message: 'It has no issuer globalsign.' });
    expect(issuer?.remedy).toContain('az keyvault certificate issuer list');
  });

  it('with another secret goes no further than that', async () => {
    const all = await found({ secret: 'another-secret' });
    expect([all['sign-in']?.ok, all.rights?.ok, all.issuer?.ok]).toEqual([false, null, null]);
  });
});
