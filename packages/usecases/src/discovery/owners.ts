import { type Holders, hostnamesOf, type LikelyOwner, likelyOwner } from '@hostmaster/core/discovery/likely-owner';
import { suffixesOf } from '@hostmaster/core/hostname/hostname';
import type { Reader } from '@hostmaster/db/client';
import type { DiscoveredListed } from '@hostmaster/db/discovered';

const withTeam = { team: { select: { slug: true } } } as const;

/** Whose each of them likely is, in three queries. */
export async function ownersOf(
  db: Reader,
  rows: readonly Pick<DiscoveredListed, 'names' | 'scopeName' | 'scopeTeam'>[],
  now: Date,
): Promise<readonly (LikelyOwner | null)[]> {
  const hostnames = [...new Set(rows.flatMap(({ names }) => hostnamesOf(names)))];
  const suffixes = [...new Set(hostnames.flatMap(suffixesOf))];
  const [endpoints, grants, zones] = await Promise.all([
    db.heldName.findMany({
      where: { hostname: { in: hostnames }, heldBackUntil: null },
      select: { hostname: true, ...withTeam },
      orderBy: { hostname: 'asc' },
    }),
    db.grant.findMany({
      where: { suffix: { in: suffixes }, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
      select: { suffix: true, ...withTeam },
      orderBy: { createdAt: 'asc' },
    }),
    db.zone.findMany({
      where: { apex: { in: suffixes }, givenUpAt: null },
      select: { apex: true, ownerTeam: { select: { slug: true } } },
      orderBy: { view: 'asc' },
    }),
  ]);
  const holders: Holders = {
    endpoints: endpoints.map(({ hostname: name, team }) => ({ name, team: team.slug })),
    grants: grants.map(({ suffix: name, team }) => ({ name, team: team.slug })),
    zones: zones.map(({ apex: name, ownerTeam }) => ({ name, team: ownerTeam.slug })),
  };
  return rows.map(({ names, scopeName, scopeTeam }) =>
    likelyOwner(names, holders, scopeName === null || scopeTeam === null ? null : { name: scopeName, team: scopeTeam }),
  );
}
