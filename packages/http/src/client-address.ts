import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const header = 'x-forwarded-for';

const entriesOf = (value: unknown): string[] =>
  String(value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/**
 * Has every request to a server of this process carry the address of its socket as the last entry of X-Forwarded-For, as a
 * proxy would: a handler sees headers alone, and what is in them before is what somebody says of themselves.
 */
export function noteSocketAddresses(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { readonly request: IncomingMessage };
    const { headers, socket } = request;
    headers[header] = [...entriesOf(headers[header]), socket.remoteAddress ?? 'unknown'].join(', ');
  });
}

/**
 * The client's address for rate limits: each trusted proxy appends the address that it saw, and this server its socket's
 * (noteSocketAddresses), so that the client stands as many entries before the last as there are proxies.
 */
export function clientAddress(headers: Headers | Readonly<Record<string, unknown>>, trustedHops: number): string {
  const entries = entriesOf(headers instanceof Headers ? headers.get(header) : headers[header]);
  return entries.at(-1 - trustedHops) ?? entries[0] ?? 'unknown';
}
