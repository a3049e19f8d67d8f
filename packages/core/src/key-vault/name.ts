import { createHash } from 'node:crypto';

/** https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers */
const longest = 127;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Letters, digits and hyphens alone: a dot is one hyphen, n hyphens are 2n, and the asterisk of a wildcard is `wildcard` and three. */
const spelt = (hostname: string): string => hostname.replaceAll('-', '--').replace(/^\*\./, 'wildcard---').replaceAll('.', '-');

/**
 * What a hostname's certificate is called in a vault, which takes letters, digits and hyphens alone. No two hostnames share one; what is too
 * long is its hash, as no label is.
 */
export function vaultNameOf(hostname: string): string {
  const name = spelt(hostname);
  return name.length <= longest ? name : `sha256-${hashOf(hostname)}`;
}

const lineageDigits = 8;

/**
 * What a certificate that is ordered there is called: after its hostname, and after whose it is. So the same hostname in another view or of
 * another team, and what is imported there, have names of their own, and what is deleted holds none of them.
 */
export function orderedNameOf(hostname: string, lineage: string): string {
  const whose = hashOf(lineage).slice(0, lineageDigits);
  const name = spelt(hostname);
  return name.length + 1 + lineageDigits <= longest ? `${name}-${whose}` : `sha256-${hashOf(hostname)}-${whose}`;
}
