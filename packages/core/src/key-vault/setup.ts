// What whoever runs a vault of Azure gives Hostmaster for certificates that are ordered there, and not more.
import type { CommandStep } from '../pki/issuer.ts';
import { shellCommand } from '../shell-command.ts';

/** On everything that is ordered, with the order's id: what does not carry it was not ordered by Hostmaster, and is left as it is. */
export const orderTag = 'hostmaster-order';

/** The rights to certificates of a vault with access policies, by the names that it has for them. */
export const orderingRights = ['get', 'create', 'update', 'delete', 'recover', 'getissuers'] as const;
export const importingRights = ['get', 'import', 'delete', 'recover'] as const;

const application = { expands: '$APPLICATION' };
/** A vault is known in Azure by the first label of its address; a URL lets more into that than a vault has, and a shell would read some of it. */
export function vaultOf(address: string): string {
  const [label = ''] = new URL(address).hostname.split('.');
  return /^[0-9a-z-]+$/i.test(label) ? label : 'VAULT';
}

/** Of a vault with roles (RBAC): the certificates of this vault, and neither its secrets nor its keys. */
export const grantCommand = (vault: string): string =>
  shellCommand([
    ...['az', 'role', 'assignment', 'create', '--role', 'Key Vault Certificates Officer', '--assignee'],
    [application],
    '--scope',
    [{ expands: `$(az keyvault show --name ${vault} --query id --output tsv)` }],
  ]);

/** Of a vault with access policies. */
export const policyCommand = (vault: string, client: string, rights: readonly string[]): string =>
  shellCommand(['az', 'keyvault', 'set-policy', '--name', vault, '--spn', client, '--certificate-permissions', ...rights]);

/** The application that Hostmaster signs in as, and its right. @param address of the vault */
export const keyVaultSetup = (address: string): readonly CommandStep[] => [
  {
    title: 'Whom Hostmaster signs in as',
    command: 'APPLICATION=$(az ad app create --display-name hostmaster --query appId --output tsv)',
  },
  { title: 'The application in this directory', command: shellCommand(['az', 'ad', 'sp', 'create', '--id', [application]]) },
  {
    title: 'Its client secret',
    command: shellCommand(['az', 'ad', 'app', 'credential', 'reset', '--id', [application], '--query', 'password', '--output', 'tsv']),
  },
  { title: 'What Hostmaster may do', command: grantCommand(vaultOf(address)) },
];
