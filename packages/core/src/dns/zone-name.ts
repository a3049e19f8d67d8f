// The apex of a zone is a domain name, which need not be a hostname: records stand in `_msdcs.example.com` (Active Directory), and reverse
// zones of less than an octet have a slash in a label (RFC 2317 §4). What names are asked for below it are hostnames all the same.
import { canonicalName } from './wire/name.ts';

/** Letters, digits, hyphens and underscores (RFC 8552): no text that people paste in place of a name. */
const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const underscored = new RegExp(`^(?:${label}\\.)+${label}$`);
const reverse = new RegExp(`^(?:${label}\\.)*[0-9]{1,3}/[0-9]{1,3}\\.(?:[0-9a-f]{1,3}\\.)+(?:in-addr|ip6)\\.arpa$`);

/** The canonical name of a zone whose apex is no hostname; null for any other text. */
export function zoneNameOf(text: string): string | null {
  const name = text.trim().toLowerCase().replace(/\.$/, '');
  const isOne = name.length <= 253 && (name.includes('/') ? reverse.test(name) : name.includes('_') && underscored.test(name));
  return isOne ? canonicalName(name) : null;
}
