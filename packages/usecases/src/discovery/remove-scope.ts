import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { readScope, scopeFacts } from './scope-columns.ts';

/** Nobody looks there any more, and where something was seen there is forgotten. Errors: forbidden, not-found. */
export async function removeScope(ctx: Ctx, { id }: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'discovery.manage');
  await transact(ctx.db, async (tx) => {
    const row = await readScope(tx, id);
    await tx.discoveryScope.delete({ where: { id }, select: { id: true } });
    await audit(tx, ctx, 'discovery.remove', { id, name: row.name }, scopeFacts(row));
  });
}
