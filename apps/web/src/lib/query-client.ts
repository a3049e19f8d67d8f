import { defaultShouldDehydrateQuery, QueryClient } from '@tanstack/react-query';
import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '@/server/trpc/router';

/** The error as our procedures answer it, or null where it is none of ours (no network, say). */
export const asApiError = (error: unknown): TRPCClientError<AppRouter> | null =>
  error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>) : null;

/** Retrying is a property of the error, not a guess: what the table calls final is shown at once. */
function shouldRetry(failures: number, error: unknown): boolean {
  const data = asApiError(error)?.data;
  // A database that stands still has taken its seconds already; that is said, and asked again by whoever reads it.
  if (data?.code === 'unavailable') return failures < 1;
  return failures < 2 && (data === undefined || data === null || (data.retryable && data.code !== 'rate-limited'));
}

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      // On the server a page waits for its queries: what fails there is asked again by the browser, which can say so.
      queries: { staleTime: 30_000, retry: typeof window === 'undefined' ? false : shouldRetry },
      // A query that a server component began is streamed to the browser when it is done.
      dehydrate: { shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === 'pending' },
    },
  });

let browserClient: QueryClient | undefined;

/** One client per request on the server, one per tab in the browser. */
export function getQueryClient(): QueryClient {
  if (typeof window === 'undefined') return makeQueryClient();
  browserClient ??= makeQueryClient();
  return browserClient;
}
