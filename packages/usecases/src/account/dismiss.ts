import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Ctx } from '../context.ts';
import { ownRequests } from '../request/asker.ts';

/** How a request came to nothing, as the rest of a sentence. */
export const cameToNothing: Readonly<Record<string, string>> = {
  rejected: 'was rejected',
  stale: 'has a plan that is out of date',
  failed: 'failed',
};

/** How long a request that did not come through is shown to whoever asked, unless they have dismissed it. */
export const rememberedDays = 14;

/**
 * Takes a request that came to nothing off the first page of whoever answers for it: of them alone, and not out of any list.
 * Twice is no error. Errors: forbidden (a program), not-found (no request of theirs that came to nothing).
 */
export async function dismissRequest(ctx: Ctx, { id }: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'account.manage');
  const own = await ctx.db.request.findFirst({
    where: { AND: [{ id, state: { in: Object.keys(cameToNothing) } }, ownRequests(ctx.actor)] },
    select: { id: true },
  });
  if (own === null) throw new HostmasterError('not-found', `No request ${id} of yours came to nothing.`);
  await ctx.db.dismissal.createMany({
    data: [{ personId: ctx.actor.id, requestId: id, createdAt: ctx.clock.now() }],
    skipDuplicates: true,
  });
}
