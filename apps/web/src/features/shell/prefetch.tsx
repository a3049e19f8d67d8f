import 'server-only';
import { asHostmasterError } from '@hostmaster/core/errors';
import { dehydrate, type FetchQueryOptions, HydrationBoundary, type QueryKey } from '@tanstack/react-query';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { getServerQueryClient } from '@/server/rsc';

type AnyQuery = { queryKey: QueryKey };

/**
 * Reads what a page needs before its first byte, all at once. What is not there becomes the "not found" page; any other
 * failure is left to the browser, which asks again and can say what the matter is.
 */
export async function Prefetch({ queries, children }: { queries: readonly AnyQuery[]; children: ReactNode }) {
  const client = getServerQueryClient();
  await Promise.all(
    queries.map(async (query) => {
      try {
        await client.fetchQuery(query as FetchQueryOptions);
      } catch (error) {
        if (isMissing(error)) notFound();
      }
    }),
  );
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}

const isMissing = (error: unknown): boolean =>
  asHostmasterError(error instanceof Error ? (error.cause ?? error) : error).code === 'not-found';
