// What is to be known of a vault of Azure and of whom Hostmaster signs in as there, as a form asks for it.
import { breakRule } from '@hostmaster/core/contract/own-rule';
import { z } from 'zod';
import { addressesSetting, trustSetting } from '../../issuers/reach.ts';

/** Over HTTPS, with nothing before its name or behind it. */
const isOrigin = (text: string): boolean => {
  if (!URL.canParse(text) || /[?#@]/.test(text)) return false;
  const { protocol, pathname } = new URL(text);
  return protocol === 'https:' && pathname === '/';
};

const uuid = (rule: string, what: string, remedy: string) =>
  z
    .string()
    .max(36)
    .superRefine((text, context) => {
      if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return;
      breakRule(context, { rule, reason: `${what} is a UUID.`, remedy });
    });

export const keyVaultSettings = z.strictObject({
  address: z
    .string()
    .max(2048)
    .superRefine((text, context) => {
      if (isOrigin(text)) return;
      const reason = 'A vault is asked over HTTPS, at no path of its own.';
      breakRule(context, { rule: 'azure-vault', reason, remedy: 'Give it as az keyvault show --query properties.vaultUri prints it.' });
    })
    .meta({ title: 'Address', description: 'Of the vault, over HTTPS.', examples: ['https://shop.vault.azure.net'] }),
  tenant: uuid('azure-tenant', 'A directory (tenant) of Microsoft Entra', 'Give it as az account show --query tenantId prints it.').meta({
    title: 'Tenant',
    description: 'Id of the directory of Microsoft Entra that the vault trusts.',
    examples: ['72f988bf-86f1-41af-91ab-2d7cd011db47'],
  }),
  client: uuid('azure-client', 'The id of an application', 'Give its appId, as az ad app create printed it.').meta({
    title: 'Application',
    description: 'Its client id: whom Hostmaster signs in as.',
    examples: ['04b07795-8ddb-461a-bbee-02f9e1bf7b46'],
  }),
  signIn: z
    .string()
    .max(2048)
    .superRefine((text, context) => {
      if (text === '' || isOrigin(text)) return;
      const reason = 'Microsoft Entra is asked over HTTPS, at no path of its own.';
      breakRule(context, { rule: 'azure-sign-in', reason, remedy: 'Give it as the cloud has it, or leave it empty.' });
    })
    .default('')
    .meta({
      title: 'Signs in at',
      description: 'Microsoft Entra; left empty, that of the cloud which the address is in.',
      examples: ['https://login.microsoftonline.com'],
    }),
  trust: trustSetting('the vault'),
  addresses: addressesSetting('the vault'),
});
export type KeyVaultSettings = z.output<typeof keyVaultSettings>;

/** https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-base-url */
const clouds: Readonly<Record<string, string>> = {
  'vault.azure.cn': 'https://login.chinacloudapi.cn',
  'vault.usgovcloudapi.net': 'https://login.microsoftonline.us',
};

/** What a token is for: vaults of a cloud are one resource, which is the name above theirs. */
export function resourceOf({ address }: Pick<KeyVaultSettings, 'address'>): string {
  const { hostname } = new URL(address);
  return `https://${hostname.includes('.') ? hostname.slice(hostname.indexOf('.') + 1) : hostname}`;
}

export const signInOf = (settings: Pick<KeyVaultSettings, 'address' | 'signIn'>): string =>
  settings.signIn || (clouds[new URL(resourceOf(settings)).hostname] ?? 'https://login.microsoftonline.com');

export const keyVaultSecret = z
  .string()
  .max(256)
  .superRefine((text, context) => {
    if (/^[\x21-\x7e]{8,256}$/.test(text)) return;
    const reason = 'A client secret is one word of ASCII.';
    breakRule(context, {
      rule: 'azure-client-secret',
      reason,
      remedy: 'Give its value, not its id, as az ad app credential reset printed it.',
    });
  })
  .meta({ examples: ['EXAMPLE~client-secret'] })
  .transform((text): Uint8Array => Buffer.from(text))
  .meta({
    title: 'Client secret',
    description: 'Of that application. Sealed to the worker as soon as it arrives; it is never shown again.',
  });
