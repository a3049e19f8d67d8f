import { HostmasterError } from '@hostmaster/core/errors';
import { authorize, may } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

/** Ends a token at once. Revoking it twice is no error. Errors: not-found, also for a token that is somebody else's. */
export async function revokeToken(ctx: Ctx, input: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'token.read');
  const token = await ctx.db.serviceToken.findFirst({ where: { id: input.id } });
  if (token === null || !may(ctx.actor, 'token.revoke', { ownerId: token.ownerId }))
    throw new HostmasterError('not-found', `There is no token ${input.id} of yours.`);
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    const { count } = await tx.serviceToken.updateMany({ where: { id: token.id, revokedAt: null }, data: { revokedAt: now } });
    if (count === 0) return;
    await audit(tx, ctx, 'token.revoke', { id: token.id, name: token.name }, {}, now);
  });
}
