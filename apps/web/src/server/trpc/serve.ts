import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Container } from '../container.ts';
import { bodyLimit, readBytes } from '../http/json-body.ts';
import { asOwnError } from '../http/own-error.ts';
import { logError, problemResponse } from '../http/problem.ts';
import { requestContext, traceIdOf } from '../request-context.ts';
import { appRouter } from './router.ts';

/** Calls that one HTTP request may batch; the portal's client sends at most as many. */
export const maxBatch = 20;

/** tRPC over HTTP. What is wrong with the request as a whole is a problem document, as over REST. */
export async function serveTrpc(request: Request, container: Container): Promise<Response> {
  const traceId = traceIdOf(request.headers);
  try {
    // Read here, so that the limit holds whatever Content-Length says; handed on as what was read.
    const body = request.method === 'POST' ? await readBytes(request, bodyLimit) : null;
    const bounded = new Request(request.url, { method: request.method, headers: request.headers, body, signal: request.signal });
    // Found out before the calls, so that a refused token or a foreign origin is refused once.
    const context = await requestContext(request, container, traceId);
    return await fetchRequestHandler({
      endpoint: '/api/trpc',
      req: bounded,
      router: appRouter,
      createContext: () => context,
      allowMethodOverride: true,
      maxBatchSize: maxBatch,
      responseMeta: () => ({ headers: { 'Cache-Control': 'no-store', 'Trace-Id': traceId } }),
      onError: ({ error, path }) => logError(container.log, asOwnError(error), traceId, `trpc ${path ?? 'unknown'}`),
    });
  } catch (thrown) {
    const error = asOwnError(thrown);
    logError(container.log, error, traceId, 'trpc');
    return problemResponse(error, traceId, container.env.publicUrl);
  }
}
