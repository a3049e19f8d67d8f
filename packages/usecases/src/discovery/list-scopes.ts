import type { discoveryScopePage } from '@hostmaster/core/contract/discovery';
import type { listQuery } from '@hostmaster/core/contract/page';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { presentScope, withTeam } from './scope-columns.ts';

const place = 'discovery-scopes-name';

/** Discovery scopes by name, and how far each look is. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listScopes(ctx: Ctx, { cursor, limit }: z.output<typeof listQuery>): Promise<z.output<typeof discoveryScopePage>> {
  authorize(ctx.actor, 'discovery.read');
  const now = ctx.clock.now();
  const after = decodeCursor(place, [positions.text], cursor);
  const where = after === null ? {} : { name: { gt: after[0] } };
  const [read, counted] = await Promise.all([
    ctx.db.discoveryScope.findMany({ where, include: withTeam, orderBy: { name: 'asc' }, take: limit + 1 }),
    ctx.db.discoveryScope.count({ take: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, limit, ({ name }) => encodeCursor(place, [name]));
  return { rows: page.map((row) => presentScope(row, now)), nextCursor, total: totalOf(counted) };
}
