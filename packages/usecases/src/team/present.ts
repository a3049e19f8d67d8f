import type { teamRow } from '@hostmaster/core/contract/governance';
import type { Db } from '@hostmaster/db/client';
import { unretired } from '@hostmaster/db/state-lists';
import type { z } from 'zod';

/** What a team has. */
export const teamCounts = { grants: { where: { revokedAt: null } }, endpoints: { where: { state: { in: unretired } } } } as const;

/** What a team's answer needs. */
export const teamInclude = {
  memberships: { select: { role: true, person: { select: { name: true } } }, orderBy: { person: { name: 'asc' } } },
  _count: { select: teamCounts },
} as const;

const read = (db: Db, id: string) => db.team.findUniqueOrThrow({ where: { id }, include: teamInclude });
type Row = Awaited<ReturnType<typeof read>>;

export const presentTeam = (row: Row): z.output<typeof teamRow> => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  members: row.memberships.map(({ role, person }) => ({ name: person.name, role })),
  grantCount: row._count.grants,
  endpointCount: row._count.endpoints,
});
