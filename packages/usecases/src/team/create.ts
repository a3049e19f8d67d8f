import type { teamInput, teamRow } from '@hostmaster/core/contract/governance';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import type { z } from 'zod';
import { personBehind } from '../actor.ts';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentTeam, teamInclude } from './present.ts';

/** Makes a team; whoever makes it is its first maintainer, so that somebody can add the others. Errors: forbidden, already-exists. */
export async function createTeam(ctx: Ctx, input: z.output<typeof teamInput>): Promise<z.output<typeof teamRow>> {
  authorize(ctx.actor, 'team.create');
  const now = ctx.clock.now();
  const personId = personBehind(ctx.actor);
  return transact(ctx.db, async (tx) => {
    if ((await tx.team.findUnique({ where: { slug: input.slug } })) !== null)
      throw new HostmasterError('already-exists', `There is a team ${input.slug} already.`);
    const row = await tx.team.create({
      data: {
        slug: input.slug,
        name: input.name,
        createdAt: now,
        ...(personId === null ? {} : { memberships: { create: { personId, role: 'maintainer' as const } } }),
      },
      include: teamInclude,
    });
    await audit(tx, ctx, 'team.create', { id: row.id, name: row.slug }, { name: row.name }, now);
    return presentTeam(row);
  });
}
