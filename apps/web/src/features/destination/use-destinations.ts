'use client';
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { allDestinations } from '@/lib/all-rows';
import { useTRPC } from '@/lib/trpc';
import { useAllRows } from '@/lib/use-all-rows';

/** Every destination; none until they are here. */
export const useDestinations = () => useAllRows(useInfiniteQuery(allDestinations(useTRPC())));

/** Every kind of destination that can be connected; they change with a release only. */
export function useDestinationKinds() {
  const trpc = useTRPC();
  return useSuspenseQuery({ ...trpc.destinations.kinds.queryOptions(), staleTime: Number.POSITIVE_INFINITY }).data.rows;
}
