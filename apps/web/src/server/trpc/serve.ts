import { HostmasterError } from '@hostmaster/core/errors';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Container } from '../container.ts';
import { bodyLimit, readBytes } from '../http/json-body.ts';
import { asOwnError } from '../http/own-error.ts';
import { logError } from '../http/problem.ts';
import { requestContext, traceIdOf } from '../request-context.ts';
import { limitToken } from '../token-limit.ts';
import { appRouter } from './router.ts';

/** Calls that one HTTP request may batch; the portal's client sends at most as many. */
export const maxBatch = 20;

/** tRPC over HTTP. Never throws; what is wrong with the request as a whole is told to each of its calls. */
export async function serveTrpc(request: Request, container: Container): Promise<Response> {
  const traceId = traceIdOf(request.headers);
  // Read here, so that the limit holds whatever Content-Length says; handed on as what was read.
  const body = request.method === 'POST' ? await readBytes(request, bodyLimit).catch(asOwnError) : null;
  const refused = body instanceof HostmasterError ? body : null;
  const { method, headers, signal } = request;
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: new Request(request.url, { method, headers, signal, body: body instanceof HostmasterError ? '{}' : body }),
    router: appRouter,
    createContext: async () => {
      if (refused !== null) throw refused;
      const context = await requestContext(request, container, traceId);
      await limitToken(context.actor, container);
      return context;
    },
    allowMethodOverride: true,
    maxBatchSize: maxBatch,
    responseMeta: () => ({ headers: { 'Cache-Control': 'no-store', 'Trace-Id': traceId } }),
    onError: ({ error, path }) => logError(container.log, asOwnError(error), traceId, `trpc ${path ?? 'unknown'}`),
  });
}
