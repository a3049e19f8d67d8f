import type { team } from '@hostmaster/core/contract/person';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { teamCounts } from './present.ts';

/** A team with its members and their addresses. Errors: forbidden, not-found. */
export async function getTeam(ctx: Ctx, { slug }: { readonly slug: string }): Promise<z.output<typeof team>> {
  authorize(ctx.actor, 'team.read');
  const row = await ctx.db.team.findFirst({
    where: { slug },
    include: {
      memberships: {
        select: { role: true, person: { select: { name: true, email: true, disabledAt: true } } },
        orderBy: { person: { name: 'asc' } },
      },
      _count: { select: teamCounts },
    },
  });
  if (row === null) throw new HostmasterError('not-found', `There is no team ${slug}.`);
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    members: row.memberships.map(({ role, person: { name, email, disabledAt } }) => ({ name, email, role, disabled: disabledAt !== null })),
    grantCount: row._count.grants,
    endpointCount: row._count.endpoints,
  };
}
