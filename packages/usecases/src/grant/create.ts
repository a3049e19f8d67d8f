import type { GrantInput, grantRow } from '@hostmaster/core/contract/governance';
import type { Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import type { z } from 'zod';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { parseOwnDomain, refuse } from '../violation.ts';
import { grantColumns } from './columns.ts';
import { presentGrant } from './present.ts';

/** Lets a team claim names under a suffix. Errors: forbidden, invalid-input with everything that is wrong. */
export async function createGrant(ctx: Ctx, input: GrantInput): Promise<z.output<typeof grantRow>> {
  authorize(ctx.actor, 'grant.create');
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const violations: Violation[] = [];
    const suffix = parseOwnDomain(input.suffix, 'suffix', violations);
    const team = await tx.team.findUnique({ where: { slug: input.team } });
    if (team === null)
      violations.push({ rule: 'team-exists', path: 'team', reason: `There is no team ${input.team}.`, remedy: 'Choose an existing team.' });
    const columns = await grantColumns(tx, input, now, violations);
    refuse(violations);
    if (suffix === null || team === null) throw new TypeError('unreachable: a violation was refused');
    const row = await tx.grant.create({
      data: {
        teamId: team.id,
        suffix,
        ...columns,
        createdAt: now,
      },
      include: { team: { select: { slug: true } } },
    });
    const answer = presentGrant(row);
    const { id, createdAt: _, ...detail } = answer;
    await audit(tx, ctx, 'grant.create', { id, name: `${team.slug} ${suffix}` }, detail, now);
    return answer;
  });
}
