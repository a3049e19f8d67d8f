import { HostmasterError } from '@hostmaster/core/errors';
import { authorize, may } from '@hostmaster/core/policy/authorize';
import { lockTokensOf, revokeWithMade } from '@hostmaster/db/token';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

/** Ends a token at once, and with it every token that it made. Revoking it twice is no error. Errors: not-found, also for a token that is somebody else's. */
export async function revokeToken(ctx: Ctx, input: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'token.read');
  const token = await ctx.db.serviceToken.findFirst({ where: { id: input.id } });
  if (token === null || !may(ctx.actor, 'token.revoke', { ownerId: token.ownerId }))
    throw new HostmasterError('not-found', `There is no token ${input.id} of yours.`);
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    await lockTokensOf(tx, token.ownerId);
    for (const ended of await revokeWithMade(tx, token.id, now)) {
      await audit(tx, ctx, 'token.revoke', ended, ended.id === token.id ? {} : { madeBy: token.name }, now);
    }
  });
}
