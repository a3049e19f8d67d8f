import type { DiscoveryScope } from '@hostmaster/core/contract/discovery';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentScope, readScope } from './scope-columns.ts';

/** Begins a look without waiting for its time; one that is under way goes on. Errors: forbidden, not-found. */
export async function lookNow(ctx: Ctx, { id }: { readonly id: string }): Promise<DiscoveryScope> {
  authorize(ctx.actor, 'discovery.manage');
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const { count } = await tx.discoveryScope.updateMany({ where: { id, nextLookAt: { gt: now } }, data: { nextLookAt: now } });
    const row = await readScope(tx, id);
    if (count > 0) await audit(tx, ctx, 'discovery.look', { id, name: row.name }, {}, now);
    return presentScope(row, now);
  });
}
