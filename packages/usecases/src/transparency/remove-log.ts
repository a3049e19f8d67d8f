import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { readLog } from './log-columns.ts';

/** The log is read no more, and that something was seen in it is forgotten. Errors: forbidden, not-found. */
export async function removeLog(ctx: Ctx, { id }: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'discovery.manage');
  await transact(ctx.db, async (tx) => {
    const { address, kind } = await readLog(tx, id);
    await tx.transparencyLog.delete({ where: { id }, select: { id: true } });
    await audit(tx, ctx, 'discovery.remove-log', { id, name: address }, { kind });
  });
}
