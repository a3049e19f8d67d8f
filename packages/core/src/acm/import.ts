// What ACM takes of certificates that others signed (https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html),
// and what it calls their names and keys.
import { describeCertificate } from '../pki/describe-certificate.ts';

/** Its words for the keys that it takes. */
const keyTypes: Readonly<Record<string, string>> = {
  'ecdsa-p256': 'EC_prime256v1',
  'ecdsa-p384': 'EC_secp384r1',
  'rsa-2048': 'RSA_2048',
  'rsa-3072': 'RSA_3072',
  'rsa-4096': 'RSA_4096',
};

const keyOf = (der: Uint8Array): string => describeCertificate(der).keyAlgorithm;
const familyOf = (key: string): string => key.split('-')[0] ?? key;

/** What ACM calls the key of a certificate; null where it takes none of the kind. Errors: invalid-input. */
export const keyTypeOf = (der: Uint8Array): string | null => keyTypes[keyOf(der)] ?? null;

/** As it is compared: a description has `RSA-2048` where a list and a request have `RSA_2048`. */
export const sameKeyType = (one: string, other: string): boolean => one.replaceAll('-', '_') === other.replaceAll('-', '_');

/** Why ACM would not take a chain (leaf first), with what mends it; null where it takes it. Errors: invalid-input. */
export function importFault([leaf, above]: readonly Uint8Array[]): string | null {
  if (leaf === undefined) return 'There is no certificate to import.';
  const key = keyOf(leaf);
  if (keyTypes[key] === undefined)
    return `ACM imports no ${key} key, only ${Object.keys(keyTypes).join(', ')}. Choose one of those as tls.key.`;
  if (above === undefined) return null;
  const signer = keyOf(above);
  if (familyOf(signer) === familyOf(key)) return null;
  return `ACM imports a certificate only with a key of the kind that its CA has: it has ${key}, and its CA ${signer}. Choose a key of that kind as tls.key, or another source.`;
}

/** A tag of AWS has no asterisk (https://docs.aws.amazon.com/acm/latest/userguide/tags.html); no other hostname has an underscore, or comes out longer. */
export const hostnameTagOf = (hostname: string): string => hostname.replace(/^\*\./, '_.');

export type AcmArn = { readonly region: string; readonly account: string };
/** Whose and where the certificate of an ARN is; null where it is the ARN of none. */
export function arnOf(text: string): AcmArn | null {
  const [, region, account] = /^arn:[\w-]+:acm:([a-z0-9-]+):(\d{12}):certificate\/[\w-]+$/.exec(text) ?? [];
  return region === undefined || account === undefined ? null : { region, account };
}

/** The short name of a load balancer whose ARN it is; null where it is the ARN of something else, which has limits of its own. */
export function loadBalancerOf(arn: string): string | null {
  const [, kind, name] =
    /^arn:[\w-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/(app|net)\/([A-Za-z0-9-]+)\/[0-9a-f]+$/.exec(arn) ?? [];
  return kind === undefined || name === undefined ? null : `${kind}/${name}`;
}

/**
 * Certificates beside the default one that a load balancer holds, as long as nobody has it raised
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html).
 */
export const loadBalancerCertificates = 25;
