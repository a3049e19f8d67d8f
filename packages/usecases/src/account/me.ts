import type { Me } from '@hostmaster/core/contract/account';
import { authorize, may } from '@hostmaster/core/policy/authorize';
import { certificateMeans } from '@hostmaster/db/policy-ground';
import type { Ctx } from '../context.ts';

const choice = { slug: true, hostname: true, environment: true, public: true, destination: { select: { slug: true } } } as const;

/** Who asks, in which teams, with which roles and scopes; and the environments, clusters and sources of certificates there are to choose from, where a token may read them. */
export async function readMe(ctx: Ctx): Promise<Me> {
  authorize(ctx.actor, 'me.read');
  const { actor, db } = ctx;
  const [person, teams, environments, clusters, means] = await Promise.all([
    actor.kind === 'person' ? db.person.findUnique({ where: { id: actor.id }, select: { email: true } }) : null,
    db.team.findMany({ where: { id: { in: actor.teams.map(({ id }) => id) } }, select: { id: true, name: true } }),
    may(actor, 'environment.read') ? db.environment.findMany({ orderBy: [{ rank: 'asc' }, { slug: 'asc' }] }) : [],
    may(actor, 'cluster.read') ? db.cluster.findMany({ orderBy: { slug: 'asc' }, select: choice }) : [],
    may(actor, 'issuer.read') ? certificateMeans(db) : null,
  ]);
  const names = new Map(teams.map(({ id, name }) => [id, name]));
  return {
    kind: actor.kind === 'person' ? 'person' : 'service',
    id: actor.id,
    name: actor.name,
    email: person?.email ?? null,
    teams: actor.teams.map(({ id, slug, role }) => ({ id, slug, name: names.get(id) ?? slug, role })),
    roles: [...actor.roles],
    scopes: actor.scopes === null ? null : [...actor.scopes],
    environments,
    clusters: clusters.map(({ destination, ...rest }) => ({ ...rest, destination: destination?.slug ?? null })),
    sources: [...(means?.connectedSources ?? [])],
    tlsProofs: means?.tlsProofs ?? false,
  };
}
