import type { reservationList } from '@hostmaster/core/contract/governance';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { presentReservation } from './present.ts';

/** An organisation's list, written by hand; far more than one has. */
const most = 5_000;

/** Every reservation, by kind and value. Errors: forbidden. */
export async function listReservations(ctx: Ctx): Promise<z.output<typeof reservationList>> {
  authorize(ctx.actor, 'reservation.read');
  const rows = await ctx.db.reservation.findMany({ orderBy: [{ kind: 'asc' }, { value: 'asc' }], take: most });
  return { rows: rows.map(presentReservation) };
}
