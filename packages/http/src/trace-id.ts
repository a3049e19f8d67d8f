import { randomBytes } from 'node:crypto';

/** The trace id of a W3C `traceparent`, or a new one. */
export function traceIdOf(headers: Headers): string {
  const [, traceId] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(headers.get('traceparent') ?? '') ?? [];
  return traceId !== undefined && !/^0+$/.test(traceId) ? traceId : randomBytes(16).toString('hex');
}
