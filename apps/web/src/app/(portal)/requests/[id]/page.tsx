import { Prefetch } from '@/app/(portal)/prefetch';
import { RequestView } from '@/features/request/request-view';
import { needId } from '@/lib/path-parameter';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Request' };

export default async function RequestPage({ params }: PageProps<'/requests/[id]'>) {
  const id = needId((await params).id);
  return (
    <Prefetch queries={[trpc.requests.get.queryOptions({ id })]}>
      <RequestView id={id} />
    </Prefetch>
  );
}
