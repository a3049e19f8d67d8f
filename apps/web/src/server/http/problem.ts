// Problem documents (RFC 9457): the one way in which the REST API says no.
import type { Problem } from '@hostmaster/core/contract/page';
import { causeChain, type HostmasterError } from '@hostmaster/core/errors';
import type { Logger } from 'pino';

/** @param publicUrl base of the documentation link in `type`. */
export const problemOf = (error: HostmasterError, traceId: string, publicUrl: string): Problem => ({
  type: `${publicUrl}/api/docs#${error.code}`,
  title: error.kind.title,
  status: error.kind.status,
  code: error.code,
  detail: error.message,
  violations: error.violations.map((violation) => ({ ...violation })),
  remedy: error.kind.remedy,
  traceId,
});

export function problemResponse(
  error: HostmasterError,
  traceId: string,
  publicUrl: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(problemOf(error, traceId, publicUrl)), {
    status: error.kind.status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      'Trace-Id': traceId,
      ...(error.retryAfter === undefined ? {} : { 'Retry-After': String(error.retryAfter) }),
      ...(error.code === 'not-signed-in' ? { 'WWW-Authenticate': 'Bearer' } : {}),
      ...headers,
    },
  });
}

/** What the caller is told is not enough for us: the causes, under the same trace id. Errors of the caller are no news. */
export function logError(log: Logger, error: HostmasterError, traceId: string, where: string): void {
  const line = { traceId, where, code: error.code, causes: causeChain(error) };
  if (error.code === 'internal') log.error({ ...line, err: error.cause ?? error }, error.message);
  else if (error.kind.status >= 500) log.warn(line, error.message);
  else log.debug(line, error.message);
}
