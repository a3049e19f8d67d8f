// What a vault is asked to make: its key, its names, how long it is valid, and that nobody but Hostmaster renews it.
import type { CertificatePolicy } from '@azure/keyvault-certificates';
import { HostmasterError } from '@hostmaster/core/errors';
import type { CertificateOrder } from '@hostmaster/core/pki/issuer';
import { objectIdentifiers as id } from '@hostmaster/core/pki/object-identifiers';
import { type ContractKey, defaultContractKey } from '@hostmaster/core/pki/profile';
import type { OrderingSettings } from './settings.ts';

type Key = Pick<CertificatePolicy, 'keyType' | 'keyCurveName' | 'keySize' | 'keyUsage'>;

const rsa = (keySize: number): Key => ({ keyType: 'RSA', keySize, keyUsage: ['digitalSignature', 'keyEncipherment'] });
const ec = (keyCurveName: 'P-256' | 'P-384'): Key => ({ keyType: 'EC', keyCurveName, keyUsage: ['digitalSignature'] });
const keys: Readonly<Record<ContractKey, Key>> = {
  'ecdsa-p256': ec('P-256'),
  'ecdsa-p384': ec('P-384'),
  'rsa-2048': rsa(2048),
  'rsa-3072': rsa(3072),
};

/** ub-common-name of RFC 5280 appendix A: a vault takes a subject, and a CA its common name. */
const longestCommonName = 64;
/** Nobody is written to before a renewal by Hostmaster is overdue by far. */
const reminderPercentage = 90;

/** Errors: issuer-refused where no name is short enough. */
export function policyOf(
  { names, key = defaultContractKey }: Pick<CertificateOrder, 'names' | 'key'>,
  { issuer, months }: Pick<OrderingSettings, 'issuer' | 'months'>,
): CertificatePolicy {
  const commonName = names.find((name) => name.length <= longestCommonName);
  const [first, ...others] = names;
  if (commonName === undefined || first === undefined) {
    const message = `Key Vault needs one name of at most ${longestCommonName} characters, and ${names.join(', ')} is longer. Add a shorter one.`;
    throw new HostmasterError('issuer-refused', message);
  }
  return {
    issuerName: issuer,
    subject: `CN=${commonName}`,
    subjectAlternativeNames: { dnsNames: [first, ...others] },
    ...keys[key],
    enhancedKeyUsage: [id.serverAuth],
    validityInMonths: Number(months),
    // What ends TLS in Azure reads the key as a secret, as PKCS #12, and each version has one of its own.
    ...{ exportable: true, reuseKey: false, contentType: 'application/x-pkcs12' },
    // Left out, a vault would renew by itself (AutoRenew).
    lifetimeActions: [{ action: 'EmailContacts', lifetimePercentage: reminderPercentage }],
  };
}
