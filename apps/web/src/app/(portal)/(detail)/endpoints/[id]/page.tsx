import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { EndpointView } from '@/features/endpoint/endpoint-view';
import { allIssuers } from '@/lib/all-rows';
import { needId } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

type Props = PageProps<'/endpoints/[id]'>;

export async function generateMetadata({ params }: Props) {
  const id = needId((await params).id);
  return titleOf('Endpoint', async (client) => (await client.fetchQuery(trpc.endpoints.get.queryOptions({ id }))).unicode);
}

export default async function EndpointPage({ params }: Props) {
  const id = needId((await params).id);
  return (
    <Prefetch
      queries={[
        trpc.endpoints.get.queryOptions({ id }),
        trpc.endpoints.revisions.queryOptions({ id }),
        trpc.endpoints.lastOrder.queryOptions({ id }),
        allIssuers(trpc),
      ]}
    >
      <EndpointView id={id} />
    </Prefetch>
  );
}
