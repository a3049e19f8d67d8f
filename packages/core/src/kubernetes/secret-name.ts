import { createHash } from 'node:crypto';

/** Of the name of an object: a DNS subdomain (RFC 1123), whose labels may be longer than those of a host name. */
const most = 253;

/**
 * The name of the Secret that holds the certificate of a hostname: `tls.<name>`, `wildcard-tls.<the rest>` of a wildcard, and
 * `tls-sha256.<hex>` where that were too long. Its first label tells the three apart, so no two hostnames share a Secret.
 */
export function secretNameOf(hostname: string): string {
  const name = hostname.startsWith('*.') ? `wildcard-tls.${hostname.slice(2)}` : `tls.${hostname}`;
  return name.length <= most ? name : `tls-sha256.${createHash('sha256').update(hostname).digest('hex')}`;
}
