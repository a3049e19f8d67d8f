// What "Test connection" asks of a vault: whether it is reached, whether it takes the token, and what its application may do there. Nothing is
// imported for it, and no key is sent.
import type { ConnectionCheck } from '@hostmaster/core/connection-check';
import { HostmasterError } from '@hostmaster/core/errors';
import { grantCommand, vaultOf } from '@hostmaster/core/key-vault/setup';
import type { DestinationCheck } from '@hostmaster/core/pki/destination';
import { type Reached, reachChecks } from '../../issuers/reach-checks.ts';
import { permittedCheck } from '../permitted.ts';
import type { KeyVaultSettings } from './settings.ts';
import type { Vault } from './vault.ts';
import { refusalOf } from './vault-error.ts';

export type VaultUnderTest = { readonly reached: Reached; readonly vault: Vault };
type Check<Tested extends VaultUnderTest> = ConnectionCheck<Tested, { readonly settings: KeyVaultSettings }>;

/** No certificate is called so. */
export const nobodys = 'hostmaster----test';

export const signInCheck = <Tested extends VaultUnderTest>(): Check<Tested> => ({
  name: 'sign-in',
  holds: 'Microsoft Entra lets the application in, and the vault takes its token',
  needs: 'tls',
  remedy: () => 'Compare “Tenant” and “Application”, and give the client secret anew.',
  async run({ vault }, signal) {
    const status = await statusOf(() =>
      vault.call('read a certificate', (client, options) => client.getCertificate(nobodys, options), signal),
    );
    if (status === 404 || status === 403) return 'It takes the token.';
    throw new HostmasterError(vault.use.refused, `It says that it has ${nobodys}, which is nobody's.`);
  },
});

type Rights<Tested> = {
  readonly holds: string;
  /** By each right, something that needs it and that is refused for another reason where it is there. */
  readonly asked: (tested: Tested, signal: AbortSignal) => Readonly<Record<string, () => Promise<unknown>>>;
};

export const rightsCheck = <Tested extends VaultUnderTest>({ holds, asked: askedOf }: Rights<Tested>): Check<Tested> => ({
  name: 'rights',
  holds,
  needs: 'sign-in',
  remedy: (_, { settings }) => `Have whoever runs the vault run: ${grantCommand(vaultOf(settings.address))}`,
  async run(tested, signal) {
    const asked = askedOf(tested, signal);
    const missing: string[] = [];
    for (const [right, ask] of Object.entries(asked)) if ((await statusOf(ask)) === 403) missing.push(right);
    if (missing.length > 0) throw new HostmasterError(tested.vault.use.refused, `It may not ${missing.join(', ')} certificates.`);
    return `It may ${Object.keys(asked).join(', ')} certificates.`;
  },
});

/** What every use of a vault needs. */
export const commonRights = ({ vault }: VaultUnderTest, signal: AbortSignal): Readonly<Record<string, () => Promise<unknown>>> => ({
  get: () => vault.call('read', (client, options) => client.getCertificate(nobodys, options), signal),
  'get deleted': () => vault.call('read', (client, options) => client.getDeletedCertificate(nobodys, options), signal),
  delete: () => vault.call('delete', (client, options) => client.beginDeleteCertificate(nobodys, options), signal),
  recover: () => vault.call('recover', (client, options) => client.beginRecoverDeletedCertificate(nobodys, options), signal),
});

export const keyVaultChecks: readonly DestinationCheck<KeyVaultSettings, VaultUnderTest>[] = [
  permittedCheck(({ vault }) => vault.requirePermitted),
  ...reachChecks({ url: 'Address' }).map((check) => ({ needs: 'permitted', ...check })),
  signInCheck(),
  rightsCheck({
    holds: 'It may import, read, delete and recover certificates there',
    asked(tested, signal) {
      const nothing = new TextEncoder().encode('test');
      return {
        ...commonRights(tested, signal),
        import: () => tested.vault.call('import', (client, options) => client.importCertificate(nobodys, nothing, options), signal),
      };
    },
  }),
];

/** What it was refused with; null where it was not. Errors: what says nothing of what was asked. */
export async function statusOf(ask: () => Promise<unknown>): Promise<number | null> {
  try {
    await ask();
    return null;
  } catch (error) {
    const { status = null } = refusalOf(error) ?? {};
    if (status !== null && [400, 403, 404, 409].includes(status)) return status;
    throw error;
  }
}
