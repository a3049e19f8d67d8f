import { useSuspenseQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc';

/** Every kind of provider; they change with a release only. */
export function useProviders() {
  const trpc = useTRPC();
  return useSuspenseQuery({ ...trpc.zones.providers.queryOptions(), staleTime: Number.POSITIVE_INFINITY }).data.rows;
}

/** What a kind says of itself; undefined where this version does not know it. */
export const useProvider = (kind: string) => useProviders().find((provider) => provider.kind === kind);
