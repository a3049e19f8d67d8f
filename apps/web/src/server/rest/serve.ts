// One REST request: find the procedure, find out who asks, read the input as strictly as tRPC does, call it once, answer.
// Whatever goes wrong on the way becomes a problem document.
import { HostmasterError } from '@hostmaster/core/errors';
import { signedIn } from '@hostmaster/http/bearer';
import { answer, type Exchange } from '@hostmaster/http/door';
import { answerKeyed, idempotencyKeyOf } from '@hostmaster/http/idempotency';
import { parseObject, readBytes } from '@hostmaster/http/json-body';
import { countTries } from '@hostmaster/http/rate-limit';
import type { Answer } from '@hostmaster/usecases/idempotency/answer-once';
import { callTRPCProcedure } from '@trpc/server';
import type { Container } from '../container.ts';
import { admit } from '../refusals.ts';
import { requestContext } from '../request-context.ts';
import type { RequestContext } from '../trpc/init.ts';
import { ownErrorOf } from '../trpc/own-error.ts';
import { appRouter } from '../trpc/router.ts';
import { restBase } from './base.ts';
import { readInput } from './input.ts';
import { findRoute, type RestRoute, type RouteMatch } from './routes.ts';

/** Never throws. */
export const serveRest = (request: Request, container: Container): Promise<Response> =>
  answer(request, container.door, async (exchange) => {
    const url = new URL(request.url);
    const path = url.pathname.slice(restBase.length).replace(/\/$/, '');
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const { route, pathInput } = routeOf(method, path, exchange);
    const context = await requestContext(request, container, exchange);
    const actor = signedIn(context.actor);
    await countTries(actor, 1, container.door, exchange);
    await admit(context, { actor, procedure: route.name }, route.action);
    const body = method === 'GET' ? new Uint8Array() : await readBytes(request);
    const input = readInput(route, pathInput, url.searchParams, parseObject(body, request.headers.get('content-type')));
    const key = method === 'POST' ? idempotencyKeyOf(request.headers) : null;
    const asked = { address: `${method} ${path}${url.search}`, body };
    const keyed = { actor, key, asked, keepAnswer: route.face.secretAnswer !== true };
    return respond(
      route,
      await answerKeyed(keyed, container.door, exchange, () => call(route, { ...context, key }, input, request.signal)),
    );
  });

/** Errors: not-found; method-not-allowed, with the methods that the path takes in the headers. */
function routeOf(method: string, path: string, { headers }: Exchange): Extract<RouteMatch, { route: RestRoute }> {
  const found = findRoute(method, path);
  if ('route' in found) return found;
  const address = `${restBase}${path.slice(0, 200)}`;
  if (found.allowed.length === 0) throw new HostmasterError('not-found', `There is nothing at ${address}.`);
  const allowed = found.allowed.join(', ');
  headers.set('Allow', allowed);
  throw new HostmasterError('method-not-allowed', `${address} takes ${allowed}.`);
}

async function call(route: RestRoute, ctx: RequestContext, input: unknown, signal: AbortSignal): Promise<Answer> {
  try {
    const body: unknown = await callTRPCProcedure({
      router: appRouter,
      path: route.name,
      getRawInput: async () => input,
      ctx,
      type: route.procedure._def.type,
      signal,
      batchIndex: 0,
    });
    return { status: route.face.status, body };
  } catch (error) {
    throw ownErrorOf(error);
  }
}

function respond({ face }: RestRoute, { status, body }: Answer): Response {
  if (status === 204) return new Response(null, { status });
  const headers = new Headers({ 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json' });
  if (status < 400 && face.location !== undefined && hasId(body)) headers.set('Location', face.location(body));
  return new Response(JSON.stringify(body), { status, headers });
}

const hasId = (body: unknown): body is { id: string } =>
  typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string';
