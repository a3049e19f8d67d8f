import { appendAudit } from '@hostmaster/db/audit';
import { transact } from '@hostmaster/db/transaction';
import type { Ctx } from '../context.ts';

/** Signs out: the session counts for nothing from now on. Ending it twice is no error. */
export function endSession(ctx: Pick<Ctx, 'db' | 'clock'>, sessionId: string): Promise<void> {
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const { count } = await tx.session.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: now } });
    if (count === 0) return;
    const { person } = await tx.session.findUniqueOrThrow({ where: { id: sessionId }, include: { person: true } });
    await appendAudit(tx, {
      at: now,
      actorKind: 'person',
      actorId: person.id,
      actorName: person.name,
      action: 'session.end',
      subjectKind: 'session',
      subjectId: sessionId,
      subject: person.email,
      detail: {},
    });
  });
}
