// Who a session or a token stands for, in one query each: both are asked on every request, and a revoked session, a
// disabled person or a membership that ended counts from the next request on.

import { organisationRole, scope } from '@hostmaster/core/contract/account';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { membershipRoles } from '@hostmaster/core/policy/roles';
import { z } from 'zod';
import type { Reader } from './client.ts';

const teams = z.array(z.object({ id: z.string(), slug: z.string(), role: z.enum(membershipRoles) }));
const roles = z.array(organisationRole);

const sessionRow = z.object({ person_id: z.string(), name: z.string(), roles, teams });

/** The person of a session that is neither revoked nor expired, and who is not disabled; else null. */
export async function actorOfSession(db: Reader, sessionId: string, now: Date): Promise<Actor | null> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT p.id AS person_id, p.name, to_json(coalesce(p.roles, '{}')) AS roles,
           coalesce(json_agg(json_build_object('id', t.id, 'slug', t.slug, 'role', m.role) ORDER BY t.slug) FILTER (WHERE t.id IS NOT NULL), '[]') AS teams
      FROM session s
      JOIN person p ON p.id = s.person_id
      LEFT JOIN membership m ON m.person_id = p.id
      LEFT JOIN team t ON t.id = m.team_id
     WHERE s.id = ${sessionId}::uuid AND s.revoked_at IS NULL AND s.expires_at > ${now} AND p.disabled_at IS NULL
     GROUP BY p.id`;
  if (rows[0] === undefined) return null;
  const row = sessionRow.parse(rows[0]);
  return { kind: 'person', id: row.person_id, name: row.name, teams: row.teams, roles: row.roles, scopes: null };
}

const tokenRow = z.object({
  id: z.string(),
  name: z.string(),
  owner_id: z.string(),
  owner_team_ids: z.array(z.string()),
  scopes: z.array(z.string()),
  roles,
  teams,
  expires_at: z.date(),
  revoked_at: z.date().nullable(),
  last_used_at: z.date().nullable(),
  owner_disabled: z.boolean(),
  owner_name: z.string(),
});

export type FoundToken = {
  readonly actor: Actor;
  readonly name: string;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly ownerDisabled: boolean;
};

/**
 * The token of a SHA-256 hash, whatever its state, or null. Its teams and roles are those that it was given and that its
 * owner still has: a token never does what its owner may no longer do.
 */
export async function tokenOfHash(db: Reader, hash: Uint8Array): Promise<FoundToken | null> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT k.id, k.name, k.owner_id, p.name AS owner_name, k.scopes, k.expires_at, k.revoked_at, k.last_used_at, p.disabled_at IS NOT NULL AS owner_disabled,
           to_json(ARRAY(SELECT team_id FROM membership WHERE person_id = p.id)) AS owner_team_ids,
           to_json(ARRAY(SELECT unnest(k.roles) INTERSECT SELECT unnest(p.roles))) AS roles,
           coalesce(json_agg(json_build_object('id', t.id, 'slug', t.slug, 'role', m.role) ORDER BY t.slug) FILTER (WHERE m.person_id IS NOT NULL), '[]') AS teams
      FROM service_token k
      JOIN person p ON p.id = k.owner_id
      LEFT JOIN token_team kt ON kt.token_id = k.id
      LEFT JOIN team t ON t.id = kt.team_id
      LEFT JOIN membership m ON m.team_id = t.id AND m.person_id = p.id
     WHERE k.hash = ${Buffer.from(hash)}
     GROUP BY k.id, p.id`;
  if (rows[0] === undefined) return null;
  const row = tokenRow.parse(rows[0]);
  return {
    actor: {
      kind: 'service',
      id: row.id,
      // Whoever reads it later must see the person first, and then by which hand.
      name: `${row.owner_name} (token ${row.name})`,
      teams: row.teams,
      roles: row.roles,
      // A scope that this version does not know opens nothing.
      scopes: row.scopes.flatMap((each) => scope.safeParse(each).data ?? []),
      answerer: { kind: 'person', id: row.owner_id, teamIds: row.owner_team_ids },
    },
    name: row.name,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    ownerDisabled: row.owner_disabled,
  };
}
