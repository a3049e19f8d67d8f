import type { grantPage, grantsQuery } from '@hostmaster/core/contract/governance';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { literal } from '@hostmaster/db/like';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { presentGrant } from './present.ts';
import { reaching } from './reaching.ts';

/** Grants that were not revoked, by suffix; those that have expired too, so that it is seen why a name is refused. Errors: forbidden, invalid-input, not-found (a zone that there is not). */
export async function listGrants(ctx: Ctx, query: z.output<typeof grantsQuery>): Promise<z.output<typeof grantPage>> {
  authorize(ctx.actor, 'grant.read');
  const { order } = query;
  const place = `grants-suffix-${order}`;
  const beyond = order === 'asc' ? 'gt' : 'lt';
  const after = decodeCursor(place, [positions.text, positions.id], query.cursor);
  const zone = query.zone ? await ctx.db.zone.findUnique({ where: { id: query.zone }, select: { apex: true, view: true } }) : null;
  if (query.zone && zone === null) throw new HostmasterError('not-found', `There is no zone ${query.zone}.`);
  const where = {
    ...(zone === null ? { revokedAt: null } : reaching(zone)),
    ...(query.team ? { team: { slug: query.team } } : {}),
    ...(query.search ? { suffix: { contains: literal(query.search.toLowerCase()) } } : {}),
  };
  const [read, counted] = await Promise.all([
    ctx.db.grant.findMany({
      where: {
        AND: [where, after === null ? {} : { OR: [{ suffix: { [beyond]: after[0] } }, { suffix: after[0], id: { [beyond]: after[1] } }] }],
      },
      include: { team: { select: { slug: true } } },
      orderBy: [{ suffix: order }, { id: order }],
      take: query.limit + 1,
    }),
    ctx.db.grant.count({ where, take: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, query.limit, (last) => encodeCursor(place, [last.suffix, last.id]));
  return { rows: page.map(presentGrant), nextCursor, total: totalOf(counted) };
}
