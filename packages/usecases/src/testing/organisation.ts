import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '@hostmaster/core/clock';
import { day } from '@hostmaster/core/duration';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { OrganisationRole, Scope } from '@hostmaster/core/policy/roles';
import type { Db } from '@hostmaster/db/client';

type View = 'public' | 'internal' | 'partner';
export type Named = { readonly id: string; readonly slug: string };
type Membership = { readonly team: Named; readonly role?: 'member' | 'maintainer' };
type ZoneOptions = {
  readonly apex?: string;
  readonly view?: View;
  readonly team?: Named;
  readonly environments?: string[];
  readonly allowedRanges?: string[];
  readonly reviewFirstExposure?: boolean;
};
type GrantOptions = {
  readonly team: Named;
  readonly suffix: string;
  readonly environments?: string[];
  readonly views?: View[];
  readonly expiresAt?: Date;
};

/** Who there is, and what they may have: teams, people, tokens, environments, zones, grants. */
export function organisationOn(db: Db, clock: Clock) {
  let count = 0;
  const next = (): number => {
    count += 1;
    return count;
  };

  const team = async (slug = `team-${next()}`): Promise<Named> =>
    db.team.create({ data: { slug, name: slug }, select: { id: true, slug: true } });

  /** A person, stored, and the actor that their session would be. */
  async function person(
    memberships: readonly Membership[] = [],
    roles: readonly OrganisationRole[] = [],
    name = `person-${next()}`,
  ): Promise<Actor> {
    const row = await db.person.create({
      data: {
        email: `${name}-${next()}@example.test`,
        name,
        roles: [...roles],
        memberships: { create: memberships.map(({ team: { id }, role = 'member' }) => ({ teamId: id, role })) },
      },
    });
    const teams = memberships.map(({ team: { id, slug }, role = 'member' }) => ({ id, slug, role }));
    return { kind: 'person', id: row.id, name, teams, roles, scopes: null };
  }
  /** A token of a person, for all of their teams and roles. */
  async function tokenOf(owner: Actor, ...scopes: Scope[]): Promise<Actor> {
    const teamIds = owner.teams.map(({ id }) => id);
    const { id } = await db.serviceToken.create({
      data: {
        name: `token-${next()}`,
        hash: randomBytes(32),
        ownerId: owner.id,
        scopes,
        roles: [...owner.roles],
        expiresAt: new Date(clock.now().getTime() + 30 * day),
        teams: { create: teamIds.map((teamId) => ({ teamId })) },
      },
      select: { id: true },
    });
    return { ...owner, kind: 'service', id, scopes, answerer: { kind: 'person', id: owner.id, teamIds } };
  }
  /** A program that belongs to a team and to nobody in particular, such as a controller or a webhook. */
  const serviceOf = ({ id, slug }: Named, ...scopes: Scope[]): Actor => ({
    kind: 'service',
    id: randomUUID(),
    name: `controller-${next()}`,
    teams: [{ id, slug, role: 'member' }],
    roles: [],
    scopes,
    answerer: { kind: 'team', id },
  });
  const member = (of: Named) => person([{ team: of }]);
  const maintainer = (of: Named) => person([{ team: of, role: 'maintainer' }]);
  const reviewer = () => person([], ['security-reviewer']);
  const platform = () => person([], ['platform-admin']);
  const auditor = () => person([], ['auditor']);

  async function environments(...slugs: string[]): Promise<void> {
    await db.environment.createMany({ data: slugs.map((slug, rank) => ({ slug, name: slug, rank })), skipDuplicates: true });
  }

  async function zone({ apex = `zone-${next()}.test`, view = 'public', team: owner, environments: of = [], ...more }: ZoneOptions = {}) {
    const servers = [{ name: 'ns1.example.test', address: '192.0.2.53', port: 53 }];
    return db.zone.create({
      data: {
        apex,
        view,
        provider: 'rfc2136',
        connection: { primary: { address: '192.0.2.53', port: 53 }, tsig: { name: 'key', algorithm: 'hmac-sha256' } },
        servers,
        allowedRanges: ['192.0.2.0/24'],
        allowedPorts: ['1-65535'],
        ...more,
        environments: of,
        ownerTeamId: (owner ?? (await team())).id,
        createdAt: clock.now(),
        syncedAt: clock.now(),
      },
    });
  }

  /** With its environments: a grant of one that is not there cannot be made. */
  async function grant({ team: { id }, suffix, environments: of = ['dev'], views = ['public'], expiresAt }: GrantOptions) {
    await environments(...of);
    return db.grant.create({ data: { teamId: id, suffix, environments: of, views, expiresAt: expiresAt ?? null, createdAt: clock.now() } });
  }

  return { team, person, tokenOf, serviceOf, member, maintainer, reviewer, platform, auditor, environments, zone, grant };
}
