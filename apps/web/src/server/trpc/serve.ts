import { HostmasterError } from '@hostmaster/core/errors';
import { logError, openExchange } from '@hostmaster/http/door';
import { bodyLimit, readBytes } from '@hostmaster/http/json-body';
import { asOwnError } from '@hostmaster/http/own-error';
import { countTries } from '@hostmaster/http/rate-limit';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Container } from '../container.ts';
import { requestContext } from '../request-context.ts';
import { ownErrorOf } from './own-error.ts';
import { appRouter } from './router.ts';

/** Calls that one HTTP request may batch; the portal's client sends at most as many. */
export const maxBatch = 20;

/** tRPC over HTTP. Never throws; what is wrong with the request as a whole is told to each of its calls. */
export async function serveTrpc(request: Request, container: Container): Promise<Response> {
  const exchange = openExchange(request);
  // Read here, so that the limit holds whatever Content-Length says; handed on as what was read.
  const body = request.method === 'POST' ? await readBytes(request, bodyLimit).catch(asOwnError) : null;
  const refused = body instanceof HostmasterError ? body : null;
  const { method, headers, signal } = request;
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: new Request(request.url, { method, headers, signal, body: body instanceof HostmasterError ? '{}' : body }),
    router: appRouter,
    createContext: async ({ info }) => {
      if (refused !== null) throw refused;
      const context = await requestContext(request, container, exchange);
      await countTries(context.actor, info.calls.length, container.door, exchange);
      return context;
    },
    allowMethodOverride: true,
    maxBatchSize: maxBatch,
    responseMeta: () => ({
      headers: { ...Object.fromEntries(exchange.headers), 'Cache-Control': 'no-store', 'Trace-Id': exchange.traceId },
    }),
    onError: ({ error, path }) => logError(container.door, ownErrorOf(error), exchange.traceId, `trpc ${path ?? 'unknown'}`),
  });
}
