'use client';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc';
import { RequestForm } from './request-form';

/** The form of a change, filled from the contract that is live. */
export function ChangeForm({ endpointId }: { endpointId: string }) {
  const trpc = useTRPC();
  const { data: endpoint } = useSuspenseQuery(trpc.endpoints.get.queryOptions({ id: endpointId }));
  return <RequestForm change={{ contract: endpoint.contract, zone: endpoint.zone }} />;
}
