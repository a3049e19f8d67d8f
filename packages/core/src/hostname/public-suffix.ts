import { parse } from 'tldts';
import type { Hostname } from './hostname.ts';

/** As the list reads a name that was parsed here already, with its private part. */
const listed = (name: string) =>
  parse(name, { allowPrivateDomains: true, extractHostname: false, validateHostname: false, detectIp: false });

/**
 * Whether the name is itself a public suffix (`com`, `co.uk`, `github.io`) by the Public Suffix List, its private part included.
 * The list's implicit rule `*` is not applied: an unlisted top level such as `test` is somebody's own.
 */
export function isPublicSuffix(hostname: Hostname): boolean {
  const found = listed(hostname);
  return found.publicSuffix === hostname && (found.isIcann === true || found.isPrivate === true);
}

/** The name that somebody registered (`example.co.uk`), which CAs count certificates by; without a wildcard, and a public suffix is its own. */
export function registeredDomain(hostname: string): string {
  const name = hostname.replace(/^\*\./, '');
  return listed(name).domain ?? name;
}
