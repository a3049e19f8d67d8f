import type { ClusterInput, ClusterRow } from '@hostmaster/core/contract/cluster';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { settingsOf } from './settings.ts';

/** Adds a cluster that contracts can then name as their target. Errors: forbidden, invalid-input, already-exists. */
export async function createCluster(ctx: Ctx, input: ClusterInput): Promise<ClusterRow> {
  authorize(ctx.actor, 'cluster.create');
  const { slug } = input;
  return transact(ctx.db, async (tx) => {
    const { settings, columns } = await settingsOf(tx, input);
    if ((await tx.cluster.findUnique({ where: { slug } })) !== null)
      throw new HostmasterError('already-exists', `There is a cluster ${slug} already.`);
    await tx.cluster.create({ data: { slug, ...columns }, select: { slug: true } });
    await audit(tx, ctx, 'cluster.create', { id: slug, name: slug }, settings);
    return { slug, ...settings, certificates: 0, uses: [] };
  });
}
