import type { GrantCheck, grantCheckInput } from '@hostmaster/core/contract/governance';
import type { Violation } from '@hostmaster/core/errors';
import { suffixesOf } from '@hostmaster/core/hostname/hostname';
import { authorize } from '@hostmaster/core/policy/authorize';
import { namesBelow } from '@hostmaster/db/grant-reach';
import { literal } from '@hostmaster/db/like';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { parseOwnDomain, refuse } from '../violation.ts';

/**
 * What a grant would mean before it is made: whose names stand below the suffix, whether those teams lose them, and where no
 * zone holds it. Errors: forbidden, invalid-input.
 */
export async function checkGrant(ctx: Ctx, { team, ...input }: z.output<typeof grantCheckInput>): Promise<GrantCheck> {
  authorize(ctx.actor, 'grant.create');
  const violations: Violation[] = [];
  const suffix = parseOwnDomain(input.suffix, 'suffix', violations);
  refuse(violations);
  if (suffix === null) throw new TypeError('unreachable: a violation was refused');
  const above: readonly string[] = suffixesOf(suffix);
  const [zones, below] = await Promise.all([
    ctx.db.zone.findMany({
      where: { view: { in: input.views }, OR: [{ apex: { in: [...above] } }, { apex: { endsWith: `.${literal(suffix)}` } }] },
      select: { view: true },
    }),
    namesBelow(ctx.db, { suffix, wider: above.filter((each) => each !== suffix), team, now: ctx.clock.now() }),
  ]);
  const held = new Set(zones.map(({ view }) => view));
  return { outside: [...new Set(input.views)].filter((view) => !held.has(view)), below };
}
