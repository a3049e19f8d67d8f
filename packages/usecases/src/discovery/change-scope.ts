import type { DiscoveryScope, DiscoveryScopeChange } from '@hostmaster/core/contract/discovery';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { saysAlready } from '../unchanged.ts';
import { needFreeName, presentScope, readScope, scopeColumns, scopeFacts } from './scope-columns.ts';

/**
 * Changes where is looked; the look under way begins anew where that changes. What was found stays.
 * Errors: forbidden, invalid-input (the team), not-found, already-exists (the name), conflict (changed meanwhile).
 */
export async function changeScope(ctx: Ctx, { id, version, ...input }: DiscoveryScopeChange): Promise<DiscoveryScope> {
  authorize(ctx.actor, 'discovery.manage');
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const before = await readScope(tx, id);
    const columns = await scopeColumns(tx, input);
    await needFreeName(tx, input.name, id);
    if (saysAlready(before, columns)) return presentScope(before, now);
    const data = { ...columns, version: version + 1, position: 0, answered: 0, nextLookAt: now };
    const { count } = await tx.discoveryScope.updateMany({ where: { id, version }, data });
    if (count === 0) throw new HostmasterError('conflict', `The discovery scope ${before.name} was changed meanwhile. Read it again.`);
    const after = await readScope(tx, id);
    await audit(tx, ctx, 'discovery.update', { id, name: after.name }, { before: scopeFacts(before), after: scopeFacts(after) }, now);
    return presentScope(after, now);
  });
}
