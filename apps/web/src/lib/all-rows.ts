// Lists of which a choice or a page needs every row: read page by page, as long as there is one more.
import type { TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { AppRouter } from '@/server/trpc/router';

type Trpc = TRPCOptionsProxy<AppRouter>;
const input = { limit: 200 };
const next = { getNextPageParam: (page: { readonly nextCursor: string | null }) => page.nextCursor };

export const allTeams = (trpc: Trpc) => trpc.teams.list.infiniteQueryOptions(input, next);
export const allIssuers = (trpc: Trpc) => trpc.issuers.list.infiniteQueryOptions(input, { ...next, staleTime: 300_000 });
export const allDestinations = (trpc: Trpc) => trpc.destinations.list.infiniteQueryOptions(input, next);
