import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

/** From now on the exception lifts nothing; what stands on it stays as it is. Errors: forbidden, not-found (also where it has ended). */
export async function endException(ctx: Ctx, { id }: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'exception.end');
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    const before = await tx.policyException.findUnique({ where: { id } });
    const { count } = await tx.policyException.updateMany({ where: { id, until: { gt: now } }, data: { until: now } });
    if (before === null || count === 0) throw new HostmasterError('not-found', `There is no exception ${id} that still lifts a rule.`);
    const { rule, hostname, reason, until } = before;
    await audit(tx, ctx, 'exception.end', { id, name: hostname }, { rule, reason, until: until.toISOString() }, now);
  });
}
