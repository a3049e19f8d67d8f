// Whose a certificate may be that nobody here asked for: by its names, which anybody can have put into it, so that it is a likelihood
// and no more.
import { type Hostname, suffixesOf } from '../hostname/hostname.ts';
import { isStoredHostname } from '../hostname/parse-hostname.ts';

export const ownerGrounds = ['endpoint', 'grant', 'zone', 'scope'] as const;
export type OwnerGround = (typeof ownerGrounds)[number];

export type LikelyOwner = {
  /** Short name. */
  readonly team: string;
  readonly because: OwnerGround;
  /** The name, the suffix, the apex or the scope that says so. */
  readonly of: string;
};

type Named = { readonly name: string; readonly team: string };
export type Holders = {
  /** Names that a team has an endpoint of. */
  readonly endpoints: readonly Named[];
  /** Suffixes that a grant is in force for. */
  readonly grants: readonly Named[];
  /** Apexes of connected zones, with who owns them. */
  readonly zones: readonly Named[];
};

/** Those of a certificate's names that are hostnames at all. */
export const hostnamesOf = (names: readonly string[]): Hostname[] => names.filter((name) => isStoredHostname(name));

/**
 * The team that has the endpoint of a name, else that has the grant of the longest suffix, else that owns the zone; of several names the
 * first that says it.
 * @param scope the team of the scope that it was found in, for where no name says anything
 */
export function likelyOwner(names: readonly string[], holders: Holders, scope: Named | null): LikelyOwner | null {
  const hostnames = hostnamesOf(names);
  for (const hostname of hostnames) {
    const endpoint = holders.endpoints.find(({ name }) => name === hostname);
    if (endpoint !== undefined) return { team: endpoint.team, because: 'endpoint', of: endpoint.name };
  }
  const grant = nearest(hostnames, holders.grants);
  if (grant !== null) return { team: grant.team, because: 'grant', of: grant.name };
  const zone = nearest(hostnames, holders.zones);
  if (zone !== null) return { team: zone.team, because: 'zone', of: zone.name };
  return scope === null ? null : { team: scope.team, because: 'scope', of: scope.name };
}

function nearest(hostnames: readonly Hostname[], holders: readonly Named[]): Named | null {
  let best: Named | null = null;
  for (const hostname of hostnames) {
    const own = suffixesOf(hostname)
      .map((suffix) => holders.find(({ name }) => name === suffix))
      .find((found) => found !== undefined);
    if (own !== undefined && (best === null || own.name.length > best.name.length)) best = own;
  }
  return best;
}
