// What is to be known of a vault of Azure and of the issuer that is set up in it, as a form asks for it.
import { breakRule } from '@hostmaster/core/contract/own-rule';
import { z } from 'zod';
import { keyVaultSettings } from '../../destinations/key-vault/settings.ts';

/** Issuers that every vault has by itself (https://learn.microsoft.com/azure/key-vault/certificates/certificate-scenarios). */
const ownIssuers: Readonly<Record<string, string>> = {
  self: 'Self signs the certificate with its own key, and nobody trusts it.',
  unknown: 'Unknown signs nothing: somebody would have to take the CSR elsewhere.',
};

/** For public CAs at most 200 days, 100 days from 15 March 2027 on, and 47 days from 15 March 2029 on (CA/Browser Forum, SC-081v3). */
const validities = ['1', '2', '3', '6', '12'] as const;

const { address, tenant, client, signIn, trust, addresses } = keyVaultSettings.shape;

export const orderingSettings = z.strictObject({
  address,
  issuer: z
    .string()
    .max(127)
    .superRefine((text, context) => {
      const own = ownIssuers[text.toLowerCase()];
      if (own === undefined && /^[0-9a-zA-Z-]+$/.test(text)) return;
      const reason = own ?? 'The name of an issuer in a vault is letters, digits and hyphens.';
      const remedy = 'Give that of a CA, as az keyvault certificate issuer list shows it.';
      breakRule(context, { rule: 'azure-issuer', reason, remedy });
    })
    .meta({
      title: 'Issuer',
      description: 'The name in the vault of the CA that signs, such as one of DigiCert.',
      examples: ['digicert-shop'],
    }),
  months: z
    .enum(validities)
    .default('3')
    .meta({
      title: 'Months',
      description: 'For how many a certificate is valid; a public CA gives 6 at most, and 3 from March 2027 on.',
      examples: ['3'],
    }),
  ...{ tenant, client, signIn, trust, addresses },
});
export type OrderingSettings = z.output<typeof orderingSettings>;
