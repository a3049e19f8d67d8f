'use client';
// What was asked for before, to be asked for again: nothing has to be typed twice, and what still waits gives way.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { PageHeader } from '@/components/ui/page-header';
import { useTRPC } from '@/lib/trpc';
import { againTitle } from './again-title';
import { RequestForm } from './request-form';

export function AgainForm({ requestId }: { requestId: string }) {
  const trpc = useTRPC();
  const { data: request } = useSuspenseQuery(trpc.requests.get.queryOptions({ id: requestId }));
  const { kind, contract, plan, endpointId } = request;
  const endpoint = useQuery({
    ...trpc.endpoints.get.queryOptions({ id: endpointId ?? '' }),
    enabled: kind === 'change' && endpointId !== null,
  });
  // What was to be changed may be gone by now; then the name is asked for anew.
  const there = kind === 'change' && endpoint.data?.state !== 'retired';
  return (
    <>
      <PageHeader crumb={{ href: `/requests/${requestId}`, label: 'Request' }} title={againTitle(request)} />
      {there ? <RequestForm key="change" change={{ contract, zone: plan.zone }} /> : <RequestForm key="again" again={contract} />}
    </>
  );
}
