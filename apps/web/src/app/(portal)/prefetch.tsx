import 'server-only';
import type { HostmasterError } from '@hostmaster/core/errors';
import {
  dehydrate,
  type FetchInfiniteQueryOptions,
  type FetchQueryOptions,
  HydrationBoundary,
  hashKey,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { Limited } from '@/features/shell/limited';
import { getServerQueryClient } from '@/server/rsc';
import { signInFirst } from '@/server/sign-in-first';
import { ownErrorOf } from './own-error-of';

type AnyQuery = { queryKey: QueryKey };

/**
 * Reads what a page needs before its first byte, all at once. What is not there becomes the "not found" page, what is too
 * much one that says for how long; any other failure is left to the browser, which asks again and can say what the matter is.
 * @param frame what is put around a page that says so, where there is nothing around it yet
 */
export async function Prefetch({
  queries,
  frame = (page) => page,
  children,
}: {
  queries: readonly AnyQuery[];
  frame?: (page: ReactNode) => ReactNode;
  children: ReactNode;
}) {
  let limited: HostmasterError | null = null;
  const client = getServerQueryClient();
  await Promise.all(
    queries.map(async (query) => {
      try {
        if ('initialPageParam' in query) await client.fetchInfiniteQuery(query as FetchInfiniteQueryOptions);
        else await client.fetchQuery(query as FetchQueryOptions);
      } catch (error) {
        const own = ownErrorOf(error);
        const { code } = own;
        if (code === 'rate-limited') limited = own;
        if (code === 'not-found') notFound();
        // A layout is not rendered again when one goes from page to page, so a session that ended meanwhile is noticed here.
        if (code === 'not-signed-in') await signInFirst();
      }
    }),
  );
  if (limited !== null) return frame(<Limited {...told(limited)} />);
  // Its own queries only: layout and page share the client, and a query handed over while still pending would stay so until
  // the browser takes over.
  const own = new Set(queries.map((query) => hashKey(query.queryKey)));
  const state = dehydrate(client, { shouldDehydrateQuery: (query) => query.state.status === 'success' && own.has(query.queryHash) });
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}

/** The title of a page of one thing: what it is called, or what kind of thing it is where that cannot be read. */
export async function titleOf(kind: string, read: (client: QueryClient) => Promise<string>): Promise<Metadata> {
  try {
    return { title: await read(getServerQueryClient()) };
  } catch (error) {
    return { title: ownErrorOf(error).code === 'not-found' ? 'Not found' : kind };
  }
}

const told = ({ code, kind, message }: HostmasterError) => ({ code, title: kind.title, detail: message });
