import { Prefetch, titleOf } from '@/app/(portal)/prefetch';
import { RequestView } from '@/features/request/request-view';
import { needId } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

type Props = PageProps<'/requests/[id]'>;

export async function generateMetadata({ params }: Props) {
  const id = needId((await params).id);
  return titleOf('Request', async (client) => `Request for ${(await client.fetchQuery(trpc.requests.get.queryOptions({ id }))).unicode}`);
}

export default async function RequestPage({ params }: Props) {
  const id = needId((await params).id);
  return (
    <Prefetch queries={[trpc.requests.get.queryOptions({ id })]}>
      <RequestView id={id} />
    </Prefetch>
  );
}
