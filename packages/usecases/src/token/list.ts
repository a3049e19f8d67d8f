import type { tokenPage } from '@hostmaster/core/contract/account';
import type { listQuery } from '@hostmaster/core/contract/page';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import { personBehind } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { presentToken, tokenInclude } from './present.ts';

const place = 'tokens-made';

/** The asker's own tokens, newest first. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listTokens(ctx: Ctx, { cursor, limit }: z.output<typeof listQuery>): Promise<z.output<typeof tokenPage>> {
  authorize(ctx.actor, 'token.read');
  const ownerId = personBehind(ctx.actor);
  const after = decodeCursor(place, [positions.id], cursor);
  if (ownerId === null) return { rows: [], nextCursor: null, total: 0 };
  const [read, counted] = await Promise.all([
    ctx.db.serviceToken.findMany({
      where: { ownerId, ...(after === null ? {} : { id: { lt: after[0] } }) },
      orderBy: { id: 'desc' },
      take: limit + 1,
      include: tokenInclude,
    }),
    ctx.db.serviceToken.count({ where: { ownerId }, take: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, limit, ({ id }) => encodeCursor(place, [id]));
  return { rows: page.map(presentToken), nextCursor, total: totalOf(counted) };
}
