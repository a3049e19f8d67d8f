import type { Clock } from '@hostmaster/core/clock';
import type { DestinationConnection, DestinationDescriptor } from '@hostmaster/core/pki/destination';
import { requirePermitted } from '../permitted.ts';
import { keyVaultChecks, type VaultUnderTest } from './checks.ts';
import { type KeyVaultSettings, keyVaultSecret, keyVaultSettings } from './settings.ts';
import { openVault } from './vault.ts';
import { vaultDestination } from './vault-certificate.ts';
import { importing } from './vault-error.ts';

export type KeyVaultOptions = {
  /** Base URL of the portal. */
  readonly portal: string;
  /** Where private keys may go, as the host of the worker says (core/pki/key-destinations.ts). */
  readonly keyDestinations: readonly string[];
};

type Deps = Pick<KeyVaultOptions, 'keyDestinations'> & { readonly clock: Clock };

const opened = (connection: DestinationConnection<KeyVaultSettings>, { clock, keyDestinations }: Deps) => {
  const { slug: name, settings } = connection;
  const permit = () => requirePermitted({ name, address: settings.address, keyDestinations });
  return openVault(connection, { clock, use: importing, permit });
};

/** Certificates in a vault of Azure, for Application Gateway, Front Door, App Service and AKS. */
export const keyVault: DestinationDescriptor<KeyVaultOptions, typeof keyVaultSettings> = {
  kind: 'key-vault',
  label: 'Azure Key Vault',
  summary: 'Certificates in a vault, for Application Gateway, Front Door, App Service and AKS: each renewal is a version of the same one.',
  settings: keyVaultSettings,
  secret: { purpose: 'azure', input: keyVaultSecret, optional: false },
  checks: keyVaultChecks,
  identifiedBy: ['address'],
  defaultNamespace: () => null,

  open(connection, { portal, ...deps }) {
    const destination = vaultDestination({ vault: opened(connection, deps), portal });
    return () => destination;
  },

  openTest(connection, deps): VaultUnderTest {
    const { address: url, trust, addresses } = connection.settings;
    return { reached: { url, trust, addresses }, vault: opened(connection, deps) };
  },
};
