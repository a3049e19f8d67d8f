// What a person is shown when something did not work: our own errors as the API renders them, and plain words for the rest.
import type { Problem } from '@hostmaster/core/contract/page';
import { readDigest } from './digest';
import { asApiError } from './query-client';

export type Violation = Problem['violations'][number];
export type ShownProblem = {
  code: string | null;
  title: string;
  detail: string;
  remedy: string;
  violations: readonly Violation[];
  traceId: string | null;
};

/** The code of an answer to somebody whose session does not count any more. */
export const endedSession = 'not-signed-in';

export function problemOf(error: unknown): ShownProblem {
  const api = asApiError(error);
  if (api?.data?.code === endedSession) {
    const { code, traceId } = api.data;
    // The words of the API are for programs, which send a token.
    const detail = 'Sign in again; you come back to this page.';
    return { code, title: 'Your session has ended', detail, remedy: '', violations: [], traceId };
  }
  if (api?.data) {
    const { code, title, remedy, violations, traceId } = api.data;
    // Which paths of the JSON that was sent are not valid says nothing to whoever filled in a form; its fields do.
    const detail = code === 'invalid-input' && violations.length > 0 ? '' : api.message;
    return { code, title, detail, remedy, violations: distinct(violations), traceId };
  }
  if (api)
    return {
      code: null,
      title: 'The server did not answer',
      detail: 'The request did not get through. What you typed is still here.',
      remedy: 'Check the connection and try again.',
      violations: [],
      traceId: null,
    };
  const digest = error instanceof Error && 'digest' in error && typeof error.digest === 'string' ? error.digest : null;
  const { code, traceId } = digest === null ? { code: null, traceId: null } : readDigest(digest);
  if (code === 'unavailable')
    return {
      code,
      title: 'The database does not answer',
      detail: 'So this page could not be put together. Nothing was changed.',
      remedy: 'Try again in a moment; if it lasts, whoever runs Hostmaster has to look at PostgreSQL.',
      violations: [],
      traceId,
    };
  return {
    code,
    title: 'This page could not be shown',
    detail: 'Something went wrong while it was put together. Nothing was changed.',
    remedy: 'Try again; if it lasts, report the trace id.',
    violations: [],
    traceId,
  };
}

/** The same said of three items of a list is said once. */
const distinct = (violations: readonly Violation[]): Violation[] =>
  violations.filter((one, index) => violations.findIndex((other) => other.rule === one.rule && other.reason === one.reason) === index);

/** The violations of one field: those of `path` itself and of anything below it. */
export function violationsAt(violations: readonly Violation[], path: string): Violation[] {
  return violations.filter((violation) => violation.path === path || violation.path?.startsWith(`${path}.`));
}
