// The destination, opened on a fake of Key Vault as the worker opens it from its row.
import { systemClock } from '@hostmaster/core/clock';
import { keyVault } from '../../destinations/key-vault/key-vault.ts';
import type { FakeKeyVault } from './fake-key-vault.ts';

export type VaultOpening = { readonly settings?: object; readonly secret?: string; readonly keyDestinations?: readonly string[] };

/** As somebody types them. */
export const vaultSettingsOf = ({ address, trust, tenant, client }: FakeKeyVault, changes: object = {}) => ({
  ...{ address, trust, tenant, client, signIn: address, addresses: '127.0.0.0/8' },
  ...changes,
});
export const vaultDeps = ({ keyDestinations = ['https://localhost:*'] }: VaultOpening = {}) => ({
  clock: systemClock,
  portal: 'https://hostmaster.example.test',
  keyDestinations,
});
export const vaultConnection = (fake: FakeKeyVault, { settings = {}, secret = fake.clientSecret }: VaultOpening = {}) => ({
  slug: 'shop-vault',
  settings: keyVault.settings.parse(vaultSettingsOf(fake, settings)),
  secret: keyVault.secret?.input.parse(secret) ?? new Uint8Array(),
});
export const openOnVault = (fake: FakeKeyVault, opening: VaultOpening = {}) =>
  keyVault.open(vaultConnection(fake, opening), vaultDeps(opening))('');
