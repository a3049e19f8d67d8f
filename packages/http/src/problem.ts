// Problem documents (RFC 9457): the one way in which a door says no.
import type { Problem } from '@hostmaster/core/contract/page';
import type { HostmasterError, Violation } from '@hostmaster/core/errors';
import { ruleAnchor, ruleTexts } from '@hostmaster/core/rule-texts';
import type { Door, Exchange } from './door.ts';

/** Where the portal explains codes and rules; a fragment names which. */
const documentation = '/api/docs';

/** A violation with the address of what explains its rule. */
export const explained = (violation: Violation, publicUrl: string): Violation & { type?: string } => ({
  ...violation,
  ...(ruleTexts.has(violation.rule) ? { type: `${publicUrl}${documentation}#${ruleAnchor(violation.rule)}` } : {}),
});

export const problemOf = (
  error: HostmasterError,
  { traceId }: Pick<Exchange, 'traceId'>,
  { publicUrl }: Pick<Door, 'publicUrl'>,
): Problem => ({
  type: `${publicUrl}${documentation}#${error.code}`,
  title: error.kind.title,
  status: error.kind.status,
  code: error.code,
  detail: error.message,
  violations: error.violations.map((violation) => explained(violation, publicUrl)),
  remedy: error.remedy,
  retryable: error.kind.retryable,
  traceId,
});

export function problemResponse(error: HostmasterError, exchange: Exchange, door: Pick<Door, 'publicUrl'>): Response {
  const headers = new Headers(exchange.headers);
  headers.set('Content-Type', 'application/problem+json');
  headers.set('Cache-Control', 'no-store');
  headers.set('Trace-Id', exchange.traceId);
  if (error.retryAfter !== undefined) headers.set('Retry-After', String(error.retryAfter));
  if (error.code === 'not-signed-in') headers.set('WWW-Authenticate', 'Bearer');
  return new Response(JSON.stringify(problemOf(error, exchange, door)), { status: error.kind.status, headers });
}
