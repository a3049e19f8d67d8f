// The one error class; its code is a row of the error table. `message` is for the person who asked; `cause` is for the log
// and never leaves the process.
import type { ErrorKind } from './error-kind.ts';
import { type ErrorCode, errorTable } from './error-table.ts';
import { asSentence } from './sentence.ts';

/** One broken rule: which field, which rule, why, and what would mend it. */
export type Violation = {
  readonly rule: string;
  readonly path?: string;
  readonly reason: string;
  readonly remedy: string;
  /** What it is about, by kind: ids of endpoints, requests, zones and grants, slugs of teams, suffixes, times. */
  readonly evidence?: Evidence;
};
export type Evidence = Readonly<Record<string, string | number | boolean | null>>;

export class HostmasterError extends Error {
  override readonly name = 'HostmasterError';
  readonly code: ErrorCode;
  readonly violations: readonly Violation[];
  /** Seconds after which a retry makes sense; rendered as Retry-After. */
  readonly retryAfter: number | undefined;
  /** Who must act before a retry can succeed, where that is not Hostmaster. */
  readonly movesNext: string | undefined;
  /** What to do about it; what mends errors of its kind, unless it says more. */
  readonly remedy: string;

  constructor(
    code: ErrorCode,
    message: string,
    options: { violations?: readonly Violation[]; cause?: unknown; retryAfter?: number; movesNext?: string; remedy?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.violations = options.violations ?? [];
    this.retryAfter = options.retryAfter;
    this.movesNext = options.movesNext;
    this.remedy = options.remedy ?? errorTable[code].remedy;
  }

  get kind(): ErrorKind {
    return errorTable[this.code];
  }
}

/** The error as ours: unknown things become a bare `internal`, so that no foreign text reaches a caller. */
export function asHostmasterError(error: unknown): HostmasterError {
  if (error instanceof HostmasterError) return error;
  return new HostmasterError('internal', asSentence(errorTable.internal.title), { cause: error });
}

/** Messages of an error and its causes, outermost first; for logs and for an operation's deepest cause. */
export function causeChain(error: unknown): string[] {
  const messages: string[] = [];
  for (let at: unknown = error; at instanceof Error && messages.length < 10; at = at.cause) messages.push(at.message);
  return messages;
}
