import { useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc';

/** Every kind of issuer that can be connected; they change with a release only. */
export function useKinds() {
  const trpc = useTRPC();
  return useSuspenseQuery({ ...trpc.issuers.kinds.queryOptions(), staleTime: Number.POSITIVE_INFINITY }).data.rows;
}
