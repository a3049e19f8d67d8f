// The issuer, opened on a fake of Key Vault as the worker opens it from its row.
import { type Clock, systemClock } from '@hostmaster/core/clock';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { keyVaultIssuer } from '../../issuers/key-vault/key-vault.ts';
import type { FakeKeyVault } from './fake-key-vault.ts';
import { vaultSettingsOf } from './ground.ts';

export type OrderingOpening = { readonly settings?: object; readonly secret?: string; readonly clock?: Clock };

/** As somebody types them. */
export const orderingSettingsOf = (fake: FakeKeyVault, changes: object = {}) => ({
  ...vaultSettingsOf(fake),
  issuer: 'digicert-shop',
  ...changes,
});
export const orderingConnection = (fake: FakeKeyVault, { settings = {}, secret = fake.clientSecret }: OrderingOpening = {}) => ({
  ...{ slug: 'shop-vault', profile: null, chain: [], key: null },
  settings: keyVaultIssuer.settings.parse(orderingSettingsOf(fake, settings)),
  secret: Buffer.from(secret),
});
export const openOrdering = (fake: FakeKeyVault, { clock = systemClock, ...opening }: OrderingOpening = {}): CertificateIssuer =>
  keyVaultIssuer.open(orderingConnection(fake, opening), { clock });
