import type { environmentPage } from '@hostmaster/core/contract/environment';
import type { listQuery } from '@hostmaster/core/contract/page';
import { authorize } from '@hostmaster/core/policy/authorize';
import { countUsesOfEnvironments } from '@hostmaster/db/uses';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';

const place = 'environments-rank';

/** Environments with what names them, in the order in which they are shown. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listEnvironments(ctx: Ctx, { cursor, limit }: z.output<typeof listQuery>): Promise<z.output<typeof environmentPage>> {
  authorize(ctx.actor, 'environment.read');
  const after = decodeCursor(place, [positions.rank, positions.text], cursor);
  const rank = Number(after?.[0]);
  const [read, counted, uses] = await Promise.all([
    ctx.db.environment.findMany({
      where: after === null ? {} : { OR: [{ rank: { gt: rank } }, { rank, slug: { gt: after[1] } }] },
      orderBy: [{ rank: 'asc' }, { slug: 'asc' }],
      take: limit + 1,
    }),
    ctx.db.environment.count({ take: countedAtMost + 1 }),
    countUsesOfEnvironments(ctx.db),
  ]);
  const { page, nextCursor } = pageOf(read, limit, (last) => encodeCursor(place, [String(last.rank), last.slug]));
  return { rows: page.map((row) => ({ ...row, uses: uses.get(row.slug) ?? [] })), nextCursor, total: totalOf(counted) };
}
