import type { clusterPage, clustersQuery } from '@hostmaster/core/contract/cluster';
import { authorize } from '@hostmaster/core/policy/authorize';
import { literal } from '@hostmaster/db/like';
import { certificatesOfClusters, countUsesOfClusters } from '@hostmaster/db/uses';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { settingsIn, withDestination } from './settings.ts';

const place = 'clusters-slug';

/** Clusters with what leads to them and the certificates that they hold, by slug. Errors: forbidden, invalid-input (a foreign cursor). */
export async function listClusters(ctx: Ctx, query: z.output<typeof clustersQuery>): Promise<z.output<typeof clusterPage>> {
  authorize(ctx.actor, 'cluster.read');
  const { cursor, limit, search } = query;
  const after = decodeCursor(place, [positions.text], cursor);
  const part = search === undefined ? null : { contains: literal(search.trim().toLowerCase()) };
  const where = part === null ? {} : { OR: [{ slug: part }, { hostname: part }] };
  const [read, counted, certificates, uses] = await Promise.all([
    ctx.db.cluster.findMany({
      where: { AND: [where, after === null ? {} : { slug: { gt: after[0] } }] },
      orderBy: { slug: 'asc' },
      take: limit + 1,
      include: withDestination,
    }),
    ctx.db.cluster.count({ where, take: countedAtMost + 1 }),
    certificatesOfClusters(ctx.db),
    countUsesOfClusters(ctx.db),
  ]);
  const { page, nextCursor } = pageOf(read, limit, ({ slug }) => encodeCursor(place, [slug]));
  const rows = page.map((row) => ({
    slug: row.slug,
    ...settingsIn(row),
    certificates: certificates.get(row.slug) ?? 0,
    uses: uses.get(row.slug) ?? [],
  }));
  return { rows, nextCursor, total: totalOf(counted) };
}
