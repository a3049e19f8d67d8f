import 'server-only';
// What server components read with: the same procedures, called in process, and counted as at the doors. One context per
// render, so that however many components read, the session is looked up once.
import { forwardedFor } from '@hostmaster/http/client-address';
import { logError, openExchange } from '@hostmaster/http/door';
import { asOwnError } from '@hostmaster/http/own-error';
import { countTries } from '@hostmaster/http/rate-limit';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { headers } from 'next/headers';
import { cache } from 'react';
import { digestOf } from '@/lib/digest';
import { makeQueryClient } from '@/lib/query-client';
import { container } from './container.ts';
import { countTogether } from './count-together.ts';
import { requestContext } from './request-context.ts';
import { appRouter } from './trpc/router.ts';

const context = cache(async () => {
  const own = await headers();
  // A token is for the API; a page is for a person, so only the cookie counts.
  const asked = new Headers({ cookie: own.get('cookie') ?? '', [forwardedFor]: own.get(forwardedFor) ?? '' });
  const exchange = openExchange({ headers: own });
  try {
    return await requestContext({ headers: asked, method: 'GET' }, container(), exchange);
  } catch (thrown) {
    const error = asOwnError(thrown);
    logError(container().door, error, exchange.traceId, 'a page');
    throw Object.assign(error, { digest: digestOf(error.code, exchange.traceId) });
  }
});

const counted = cache(() =>
  countTogether(async (calls) => {
    const { actor, door, exchange } = await context();
    await countTries(actor, calls, door, exchange);
  }),
);

const countedContext = async () => {
  await counted()();
  return context();
};

/** The query client of this render; prefetch into it and hand `dehydrate(getServerQueryClient())` to a HydrationBoundary. */
export const getServerQueryClient = cache(makeQueryClient);

/** `queryOptions()` of every procedure, for prefetching. */
export const trpc = createTRPCOptionsProxy({ ctx: countedContext, router: appRouter, queryClient: getServerQueryClient });

/** Who is signed in, or null: what a page asks before it shows anything. */
export const viewer = async () => (await context()).actor;
