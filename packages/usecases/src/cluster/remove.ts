import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { usesOfCluster } from '@hostmaster/db/uses';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { refuseUsed } from '../in-use.ts';

/** Removes a cluster that nothing leads to any more. Errors: forbidden, not-found, in-use with what leads there. */
export async function removeCluster(ctx: Ctx, { slug }: { readonly slug: string }): Promise<void> {
  authorize(ctx.actor, 'cluster.remove');
  await transact(ctx.db, async (tx) => {
    const uses = await usesOfCluster(tx, slug);
    const row = await tx.cluster.findUnique({ where: { slug } });
    if (row === null) throw new HostmasterError('not-found', `There is no cluster ${slug}.`);
    refuseUsed(`Cluster ${slug}`, uses);
    await tx.cluster.delete({ where: { slug } });
    const { slug: _, ...settings } = row;
    await audit(tx, ctx, 'cluster.remove', { id: slug, name: slug }, settings);
  });
}
