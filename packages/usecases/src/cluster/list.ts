import type { ClusterRow } from '@hostmaster/core/contract/cluster';
import { authorize } from '@hostmaster/core/policy/authorize';
import { certificatesOfClusters, countUsesOfClusters } from '@hostmaster/db/uses';
import type { Ctx } from '../context.ts';

/** Far more than one organisation has. */
const most = 2_000;

/** Every cluster with what leads to it and the certificates that it holds, by name. Errors: forbidden. */
export async function listClusters(ctx: Ctx): Promise<{ rows: ClusterRow[] }> {
  authorize(ctx.actor, 'cluster.read');
  const [rows, certificates, uses] = await Promise.all([
    ctx.db.cluster.findMany({ orderBy: { slug: 'asc' }, take: most }),
    certificatesOfClusters(ctx.db),
    countUsesOfClusters(ctx.db),
  ]);
  return { rows: rows.map((row) => ({ ...row, certificates: certificates.get(row.slug) ?? 0, uses: uses.get(row.slug) ?? [] })) };
}
