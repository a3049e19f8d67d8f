import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

/** Frees what was reserved; requests that are in review stay there. Errors: forbidden, not-found. */
export async function removeReservation(ctx: Ctx, { id }: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'reservation.remove');
  await transact(ctx.db, async (tx) => {
    const row = await tx.reservation.findUnique({ where: { id } });
    const { count } = await tx.reservation.deleteMany({ where: { id } });
    if (row === null || count === 0) throw new HostmasterError('not-found', `There is no reservation ${id}.`);
    const { kind, value, group, reason } = row;
    await audit(tx, ctx, 'reservation.remove', { id, name: value }, { kind, group, reason });
  });
}
