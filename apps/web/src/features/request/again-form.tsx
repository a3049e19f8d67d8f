'use client';
// What was asked for before, to be asked for again: nothing has to be typed twice, and what still waits gives way.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc';
import { RequestForm } from './request-form';

export function AgainForm({ requestId }: { requestId: string }) {
  const { data: request } = useSuspenseQuery(useTRPC().requests.get.queryOptions({ id: requestId }));
  const { kind, contract, plan } = request;
  return kind === 'change' ? <RequestForm change={{ contract, zone: plan.zone }} /> : <RequestForm again={contract} />;
}
