import { HostmasterError } from '@hostmaster/core/errors';
import { authorize, may } from '@hostmaster/core/policy/authorize';
import { appendAudit } from '@hostmaster/db/audit';
import { transact } from '@hostmaster/db/transaction';
import { auditActor } from '../actor-audit.ts';
import type { Ctx } from '../context.ts';

/** Ends a token at once. Revoking it twice is no error. Errors: not-found, also for a token that is somebody else's. */
export async function revokeToken(ctx: Ctx, input: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'token.read');
  const token = await ctx.db.serviceToken.findUnique({ where: { id: input.id } });
  if (token === null || !may(ctx.actor, 'token.revoke', { ownerId: token.ownerId }))
    throw new HostmasterError('not-found', `There is no token ${input.id} of yours.`);
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    const { count } = await tx.serviceToken.updateMany({ where: { id: token.id, revokedAt: null }, data: { revokedAt: now } });
    if (count === 0) return;
    await appendAudit(tx, {
      ...auditActor(ctx.actor),
      at: now,
      action: 'token.revoke',
      subjectKind: 'token',
      subjectId: token.id,
      subject: token.name,
      detail: {},
    });
  });
}
