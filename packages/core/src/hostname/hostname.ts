// The hostname as a branded type, and what can be asked of one without parsing it again.
// Canonical form: A-labels in lower case, no trailing dot, possibly `*.` in front (RFC 5890, RFC 4592).
// Text becomes a Hostname in parse-hostname.ts and nowhere else.
declare const brand: unique symbol;

export type Hostname = string & { readonly [brand]: 'Hostname' };

/** In characters, as A-labels (RFC 1035 §2.3.4). */
export const maxHostnameLength = 253;

/** Labels from left to right; `*` counts as one. */
export const labelsOf = (hostname: Hostname): string[] => hostname.split('.');

/** Whether the leftmost label is `*`. */
export const isWildcard = (hostname: Hostname): boolean => hostname.startsWith('*.');

/** The name without its leftmost label, or null for a single label. The parent of `*.a.b` is `a.b`. */
export function parentOf(hostname: Hostname): Hostname | null {
  const dot = hostname.indexOf('.');
  return dot < 0 ? null : (hostname.slice(dot + 1) as Hostname);
}

/** Whether the name is the suffix or stands below it, at a label boundary: `evilexample.com` is not within `example.com`. */
export const isWithin = (hostname: Hostname, suffix: Hostname): boolean =>
  hostname === suffix ||
  (hostname.length > suffix.length && hostname.endsWith(suffix) && hostname.charCodeAt(hostname.length - suffix.length - 1) === 46);

/** Whether a certificate for the one name is good for the other: its wildcards stand for one label (RFC 9525 §6.3). */
export const covers = (certified: Hostname, hostname: Hostname): boolean =>
  certified === hostname || certified === wildcardBeside(hostname);

/** The wildcard whose certificates cover the name; null for a wildcard and for a single label. */
export function wildcardBeside(hostname: Hostname): Hostname | null {
  const parent = isWildcard(hostname) ? null : parentOf(hostname);
  return parent === null ? null : (`*.${parent}` as Hostname);
}

/**
 * Every suffix that can cover the name, the most specific first: the name itself (a wildcard's without `*.`), then each parent.
 * These are the keys under which grants, zones and suffix reservations are loaded.
 */
export function suffixesOf(hostname: Hostname): Hostname[] {
  const suffixes: Hostname[] = [];
  let at: Hostname | null = isWildcard(hostname) ? parentOf(hostname) : hostname;
  for (; at !== null; at = parentOf(at)) suffixes.push(at);
  return suffixes;
}

/** The longest of the apexes that covers the name, or null. */
export function mostSpecific<T extends { readonly apex: Hostname }>(hostname: Hostname, candidates: readonly T[]): T | null {
  let best: T | null = null;
  for (const candidate of candidates) {
    if (isWithin(hostname, candidate.apex) && (best === null || candidate.apex.length > best.apex.length)) best = candidate;
  }
  return best;
}

/** The wildcards that could answer for the name while nothing stands there, the closest first (RFC 4592 §3.3.1); without itself. */
export const wildcardsOver = (hostname: Hostname): Hostname[] =>
  suffixesOf(hostname)
    .slice(isWildcard(hostname) ? 0 : 1)
    .map((suffix) => `*.${suffix}` as Hostname)
    .filter((wildcard) => wildcard !== hostname);
