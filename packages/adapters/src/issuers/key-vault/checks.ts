// What "Test connection" asks of a vault as an issuer: whether it is reached, whether it takes the token, whether it has the issuer, and what its
// application may do there. Nothing is made there for it.
import type { CertificatePolicy } from '@azure/keyvault-certificates';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import type { IssuerCheck } from '@hostmaster/core/pki/issuer';
import { commonRights, nobodys, rightsCheck, signInCheck, type VaultUnderTest } from '../../destinations/key-vault/checks.ts';
import { reachChecks } from '../reach-checks.ts';
import { providerOf } from './provider.ts';
import type { OrderingSettings } from './settings.ts';

export type OrderingUnderTest = VaultUnderTest & { readonly settings: OrderingSettings };

/** No vault makes a key of one bit. */
const impossible = (issuerName: string): CertificatePolicy => ({ issuerName, subject: 'CN=test', keyType: 'RSA', keySize: 1 });

export const orderingChecks: readonly IssuerCheck<OrderingSettings, OrderingUnderTest>[] = [
  ...reachChecks({ url: 'Address' }),
  signInCheck(),
  rightsCheck<OrderingUnderTest>({
    holds: 'It may create, read, delete and recover certificates there, and read issuers',
    asked(tested, signal) {
      const { vault, settings } = tested;
      return {
        ...commonRights(tested, signal),
        create: () =>
          vault.call('create', (client, options) => client.beginCreateCertificate(nobodys, impossible(settings.issuer), options), signal),
        update: () => vault.call('update', (client, options) => client.deleteCertificateOperation(nobodys, options), signal),
        getissuers: () => vault.call('read', (client, options) => client.getIssuer(nobodys, options), signal),
      };
    },
  }),
  {
    name: 'issuer',
    holds: 'The vault has the issuer',
    needs: 'rights',
    remedy: () => 'Compare “Issuer” with what az keyvault certificate issuer list shows, or have whoever runs the vault set it up there.',
    async run({ vault, settings }, signal) {
      const provider = await providerOf(vault, settings.issuer, signal);
      if (provider === null) throw new HostmasterError('issuer-refused', `It has no issuer ${settings.issuer}.`);
      return `${settings.issuer} is of ${foreignWords(provider)}.`;
    },
  },
];
