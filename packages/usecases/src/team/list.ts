import type { teamPage, teamsQuery } from '@hostmaster/core/contract/governance';
import { authorize } from '@hostmaster/core/policy/authorize';
import { literal } from '@hostmaster/db/like';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { presentTeam, teamInclude } from './present.ts';

const place = 'teams-slug';

/** Teams with their members, by slug. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listTeams(ctx: Ctx, query: z.output<typeof teamsQuery>): Promise<z.output<typeof teamPage>> {
  authorize(ctx.actor, 'team.read');
  const { cursor, limit, search } = query;
  const after = decodeCursor(place, [positions.text], cursor);
  const part = search === undefined ? null : ({ contains: literal(search.trim()), mode: 'insensitive' } as const);
  const where = part === null ? {} : { OR: [{ slug: part }, { name: part }] };
  const [read, counted] = await Promise.all([
    ctx.db.team.findMany({
      where: { AND: [where, after === null ? {} : { slug: { gt: after[0] } }] },
      orderBy: { slug: 'asc' },
      take: limit + 1,
      include: teamInclude,
    }),
    ctx.db.team.count({ where, take: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, limit, ({ slug }) => encodeCursor(place, [slug]));
  return { rows: page.map(presentTeam), nextCursor, total: totalOf(counted) };
}
