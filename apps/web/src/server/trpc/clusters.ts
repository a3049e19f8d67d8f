import { clusterInput, clusterKey, clusterPage, clusterRow, clustersQuery } from '@hostmaster/core/contract/cluster';
import { createCluster } from '@hostmaster/usecases/cluster/create';
import { listClusters } from '@hostmaster/usecases/cluster/list';
import { removeCluster } from '@hostmaster/usecases/cluster/remove';
import { updateCluster } from '@hostmaster/usecases/cluster/update';
import { procedure, router } from './init.ts';

export const clusters = router({
  list: procedure
    .meta({
      action: 'cluster.read',
      rest: { method: 'GET', path: '/clusters', status: 200, summary: 'Clusters that a contract can name as its target' },
    })
    .input(clustersQuery)
    .output(clusterPage)
    .query(({ ctx, input }) => listClusters(ctx.usecase, input)),
  create: procedure
    .meta({
      action: 'cluster.create',
      refusals: ['already-exists'],
      rest: {
        method: 'POST',
        path: '/clusters',
        status: 201,
        summary: 'Add a cluster',
        example: { slug: 'k8s-2', hostname: 'k8s-2.clusters.example.test', environment: 'prod', certificateLimit: 25 },
      },
    })
    .input(clusterInput)
    .output(clusterRow)
    .mutation(({ ctx, input }) => createCluster(ctx.usecase, input)),
  update: procedure
    .meta({
      action: 'cluster.update',
      refusals: ['in-use'],
      rest: {
        method: 'PUT',
        path: '/clusters/{slug}',
        status: 200,
        summary: 'Change a cluster',
        description: 'Its hostname changes only while nothing leads to it.',
        example: { hostname: 'k8s-2.clusters.example.test', environment: 'prod', public: true, certificateLimit: 100 },
      },
    })
    .input(clusterInput)
    .output(clusterRow)
    .mutation(({ ctx, input }) => updateCluster(ctx.usecase, input)),
  remove: procedure
    .meta({
      action: 'cluster.remove',
      refusals: ['in-use'],
      rest: { method: 'DELETE', path: '/clusters/{slug}', status: 204, summary: 'Remove a cluster that nothing leads to' },
    })
    .input(clusterKey)
    .output(clusterKey)
    .mutation(async ({ ctx, input }) => {
      await removeCluster(ctx.usecase, input);
      return input;
    }),
});
