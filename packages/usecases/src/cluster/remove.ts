import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { usesOfCluster } from '@hostmaster/db/uses';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { refuseUsed } from '../in-use.ts';
import { settingsIn, withDestination } from './settings.ts';

/** Removes a cluster that nothing leads to any more. Errors: forbidden, not-found, in-use with what leads there. */
export async function removeCluster(ctx: Ctx, { slug }: { readonly slug: string }): Promise<void> {
  authorize(ctx.actor, 'cluster.remove');
  await transact(ctx.db, async (tx) => {
    const uses = await usesOfCluster(tx, slug);
    const row = await tx.cluster.findUnique({ where: { slug }, include: withDestination });
    if (row === null) throw new HostmasterError('not-found', `There is no cluster ${slug}.`);
    refuseUsed(`Cluster ${slug}`, uses);
    await tx.cluster.delete({ where: { slug } });
    await audit(tx, ctx, 'cluster.remove', { id: slug, name: slug }, settingsIn(row));
  });
}
