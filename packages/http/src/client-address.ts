export const forwardedFor = 'x-forwarded-for';

export const entriesOf = (value: unknown): string[] =>
  String(value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/**
 * The client's address for rate limits: each trusted proxy appends the address that it saw, and this server its socket's
 * (incoming.ts), so that the client stands as many entries before the last as there are proxies.
 */
export function clientAddress(headers: Headers | Readonly<Record<string, unknown>>, trustedHops: number): string {
  const entries = entriesOf(headers instanceof Headers ? headers.get(forwardedFor) : headers[forwardedFor]);
  return (entries.at(-1 - trustedHops) ?? entries[0] ?? 'unknown').slice(0, 64);
}
