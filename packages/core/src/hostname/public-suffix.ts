import { parse } from 'tldts';
import type { Hostname } from './hostname.ts';

/**
 * Whether the name is itself a public suffix (`com`, `co.uk`, `github.io`) by the Public Suffix List, its private part included.
 * The list's implicit rule `*` is not applied: an unlisted top level such as `test` is somebody's own.
 */
export function isPublicSuffix(hostname: Hostname): boolean {
  const found = parse(hostname, { allowPrivateDomains: true, extractHostname: false, validateHostname: false, detectIp: false });
  return found.publicSuffix === hostname && (found.isIcann === true || found.isPrivate === true);
}
