import type { TransparencyLogRow } from '@hostmaster/core/contract/transparency';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentLog, readLog } from './log-columns.ts';

/** Reads a log without waiting for its time. Errors: forbidden, not-found, conflict (it is read no more). */
export async function readLogNow(ctx: Ctx, { id }: { readonly id: string }): Promise<TransparencyLogRow> {
  authorize(ctx.actor, 'discovery.manage');
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const { address, forkedAt } = await readLog(tx, id);
    if (forkedAt !== null)
      throw new HostmasterError('conflict', `The log ${address} has signed two trees of one size, and is read no more.`);
    const { count } = await tx.transparencyLog.updateMany({ where: { id, nextReadAt: { gt: now } }, data: { nextReadAt: now } });
    if (count > 0) await audit(tx, ctx, 'discovery.read-log', { id, name: address }, {}, now);
    return presentLog(await readLog(tx, id));
  });
}
