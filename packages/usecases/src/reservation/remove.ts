import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { appendAudit } from '@hostmaster/db/audit';
import { transact } from '@hostmaster/db/transaction';
import { auditActor } from '../actor-audit.ts';
import type { Ctx } from '../context.ts';

/** Frees what was reserved; requests that are in review stay there. Errors: forbidden, not-found. */
export async function removeReservation(ctx: Ctx, { id }: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'reservation.delete');
  await transact(ctx.db, async (tx) => {
    const row = await tx.reservation.findUnique({ where: { id } });
    const { count } = await tx.reservation.deleteMany({ where: { id } });
    if (row === null || count === 0) throw new HostmasterError('not-found', `There is no reservation ${id}.`);
    await appendAudit(tx, {
      ...auditActor(ctx.actor),
      at: ctx.clock.now(),
      action: 'reservation.remove',
      subjectKind: 'reservation',
      subjectId: id,
      subject: row.value,
      detail: { kind: row.kind, group: row.group, reason: row.reason },
    });
  });
}
