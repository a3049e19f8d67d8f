// What stands in an answer over HTTP, as far as it makes sense.

/** undefined for what is no JSON. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

const longestWait = 86_400;

/** What a server says to wait, in seconds: at least one, and at most a day. */
export const boundedWait = (seconds: number): number => Math.min(Math.max(seconds, 1), longestWait);

/** Retry-After (RFC 9110 §10.2.3) in seconds from now; null where there is none that makes sense. */
export function secondsOf(text: string | null, now: Date): number | null {
  if (text === null) return null;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - now.getTime()) / 1000);
  return Number.isNaN(seconds) ? null : boundedWait(seconds);
}
