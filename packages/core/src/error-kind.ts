// What every door must know of an error, whichever it is: the columns of the error table.

export type ErrorKind = {
  /** HTTP status of the problem document (RFC 9457). */
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503 | 504;
  readonly title: string;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** Who ends what the error holds up, where that is somebody else than Hostmaster. */
  readonly movesNext?: string;
  /** What the reader of the error can do, in general; the error's own message says it in particular. */
  readonly remedy: string;
  /** `urn:ietf:params:acme:error:` and this is the type of the problem at an ACME server; null where none of RFC 8555 fits. */
  readonly acme: AcmeErrorType | null;
  /** What a command that fails with it exits with. */
  readonly exit: ExitCode;
};

/** RFC 8555, section 6.7: those that an error of ours can mean. What only an ACME server knows (nonces, orders) is its own. */
type AcmeErrorType =
  | 'badCSR'
  | 'connection'
  | 'dns'
  | 'malformed'
  | 'rateLimited'
  | 'rejectedIdentifier'
  | 'serverInternal'
  | 'unauthorized';

/** What a script can tell apart. 75 is EX_TEMPFAIL of sysexits.h: whatever may succeed later without a change by the caller. */
export const exitCodes = {
  1: 'Something went wrong on our side',
  2: 'What was asked cannot be read; correct it',
  3: 'Nobody is signed in',
  4: 'Not allowed',
  5: 'There is no such thing',
  6: 'It exists already, is still used, or the idempotency key belongs to something else',
  7: 'The policy says no',
  8: 'The plan is not the one that was looked at; look again',
  9: 'A name server, an issuer or a provider refused',
  75: 'Not now; try again later',
} as const;
type ExitCode = keyof typeof exitCodes;
