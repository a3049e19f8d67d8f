import { Prefetch } from '@/app/(portal)/prefetch';
import { PageHeader } from '@/components/ui/page-header';
import { mayReview } from '@/features/account/roles';
import { AskForName } from '@/features/request/ask-for-name';
import { RequestList } from '@/features/request/request-list';
import { loadRequestSearch, requestsInput } from '@/features/request/request-search';
import { trpc, viewer } from '@/server/rsc';

export const metadata = { title: 'Requests' };

export default async function RequestsPage({ searchParams }: PageProps<'/requests'>) {
  const search = await loadRequestSearch(searchParams);
  const asker = await viewer();
  return (
    <Prefetch queries={[trpc.requests.list.queryOptions(requestsInput(search, asker !== null && mayReview(asker)))]}>
      <PageHeader
        title="Requests"
        sub={<p>Every name that was asked for, what became of it, and why.</p>}
        actions={<AskForName shortcut />}
      />
      <RequestList />
    </Prefetch>
  );
}
