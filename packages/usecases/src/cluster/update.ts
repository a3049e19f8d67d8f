import type { ClusterInput, ClusterRow } from '@hostmaster/core/contract/cluster';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import { certificatesOfClusters, usesOfCluster } from '@hostmaster/db/uses';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { refuseUsed } from '../in-use.ts';
import { saysAlready } from '../unchanged.ts';
import { settingsIn, settingsOf, withDestination } from './settings.ts';

/**
 * Changes a cluster; what leads there already is judged by the new settings when it is next asked about. Its hostname
 * changes only while nothing leads to it, because the records of what does would not follow.
 * Errors: forbidden, invalid-input, not-found, in-use with what leads there.
 */
export async function updateCluster(ctx: Ctx, input: ClusterInput): Promise<ClusterRow> {
  authorize(ctx.actor, 'cluster.update');
  const { slug } = input;
  return transact(ctx.db, async (tx) => {
    const { settings: after, columns } = await settingsOf(tx, input);
    const uses = await usesOfCluster(tx, slug);
    const row = await tx.cluster.findUnique({ where: { slug }, include: withDestination });
    if (row === null) throw new HostmasterError('not-found', `There is no cluster ${slug}.`);
    const before = settingsIn(row);
    if (after.hostname !== before.hostname) refuseUsed(`The hostname of cluster ${slug}`, uses);
    if (!saysAlready(row, columns)) {
      await tx.cluster.update({ where: { slug }, data: columns, select: { slug: true } });
      await audit(tx, ctx, 'cluster.update', { id: slug, name: slug }, { before, after });
    }
    return { slug, ...after, uses, certificates: (await certificatesOfClusters(tx)).get(slug) ?? 0 };
  });
}
