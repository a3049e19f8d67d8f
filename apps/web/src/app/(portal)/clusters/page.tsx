import { Prefetch } from '@/app/(portal)/prefetch';
import { ClusterList } from '@/features/cluster/cluster-list';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Clusters' };

export default function ClustersPage() {
  return (
    <Prefetch queries={[trpc.clusters.list.queryOptions({})]}>
      <ClusterList />
    </Prefetch>
  );
}
