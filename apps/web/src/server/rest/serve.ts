// One REST request: find the procedure, find out who asks, read the input as strictly as tRPC does, call it once, answer.
// Whatever goes wrong on the way becomes a problem document.
import { createHash } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { type Answer, answerOnce } from '@hostmaster/usecases/idempotency/answer-once';
import { callTRPCProcedure } from '@trpc/server';
import type { Container } from '../container.ts';
import { parseObject, readBytes } from '../http/json-body.ts';
import { asOwnError } from '../http/own-error.ts';
import { logError, problemOf, problemResponse } from '../http/problem.ts';
import { requestContext, traceIdOf } from '../request-context.ts';
import { limitToken } from '../token-limit.ts';
import type { RequestContext } from '../trpc/init.ts';
import { appRouter } from '../trpc/router.ts';
import { restBase } from './base.ts';
import { readInput } from './input.ts';
import { findRoute, type RestRoute } from './routes.ts';

/** Never throws. */
export async function serveRest(request: Request, container: Container): Promise<Response> {
  const traceId = traceIdOf(request.headers);
  const headers: Record<string, string> = {};
  try {
    return await serve(request, container, traceId, headers);
  } catch (thrown) {
    const error = asOwnError(thrown);
    logError(container.log, error, traceId, `${request.method} ${new URL(request.url).pathname}`);
    return problemResponse(error, traceId, container.env.publicUrl, headers);
  }
}

/** @param headers filled as it goes on, for the answer or the problem, whichever it becomes. */
async function serve(request: Request, container: Container, traceId: string, headers: Record<string, string>): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname.slice(restBase.length).replace(/\/$/, '');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const found = findRoute(method, path);
  if ('allowed' in found) {
    if (found.allowed.length === 0) throw new HostmasterError('not-found', `There is nothing at ${restBase}${path.slice(0, 200)}.`);
    headers.Allow = found.allowed.join(', ');
    throw new HostmasterError('method-not-allowed', `${restBase}${path} takes ${headers.Allow}.`);
  }
  const context = await requestContext(request, container, traceId);
  if (context.actor === null) throw new HostmasterError('not-signed-in', 'Sign in first, or send a token.');
  Object.assign(headers, await limitToken(context.actor, container));
  const bytes = method === 'GET' ? new Uint8Array() : await readBytes(request);
  const body = parseObject(bytes, request.headers.get('content-type'));
  const input = readInput(found.route, found.pathInput, url.searchParams, body);
  const work = (): Promise<Answer> => call(found.route, context, input, request.signal);

  const key = request.headers.get('idempotency-key');
  if (method !== 'POST' || key === null) return respond(found.route, await work(), headers, traceId);
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new HostmasterError('invalid-input', 'An Idempotency-Key has 1 to 255 printable characters.', {
      violations: [
        {
          rule: 'idempotency-key',
          path: 'Idempotency-Key',
          reason: 'The key is empty, too long, or not printable.',
          remedy: 'Send a UUID.',
        },
      ],
    });
  const fingerprint = Uint8Array.from(createHash('sha256').update(`${method} ${path}${url.search}\n`).update(bytes).digest());
  const once = { key, fingerprint, keepAnswer: found.route.face.secretAnswer !== true };
  const { answer, repeated } = await answerOnce({ ...container.parts, actor: context.actor }, once, async () => {
    try {
      return { answer: await work(), final: true };
    } catch (thrown) {
      // A refusal is an answer too, and is repeated as it was; what may succeed later frees the key.
      const error = asOwnError(thrown);
      if (error.kind.retryable || error.kind.status >= 500) throw error;
      return { answer: { status: error.kind.status, body: problemOf(error, traceId, container.env.publicUrl) }, final: true };
    }
  });
  if (repeated) headers['Idempotency-Replayed'] = 'true';
  return respond(found.route, answer, headers, traceId);
}

async function call(route: RestRoute, ctx: RequestContext, input: unknown, signal: AbortSignal): Promise<Answer> {
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
}

function respond(route: RestRoute, { status, body }: Answer, headers: Readonly<Record<string, string>>, traceId: string): Response {
  const all = new Headers({ 'Cache-Control': 'no-store', 'Trace-Id': traceId, ...headers });
  if (status === 204) return new Response(null, { status, headers: all });
  if (status >= 400) all.set('Content-Type', 'application/problem+json');
  else {
    all.set('Content-Type', 'application/json');
    if (route.face.location !== undefined && hasId(body)) all.set('Location', route.face.location(body));
  }
  return new Response(JSON.stringify(body), { status, headers: all });
}

const hasId = (body: unknown): body is { id: string } =>
  typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string';
