import { appendAudit } from '@hostmaster/db/audit';
import { transact } from '@hostmaster/db/transaction';
import type { Ctx } from '../context.ts';

/** A working day; who is still there signs in again. */
export const sessionSeconds = 12 * 60 * 60;

/** Begins a session of a person who has just proved who they are. */
export function startSession(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  input: { readonly personId: string; readonly method: 'password' | 'oidc' },
): Promise<{ id: string }> {
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const session = await tx.session.create({
      data: { personId: input.personId, createdAt: now, expiresAt: new Date(now.getTime() + sessionSeconds * 1000) },
      include: { person: { select: { name: true, email: true } } },
    });
    await appendAudit(tx, {
      at: now,
      actorKind: 'person',
      actorId: input.personId,
      actorName: session.person.name,
      action: 'session.start',
      subjectKind: 'session',
      subjectId: session.id,
      subject: session.person.email,
      detail: { method: input.method },
    });
    return { id: session.id };
  });
}
