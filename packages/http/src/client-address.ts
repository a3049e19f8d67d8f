/**
 * The client's address for rate limits. Each trusted proxy appends the address it saw to X-Forwarded-For, so the client
 * is as many entries from the right as there are proxies; without a proxy the last entry is what the server itself saw
 * (or what the client claims: put a proxy in front where that matters).
 */
export function clientAddress(headers: Headers | Readonly<Record<string, unknown>>, trustedHops: number): string {
  const raw = headers instanceof Headers ? headers.get('x-forwarded-for') : headers['x-forwarded-for'];
  const entries = String(raw ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return entries.at(-Math.max(1, trustedHops)) ?? 'unknown';
}
