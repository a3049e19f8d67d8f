import type { zonePage, zonesQuery } from '@hostmaster/core/contract/zone';
import { authorize } from '@hostmaster/core/policy/authorize';
import { literal } from '@hostmaster/db/like';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { presentZone, zoneRead } from './present.ts';

const place = 'zones-apex';

/** Managed zones, by apex. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listZones(ctx: Ctx, query: z.output<typeof zonesQuery>): Promise<z.output<typeof zonePage>> {
  authorize(ctx.actor, 'zone.read');
  const { cursor, limit, search, failing } = query;
  const after = decodeCursor(place, [positions.text, positions.id], cursor);
  const where = {
    ...(search === undefined ? {} : { apex: { contains: literal(search.trim().toLowerCase()) } }),
    ...(failing === true ? { givenUpAt: null, OR: [{ syncError: { not: null } }, { signingError: { not: null } }] } : {}),
  };
  const [read, counted] = await Promise.all([
    ctx.db.zone.findMany({
      where: { AND: [where, after === null ? {} : { OR: [{ apex: { gt: after[0] } }, { apex: after[0], id: { gt: after[1] } }] }] },
      orderBy: [{ apex: 'asc' }, { id: 'asc' }],
      take: limit + 1,
      ...zoneRead,
    }),
    ctx.db.zone.count({ where, take: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, limit, ({ apex, id }) => encodeCursor(place, [apex, id]));
  return { rows: page.map(presentZone), nextCursor, total: totalOf(counted) };
}
