import type { reservationPage, reservationsQuery } from '@hostmaster/core/contract/governance';
import { authorize } from '@hostmaster/core/policy/authorize';
import { literal } from '@hostmaster/db/like';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { presentReservation } from './present.ts';

const place = 'reservations-value';

/** Reservations, by what is reserved. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listReservations(ctx: Ctx, query: z.output<typeof reservationsQuery>): Promise<z.output<typeof reservationPage>> {
  authorize(ctx.actor, 'reservation.read');
  const { cursor, limit, search } = query;
  const after = decodeCursor(place, [positions.text, positions.id], cursor);
  const part = search === undefined ? null : ({ contains: literal(search.trim()), mode: 'insensitive' } as const);
  const where = part === null ? {} : { OR: [{ value: part }, { reason: part }] };
  const [read, counted] = await Promise.all([
    ctx.db.reservation.findMany({
      where: { AND: [where, after === null ? {} : { OR: [{ value: { gt: after[0] } }, { value: after[0], id: { gt: after[1] } }] }] },
      orderBy: [{ value: 'asc' }, { id: 'asc' }],
      take: limit + 1,
    }),
    ctx.db.reservation.count({ where, take: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, limit, ({ value, id }) => encodeCursor(place, [value, id]));
  return { rows: page.map(presentReservation), nextCursor, total: totalOf(counted) };
}
