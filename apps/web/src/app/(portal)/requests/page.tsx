import Link from 'next/link';
import { Prefetch } from '@/app/(portal)/prefetch';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { PageHeader } from '@/components/ui/page-header';
import { mayReview } from '@/features/account/roles';
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
        actions={
          <Button asChild look="primary">
            <Link href="/requests/new">
              Request a name <Kbd>C</Kbd>
            </Link>
          </Button>
        }
      />
      <RequestList />
    </Prefetch>
  );
}
