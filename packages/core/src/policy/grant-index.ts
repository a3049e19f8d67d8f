// Grants keyed by the suffix they hold: finding the one that covers a name walks the labels of the name,
// so the cost grows with labels and not with grants. The most specific suffix wins, with all grants at it.
import type { View } from '../dns/view.ts';
import { type Hostname, labelsOf, suffixesOf } from '../hostname/hostname.ts';

export type Grant = {
  readonly id: string;
  /** Slug. */
  readonly team: string;
  readonly suffix: Hostname;
  /** Environments and views for which names may be claimed. */
  readonly environments: readonly string[];
  readonly views: readonly View[];
  /** `*.suffix` (and wildcards further down) may be claimed. */
  readonly allowWildcard: boolean;
  /** The suffix itself may be claimed, the zone's apex too where the suffix is one. */
  readonly allowSuffixItself: boolean;
  /** From this moment on the grant is as if it were not there; null means that it does not end. */
  readonly expiresAt: Date | null;
};

export type GrantMatch = {
  readonly suffix: Hostname;
  /** At least one; possibly of several teams. */
  readonly grants: readonly Grant[];
};

export type GrantIndex = {
  /**
   * The grants, not expired at `now`, at the most specific suffix that covers the hostname; null when none does.
   * @param suffixes `suffixesOf(hostname)`, where the caller has it already
   */
  find(hostname: Hostname, now: Date, suffixes?: readonly Hostname[]): GrantMatch | null;
  /** Expired grants at any suffix of the hostname, to say that a grant has ended instead of that there is none. */
  findExpired(hostname: Hostname, now: Date): readonly Grant[];
};

/** Builds the index once per loaded set of grants. */
export function buildGrantIndex(grants: Iterable<Grant>): GrantIndex {
  const bySuffix = new Map<string, Grant[]>();
  // How many labels the granted suffixes have: a look-up at another depth would only miss, and a miss in a large map is dear.
  const depths: boolean[] = [];
  for (const grant of grants) {
    depths[labelsOf(grant.suffix).length] = true;
    const there = bySuffix.get(grant.suffix);
    if (there) there.push(grant);
    else bySuffix.set(grant.suffix, [grant]);
  }
  const expired = (grant: Grant, now: Date) => grant.expiresAt !== null && grant.expiresAt.getTime() <= now.getTime();
  return {
    find(hostname, now, suffixes = suffixesOf(hostname)) {
      for (let index = 0; index < suffixes.length; index += 1) {
        const suffix = suffixes[index];
        const there = suffix !== undefined && depths[suffixes.length - index] ? bySuffix.get(suffix) : undefined;
        if (!suffix || !there) continue;
        const live = there.some((grant) => expired(grant, now)) ? there.filter((grant) => !expired(grant, now)) : there;
        if (live.length > 0) return { suffix, grants: live };
      }
      return null;
    },
    findExpired(hostname, now) {
      return suffixesOf(hostname).flatMap((suffix) => (bySuffix.get(suffix) ?? []).filter((grant) => expired(grant, now)));
    },
  };
}
