import type { teamList } from '@hostmaster/core/contract/governance';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { presentTeam, teamInclude } from './present.ts';

/** Far more than one organisation has. */
const most = 2_000;

/** Every team with its members, by slug. Errors: forbidden. */
export async function listTeams(ctx: Ctx): Promise<z.output<typeof teamList>> {
  authorize(ctx.actor, 'team.read');
  const rows = await ctx.db.team.findMany({ orderBy: { slug: 'asc' }, take: most, include: teamInclude });
  return { rows: rows.map(presentTeam) };
}
