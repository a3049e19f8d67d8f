import { Prefetch } from '@/app/(portal)/prefetch';
import { EndpointView } from '@/features/endpoint/endpoint-view';
import { needId } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Endpoint' };

export default async function EndpointPage({ params }: PageProps<'/endpoints/[id]'>) {
  const id = needId((await params).id);
  return (
    <Prefetch
      queries={[trpc.endpoints.get.queryOptions({ id }), trpc.endpoints.revisions.queryOptions({ id }), trpc.issuers.list.queryOptions()]}
    >
      <EndpointView id={id} />
    </Prefetch>
  );
}
