// Lists of which a choice or a page needs every row, page by page.
import type { TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { AppRouter } from '@/server/trpc/router';

type Trpc = TRPCOptionsProxy<AppRouter>;
const pageAfter = (cursor: string | null) => ({ limit: 200, ...(cursor === null ? {} : { cursor }) });

/** @param cursor null for the first page */
export const pageOfTeams = (trpc: Trpc, cursor: string | null = null) => trpc.teams.list.queryOptions(pageAfter(cursor));
export const pageOfIssuers = (trpc: Trpc, cursor: string | null = null) =>
  trpc.issuers.list.queryOptions(pageAfter(cursor), { staleTime: 300_000 });
