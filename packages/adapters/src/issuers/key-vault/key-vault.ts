// Certificates that a vault of Azure orders from the CA of an issuer that is set up in it: it makes the key and keeps it for what may read its
// secret there, such as Application Gateway, Front Door and AKS.
import { HostmasterError } from '@hostmaster/core/errors';
import { keyVaultSetup } from '@hostmaster/core/key-vault/setup';
import type { CertificateIssuer, IssuerCapabilities, IssuerConnection, IssuerDescriptor } from '@hostmaster/core/pki/issuer';
import type { KeptCertificates } from '@hostmaster/core/pki/kept';
import { requireHostnames } from '@hostmaster/core/pki/order-request';
import { keyVaultSecret } from '../../destinations/key-vault/settings.ts';
import { openVault, type Vault } from '../../destinations/key-vault/vault.ts';
import { ordering } from '../../destinations/key-vault/vault-error.ts';
import { bundleOf, isOurs, remove, serialOf } from './certificate.ts';
import { type OrderingUnderTest, orderingChecks } from './checks.ts';
import { askOn } from './order.ts';
import { identitiesOf, providerOf } from './provider.ts';
import { nameIn } from './reference.ts';
import { begin, keyVaultResume } from './resume.ts';
import { type OrderingSettings, orderingSettings } from './settings.ts';

const capabilities: IssuerCapabilities = {
  leaves: true,
  wildcards: true,
  revoke: { no: 'Key Vault has its CA revoke nothing; whoever runs the vault has that done where its account with the CA is' },
  renewalWindow: { no: 'it says nothing of when it wants one renewed' },
  authority: { no: 'its keys are elsewhere' },
  keepsKey: true,
  changeKey: { no: 'what it is asked with is changed under “Edit”' },
};

const nameOf = (reference: string): string => {
  const name = nameIn(reference);
  if (name === null) throw new HostmasterError('issuer-refused', `${reference} is no secret of a vault.`);
  return name;
};

const keptBy = (vault: Vault): KeptCertificates => ({
  async look(reference, signal) {
    const found = await bundleOf(vault, nameOf(reference), signal);
    if (found === null) return null;
    // Somebody's doing: what Hostmaster orders says EmailContacts.
    const renewsItself = (found.policy?.lifetimeActions ?? []).some(({ action }) => action === 'AutoRenew');
    const status = renewsItself ? 'AutoRenew' : null;
    return { serial: serialOf(vault, found), inUseBy: [], renewal: { eligible: null, status, why: null } };
  },

  async remove(reference, signal) {
    const name = nameOf(reference);
    const found = await bundleOf(vault, name, signal);
    if (found === null) return;
    // Who deletes by a name alone must not be led to what others have there.
    if (!isOurs(found))
      throw new HostmasterError('issuer-refused', `${reference} does not have the tag of an order of Hostmaster, and is not deleted.`);
    await remove(vault, name, signal);
  },
});

export const keyVaultIssuer: IssuerDescriptor<object, typeof orderingSettings> = {
  kind: 'key-vault',
  label: 'Azure Key Vault',
  summary: 'Certificates that a vault orders from the CA which is set up in it: the key stays there, and each renewal is its next version.',
  settings: orderingSettings,
  secret: { purpose: 'azure', input: keyVaultSecret, optional: false },
  capabilities,
  checks: orderingChecks,
  provesInDns: false,
  identifiedBy: ['address'],
  ownKey: null,
  setup: ({ address }) => keyVaultSetup(address),

  open(connection: IssuerConnection<OrderingSettings>, { clock }): CertificateIssuer {
    const { settings } = connection;
    const vault = openVault(connection, { clock, use: ordering });
    return {
      capabilities,
      begin,

      async issue(order, stored, signal, saw = () => {}) {
        signal.throwIfAborted();
        requireHostnames(order);
        return askOn({ vault, settings, now: () => clock.now(), saw }, order, keyVaultResume.parse(stored), signal);
      },

      async caa(method, signal) {
        return { identities: identitiesOf(await providerOf(vault, settings.issuer, signal)), accountUri: '', method };
      },

      kept: keptBy(vault),
    };
  },

  openTest(connection, { clock }): OrderingUnderTest {
    const { settings } = connection;
    const { address: url, trust, addresses } = settings;
    return { reached: { url, trust, addresses }, vault: openVault(connection, { clock, use: ordering }), settings };
  },
};
