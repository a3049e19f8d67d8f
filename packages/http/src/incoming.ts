// What a server of this process does with a request before any handler of a framework sees it.
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { entriesOf, forwardedFor } from './client-address.ts';

type Begun = { readonly request: IncomingMessage; readonly server: Server };

/** What is asked for by other means is answered, what cannot be asked for here is not (RFC 9110 §9.3.8, §15.5.6). */
const answered = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/** The web's own Request cannot be made of these, and whoever tries writes a stack into the log. */
function refuseTrace(server: Server): void {
  const handlers = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'TRACE') response.writeHead(405, { Allow: answered, 'Content-Length': 0 }).end();
    else for (const handle of handlers) Reflect.apply(handle, server, [request, response]);
  });
}

/**
 * Has every server of this process refuse TRACE, and every request carry the address of its socket as the last entry of
 * X-Forwarded-For, as a proxy would: a handler sees headers alone, and what is in them before is what somebody says of themselves.
 */
export function prepareIncoming(): void {
  const prepared = new WeakSet<Server>();
  // Published before the request is handed to the server's listeners.
  subscribe('http.server.request.start', (message) => {
    const { request, server } = message as Begun;
    if (!prepared.has(server)) {
      prepared.add(server);
      refuseTrace(server);
    }
    const { headers, socket } = request;
    headers[forwardedFor] = [...entriesOf(headers[forwardedFor]), socket.remoteAddress ?? 'unknown'].join(', ');
  });
}
