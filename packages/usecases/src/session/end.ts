import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

/** Signs out: the session counts for nothing from now on. Ending it twice is no error. */
export function endSession(ctx: Pick<Ctx, 'db' | 'clock' | 'client'>, sessionId: string): Promise<void> {
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const { count } = await tx.session.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: now } });
    if (count === 0) return;
    const { person } = await tx.session.findFirstOrThrow({ where: { id: sessionId }, include: { person: true } });
    const actor = { kind: 'person' as const, id: person.id, name: person.name };
    await audit(tx, { ...ctx, actor }, 'session.end', { id: sessionId, name: person.email }, {}, now);
  });
}
