import { createHash } from 'node:crypto';

/** https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers */
const longest = 127;

/**
 * What a hostname's certificate is called in a vault, which takes letters, digits and hyphens alone. No two hostnames share one: a dot is one
 * hyphen, n hyphens are 2n, the asterisk of a wildcard is `wildcard` and three, and what is too long is its hash, as no label is.
 */
export function vaultNameOf(hostname: string): string {
  const name = hostname.replaceAll('-', '--').replace(/^\*\./, 'wildcard---').replaceAll('.', '-');
  return name.length <= longest ? name : `sha256-${createHash('sha256').update(hostname).digest('hex')}`;
}
