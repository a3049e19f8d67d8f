import type { EnvironmentInput, EnvironmentRow } from '@hostmaster/core/contract/environment';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { usesOfEnvironment } from '@hostmaster/db/uses';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { saysAlready } from '../unchanged.ts';

/** Gives an environment another name or place; what it is called by in contracts stays. Errors: forbidden, not-found. */
export async function updateEnvironment(ctx: Ctx, { slug, name, rank }: EnvironmentInput): Promise<EnvironmentRow> {
  authorize(ctx.actor, 'environment.update');
  return transact(ctx.db, async (tx) => {
    const uses = await usesOfEnvironment(tx, slug);
    const before = await tx.environment.findUnique({ where: { slug } });
    if (before === null) throw new HostmasterError('not-found', `There is no environment ${slug}.`);
    if (saysAlready(before, { name, rank })) return { ...before, uses };
    const row = await tx.environment.update({ where: { slug }, data: { name, rank } });
    const detail = { before: { name: before.name, rank: before.rank }, after: { name, rank } };
    await audit(tx, ctx, 'environment.update', { id: slug, name: slug }, detail);
    return { ...row, uses };
  });
}
