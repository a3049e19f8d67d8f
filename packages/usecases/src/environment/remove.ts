import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { usesOfEnvironment } from '@hostmaster/db/uses';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { refuseUsed } from '../in-use.ts';

/** Removes an environment that nothing names any more. Errors: forbidden, not-found, in-use with what names it. */
export async function removeEnvironment(ctx: Ctx, { slug }: { readonly slug: string }): Promise<void> {
  authorize(ctx.actor, 'environment.remove');
  await transact(ctx.db, async (tx) => {
    const uses = await usesOfEnvironment(tx, slug);
    const row = await tx.environment.findUnique({ where: { slug } });
    if (row === null) throw new HostmasterError('not-found', `There is no environment ${slug}.`);
    refuseUsed(`Environment ${slug}`, uses);
    await tx.environment.delete({ where: { slug } });
    await audit(tx, ctx, 'environment.remove', { id: slug, name: slug }, { name: row.name, rank: row.rank });
  });
}
