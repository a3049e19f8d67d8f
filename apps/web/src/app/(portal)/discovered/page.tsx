import { Prefetch } from '@/app/(portal)/prefetch';
import { DiscoveredList } from '@/features/discovery/discovered-list';
import { discoveredInput, loadDiscoveredSearch } from '@/features/discovery/discovered-search';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Discovered' };

export default async function DiscoveredPage({ searchParams }: PageProps<'/discovered'>) {
  const search = await loadDiscoveredSearch(searchParams);
  return (
    <Prefetch
      queries={[
        trpc.discovery.list.queryOptions(discoveredInput(search)),
        trpc.discovery.scopes.queryOptions({ limit: 200 }),
        trpc.discovery.logs.queryOptions({ limit: 200 }),
      ]}
    >
      <DiscoveredList />
    </Prefetch>
  );
}
