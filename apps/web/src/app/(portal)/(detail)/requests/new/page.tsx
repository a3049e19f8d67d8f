import { id } from '@hostmaster/core/contract/page';
import { Prefetch } from '@/app/(portal)/prefetch';
import { PageHeader } from '@/components/ui/page-header';
import { AgainForm } from '@/features/request/again-form';
import { ChangeForm, RestoreForm } from '@/features/request/change-form';
import { RequestForm } from '@/features/request/request-form';
import { trpc } from '@/server/rsc';

export const metadata = { title: 'Request a name' };

/**
 * `?hostname=` begins with a name, `?again=<request>` with what was asked before, `?restore=<endpoint>` with what a name was
 * before it was let go, `?change=<endpoint>` with the contract of a live one, `&revision=` with an earlier one.
 */
export default async function NewRequestPage({ searchParams }: PageProps<'/requests/new'>) {
  const { hostname, again, restore, change, revision } = await searchParams;
  const request = id.safeParse(again);
  const endpoint = id.safeParse(change);
  const gone = id.safeParse(restore);
  if (endpoint.success)
    return (
      <Prefetch
        queries={[trpc.endpoints.get.queryOptions({ id: endpoint.data }), trpc.endpoints.revisions.queryOptions({ id: endpoint.data })]}
      >
        <PageHeader crumb={{ href: `/endpoints/${endpoint.data}`, label: 'Endpoint' }} title="Change a name" />
        <ChangeForm
          endpointId={endpoint.data}
          revision={typeof revision === 'string' && /^[1-9]\d{0,8}$/.test(revision) ? Number(revision) : null}
        />
      </Prefetch>
    );
  if (gone.success)
    return (
      <Prefetch queries={[trpc.endpoints.get.queryOptions({ id: gone.data })]}>
        <PageHeader crumb={{ href: `/endpoints/${gone.data}`, label: 'Endpoint' }} title="Ask for it again" />
        <RestoreForm endpointId={gone.data} />
      </Prefetch>
    );
  if (request.success)
    return (
      <Prefetch queries={[trpc.requests.get.queryOptions({ id: request.data })]}>
        <PageHeader crumb={{ href: `/requests/${request.data}`, label: 'Request' }} title="Ask again" />
        <AgainForm requestId={request.data} />
      </Prefetch>
    );
  return (
    <>
      <PageHeader crumb={{ href: '/requests', label: 'Requests' }} title="Request a name" />
      <RequestForm {...(typeof hostname === 'string' ? { hostname: hostname.slice(0, 253) } : {})} />
    </>
  );
}
