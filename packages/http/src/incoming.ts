// What a server of this process does with a request before any handler of a framework sees it.
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { HostmasterError } from '@hostmaster/core/errors';
import { entriesOf, forwardedFor } from './client-address.ts';
import type { Door } from './door.ts';
import { problemOf } from './problem.ts';
import { traceIdOf } from './trace-id.ts';

type Begun = { readonly request: IncomingMessage; readonly server: Server };
type Place = Pick<Door, 'publicUrl'>;
/** Answers a request itself, or leaves it to others: whether it does. */
type FirstDoor = (request: IncomingMessage, response: ServerResponse) => boolean;

/** RFC 9110 §15.5.6. */
const answered = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const api = /^\/api\//;
/** What is no page: the APIs, and what Next serves for itself, tools of its development server among it. */
const besidePages = /^\/(?:api\/|_next|__nextjs)/;

function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}

/** Answers what frameworks fail at, with a stack in the log; false for everything else. */
function isRefused({ method, url = '/' }: IncomingMessage, response: ServerResponse, door: Place): boolean {
  // The web's own Request cannot be made of it.
  if (method === 'TRACE') {
    response.writeHead(405, { Allow: answered, 'Content-Length': 0 }).end();
    return true;
  }
  const [path = ''] = url.split('?');
  // A page has no actions to call, and Next would write into our log which one a stranger asked for.
  if (method === 'POST' && !besidePages.test(path)) {
    response.writeHead(405, { Allow: 'GET, HEAD', 'Content-Length': 0 }).end();
    return true;
  }
  if (isDecodable(path)) return false;
  const error = new HostmasterError('not-found', 'The path is not percent-encoded UTF-8, so there is nothing at it.');
  const [type, body] = api.test(path)
    ? ['application/problem+json', JSON.stringify(problemOf(error, { traceId: traceIdOf(new Headers()) }, door))]
    : ['text/plain', `${error.message}\n`];
  response
    .writeHead(error.kind.status, { 'Content-Type': type, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    .end(body);
  return true;
}

function answerFirst(server: Server, door: Place, first: FirstDoor): void {
  const handlers = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (first(request, response) || isRefused(request, response, door)) return;
    for (const handle of handlers) Reflect.apply(handle, server, [request, response]);
  });
}

/**
 * Has every server of this process refuse TRACE, what is posted to a page, and paths that cannot be read, and every request carry the address of its
 * socket as the last entry of X-Forwarded-For, as a proxy would: a handler sees headers alone, and what is in them before is
 * what somebody says of themselves.
 * @param first asked before anything is refused, where something is answered without the framework
 */
export function prepareIncoming(door: Place, first: FirstDoor = () => false): void {
  const prepared = new WeakSet<Server>();
  // Published before the request is handed to the server's listeners.
  subscribe('http.server.request.start', (message) => {
    const { request, server } = message as Begun;
    if (!prepared.has(server)) {
      prepared.add(server);
      answerFirst(server, door, first);
    }
    const { headers, socket } = request;
    headers[forwardedFor] = [...entriesOf(headers[forwardedFor]), socket.remoteAddress ?? 'unknown'].join(', ');
  });
}
