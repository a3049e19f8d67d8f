import { id } from '@hostmaster/core/contract/page';
import { Prefetch } from '@/app/(portal)/prefetch';
import { PageHeader } from '@/components/ui/page-header';
import { ChangeForm } from '@/features/request/change-form';
import { RequestForm } from '@/features/request/request-form';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Request a name' };

/** `?hostname=` begins with a name, `?change=<endpoint>` with the contract of a live one. */
export default async function NewRequestPage({ searchParams }: PageProps<'/requests/new'>) {
  const { hostname, change } = await searchParams;
  const endpoint = id.safeParse(change);
  if (endpoint.success)
    return (
      <Prefetch queries={[trpc.endpoints.get.queryOptions({ id: endpoint.data })]}>
        <PageHeader crumb={{ href: `/endpoints/${endpoint.data}`, label: 'Endpoint' }} title="Change a name" />
        <ChangeForm endpointId={endpoint.data} />
      </Prefetch>
    );
  return (
    <>
      <PageHeader crumb={{ href: '/endpoints', label: 'Endpoints' }} title="Request a name" />
      <RequestForm {...(typeof hostname === 'string' ? { hostname: hostname.slice(0, 253) } : {})} />
    </>
  );
}
