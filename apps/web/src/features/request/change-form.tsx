'use client';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Callout } from '@/components/ui/callout';
import { PageHeader } from '@/components/ui/page-header';
import { useTRPC } from '@/lib/trpc';
import { RequestForm } from './request-form';

/** The form of a name that was let go, filled from what it was last. */
export function RestoreForm({ endpointId }: { endpointId: string }) {
  const { data: endpoint } = useSuspenseQuery(useTRPC().endpoints.get.queryOptions({ id: endpointId }));
  return <RequestForm again={endpoint.contract} />;
}

/** The form of a change, filled from the contract that is live, or from an earlier revision to go back to. */
export function ChangeForm({ endpointId, revision }: { endpointId: string; revision: number | null }) {
  const trpc = useTRPC();
  const { data: endpoint } = useSuspenseQuery(trpc.endpoints.get.queryOptions({ id: endpointId }));
  const { data: revisions } = useSuspenseQuery(trpc.endpoints.revisions.queryOptions({ id: endpointId }));
  const earlier = revision === null ? undefined : revisions.rows.find(({ number }) => number === revision);
  return (
    <>
      <PageHeader crumb={{ href: `/endpoints/${endpointId}`, label: 'Endpoint' }} title={`Change ${endpoint.unicode}`} />
      {revision !== null && (
        <Callout
          state={earlier ? 'wait' : 'none'}
          title={earlier ? `Filled from revision ${revision}.` : `There is no revision ${revision} of this name.`}
          className="mb-4"
        >
          {earlier
            ? `Revision ${endpoint.revision} stays in force until this request is approved; nothing is undone before you press.`
            : 'The form shows the contract as it is in force.'}
        </Callout>
      )}
      <RequestForm change={{ contract: earlier?.contract ?? endpoint.contract, zone: endpoint.zone }} />
    </>
  );
}
