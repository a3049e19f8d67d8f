import { Prefetch } from '@/app/(portal)/prefetch';
import { EndpointList } from '@/features/endpoint/endpoint-list';
import { endpointsInput, loadEndpointSearch } from '@/features/endpoint/endpoint-search';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Endpoints' };

export default async function EndpointsPage({ searchParams }: PageProps<'/endpoints'>) {
  const search = await loadEndpointSearch(searchParams);
  return (
    <Prefetch queries={[trpc.endpoints.list.queryOptions(endpointsInput(search))]}>
      <EndpointList />
    </Prefetch>
  );
}
