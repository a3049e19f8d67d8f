import type { DiscoveryScope, DiscoveryScopeInput } from '@hostmaster/core/contract/discovery';
import { HostmasterError } from '@hostmaster/core/errors';
import { mostScopes } from '@hostmaster/core/operation/limits';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { needFreeName, presentScope, readScope, scopeColumns, scopeFacts } from './scope-columns.ts';

/** Allows workers to look for certificates somewhere, from now on. Errors: forbidden, invalid-input (the team), already-exists (the name), quota-reached. */
export async function allowScope(ctx: Ctx, input: DiscoveryScopeInput): Promise<DiscoveryScope> {
  authorize(ctx.actor, 'discovery.manage');
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const columns = await scopeColumns(tx, input);
    await needFreeName(tx, input.name, null);
    if ((await tx.discoveryScope.count()) >= mostScopes)
      throw new HostmasterError('quota-reached', `There are ${mostScopes} scopes, and workers look through no more.`, {
        remedy: 'Remove one that is not needed any more, or add the targets to one that there is.',
      });
    const { id } = await tx.discoveryScope.create({ data: { ...columns, createdAt: now, nextLookAt: now }, select: { id: true } });
    const row = await readScope(tx, id);
    await audit(tx, ctx, 'discovery.allow', { id, name: row.name }, scopeFacts(row), now);
    return presentScope(row, now);
  });
}
