// What "Test connection" asks of a vault: whether it is reached, whether it takes the token, and what its application may do there. Nothing is
// imported for it, and no key is sent.
import { HostmasterError } from '@hostmaster/core/errors';
import type { DestinationCheck } from '@hostmaster/core/pki/destination';
import { type Reached, reachChecks } from '../../issuers/reach-checks.ts';
import { permittedCheck } from '../permitted.ts';
import type { KeyVaultSettings } from './settings.ts';
import { refusalOf, type Vault } from './vault.ts';

export type VaultUnderTest = { readonly reached: Reached; readonly vault: Vault };

/** No hostname is called so. */
const nobodys = 'hostmaster----test';
const grant = (vault: string): string =>
  `az role assignment create --role "Key Vault Certificates Officer" --assignee "$APPLICATION" --scope "$(az keyvault show --name ${vault} --query id --output tsv)"`;
const nameOf = ({ address }: KeyVaultSettings): string => new URL(address).hostname.split('.')[0] ?? '';

export const keyVaultChecks: readonly DestinationCheck<KeyVaultSettings, VaultUnderTest>[] = [
  permittedCheck(({ vault }) => vault.requirePermitted),
  ...reachChecks({ url: 'Address' }).map((check) => ({ needs: 'permitted', ...check })),
  {
    name: 'sign-in',
    holds: 'Microsoft Entra lets the application in, and the vault takes its token',
    needs: 'tls',
    remedy: () => 'Compare “Tenant” and “Application”, and give the client secret anew.',
    async run({ vault }, signal) {
      const status = await statusOf(() =>
        vault.call('read a certificate', (client, options) => client.getCertificate(nobodys, options), signal),
      );
      if (status === 404 || status === 403) return 'It takes the token.';
      throw new HostmasterError('delivery-failed', `It says that it has ${nobodys}, which is nobody's.`);
    },
  },
  {
    name: 'rights',
    holds: 'It may import, read, delete and recover certificates there',
    needs: 'sign-in',
    remedy: (_, { settings }) => `Have whoever runs the vault run: ${grant(nameOf(settings))}`,
    async run({ vault }, signal) {
      const nothing = new TextEncoder().encode('test');
      const asked: Readonly<Record<string, () => Promise<unknown>>> = {
        get: () => vault.call('read', (client, options) => client.getCertificate(nobodys, options), signal),
        'get deleted': () => vault.call('read', (client, options) => client.getDeletedCertificate(nobodys, options), signal),
        import: () => vault.call('import', (client, options) => client.importCertificate(nobodys, nothing, options), signal),
        delete: () => vault.call('delete', (client, options) => client.beginDeleteCertificate(nobodys, options), signal),
        recover: () => vault.call('recover', (client, options) => client.beginRecoverDeletedCertificate(nobodys, options), signal),
      };
      const missing: string[] = [];
      for (const [right, ask] of Object.entries(asked)) if ((await statusOf(ask)) === 403) missing.push(right);
      if (missing.length > 0) throw new HostmasterError('delivery-failed', `It may not ${missing.join(', ')} certificates.`);
      return `It may ${Object.keys(asked).join(', ')} certificates.`;
    },
  },
];

/** What it was refused with; null where it was not. Errors: what says nothing of what was asked. */
async function statusOf(ask: () => Promise<unknown>): Promise<number | null> {
  try {
    await ask();
    return null;
  } catch (error) {
    const { status = null } = refusalOf(error) ?? {};
    if (status !== null && [400, 403, 404, 409].includes(status)) return status;
    throw error;
  }
}
