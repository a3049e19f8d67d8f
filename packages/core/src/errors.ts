// The one error class and the one table that says how each error looks at every door (tRPC, REST, worker, CLI).
// A code is stable: it is printed, documented (docs/errors.md is generated from this table) and matched on by clients.
// `message` is for the person who asked; `cause` is for the log and never leaves the process.

export type ErrorKind = {
  /** HTTP status of the problem document (RFC 9457). */
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 502 | 503 | 504;
  readonly title: string;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** What the reader of the error can do, in general; the error's own message says it in particular. */
  readonly remedy: string;
};

export const errorTable = {
  'invalid-input': {
    status: 400,
    title: 'The input is not valid',
    retryable: false,
    remedy: 'Correct the fields named in `violations` and send the request again.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is not JSON',
    retryable: false,
    remedy: 'Send `Content-Type: application/json`.',
  },
  'body-too-large': { status: 413, title: 'The body is too large', retryable: false, remedy: 'Send at most 64 KiB.' },
  'not-signed-in': {
    status: 401,
    title: 'Nobody is signed in',
    retryable: false,
    remedy: 'Sign in, or send a valid `Authorization: Bearer` token.',
  },
  'sign-in-failed': {
    status: 401,
    title: 'The sign-in did not succeed',
    retryable: false,
    remedy: 'Check the e-mail address and the password.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    retryable: false,
    remedy: 'Ask somebody who holds the role or the token scope named in the message.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    retryable: false,
    remedy: 'Check the identifier; what you may not see is reported the same way.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The address does not take this method',
    retryable: false,
    remedy: 'Use one of the methods named in the `Allow` header.',
  },
  conflict: {
    status: 409,
    title: 'Somebody else changed it first',
    retryable: true,
    remedy: 'Reload, look at what changed, and decide again.',
  },
  'already-exists': { status: 409, title: 'It exists already', retryable: false, remedy: 'Use the existing one, or choose another name.' },
  'policy-denied': {
    status: 422,
    title: 'The policy does not allow this',
    retryable: false,
    remedy: 'Each violation names its rule and its remedy.',
  },
  'self-review': {
    status: 403,
    title: 'Nobody reviews their own request',
    retryable: false,
    remedy: 'Another member of the reviewing group must decide.',
  },
  'plan-changed': {
    status: 409,
    title: 'The plan is not the one that was reviewed',
    retryable: false,
    remedy: 'Look at the current plan and review that one.',
  },
  'plan-stale': {
    status: 409,
    title: 'The zone changed since the plan was made',
    retryable: false,
    remedy: 'Look at what changed and submit the request again.',
  },
  'plan-unsafe': {
    status: 409,
    title: 'The plan would remove too much',
    retryable: false,
    remedy: 'Split the change, or ask the platform owner for a reviewed override.',
  },
  'precondition-failed': {
    status: 412,
    title: 'The version given in If-Match is not the current one',
    retryable: false,
    remedy: 'Read the current version and apply your change to it.',
  },
  'idempotency-mismatch': {
    status: 422,
    title: 'The idempotency key was used for another request',
    retryable: false,
    remedy: 'Use a new key for a new request.',
  },
  'idempotency-in-progress': {
    status: 409,
    title: 'The same request is still being answered',
    retryable: true,
    remedy: 'Wait a moment and send it again with the same key.',
  },
  'rate-limited': { status: 429, title: 'Too many tries', retryable: true, remedy: 'Wait for the time given in `Retry-After`.' },
  unsupported: {
    status: 422,
    title: 'This provider cannot do that',
    retryable: false,
    remedy: 'The message names what is impossible and why.',
  },
  'dns-refused': {
    status: 502,
    title: 'The name server refused',
    retryable: false,
    remedy: 'Check the update policy and the key on the name server.',
  },
  'dns-bad-key': {
    status: 502,
    title: 'The TSIG key was not accepted',
    retryable: false,
    remedy: 'Check the key name, the algorithm, the secret, and both clocks.',
  },
  'dns-server-failed': {
    status: 502,
    title: 'The name server failed',
    retryable: true,
    remedy: 'Tried again by itself; look at the name server if it lasts.',
  },
  'dns-unreachable': {
    status: 504,
    title: 'The name server did not answer',
    retryable: true,
    remedy: 'Tried again by itself; check the address, the port and the path to it.',
  },
  'dns-malformed': {
    status: 502,
    title: 'The name server sent something that is not DNS',
    retryable: true,
    remedy: 'Check that the address and the port are those of a name server.',
  },
  'dns-not-applied': {
    status: 502,
    title: 'The name server said yes and did not do it',
    retryable: true,
    remedy: 'Look for a conflict (for example a CNAME beside other data) in the zone.',
  },
  'issuer-refused': {
    status: 422,
    title: 'The issuer refused',
    retryable: false,
    remedy: 'The message names the rule of the profile that was broken.',
  },
  'issuer-unavailable': {
    status: 503,
    title: 'The issuer is not available',
    retryable: true,
    remedy: 'Tried again by itself; look at the issuer if it lasts.',
  },
  'key-unreadable': {
    status: 503,
    title: 'A key cannot be read',
    retryable: true,
    remedy: 'Check the key-encryption key of the worker; nothing is lost meanwhile.',
  },
  'address-forbidden': {
    status: 422,
    title: 'That address may not be reached from here',
    retryable: false,
    remedy: 'The owner of the zone may allow the range in the settings of the zone.',
  },
  'probe-failed': {
    status: 502,
    title: 'The probe did not see what it should',
    retryable: true,
    remedy: 'The message names the layer that failed.',
  },
  unavailable: { status: 503, title: 'A part of the system is not available', retryable: true, remedy: 'Try again in a moment.' },
  internal: {
    status: 500,
    title: 'Something went wrong on our side',
    retryable: true,
    remedy: 'Try again; if it lasts, report the trace id.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorTable;

/** One broken rule: which field, which rule, why, and what would mend it. */
export type Violation = { readonly rule: string; readonly path?: string; readonly reason: string; readonly remedy: string };

export class HostmasterError extends Error {
  override readonly name = 'HostmasterError';
  readonly code: ErrorCode;
  readonly violations: readonly Violation[];
  /** Seconds after which a retry makes sense; rendered as Retry-After. */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options: { violations?: readonly Violation[]; cause?: unknown; retryAfter?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.violations = options.violations ?? [];
    this.retryAfter = options.retryAfter;
  }

  get kind(): ErrorKind {
    return errorTable[this.code];
  }
}

/** The error as ours: unknown things become a bare `internal`, so that no foreign text reaches a caller. */
export function asHostmasterError(error: unknown): HostmasterError {
  if (error instanceof HostmasterError) return error;
  return new HostmasterError('internal', errorTable.internal.title, { cause: error });
}

/** Messages of an error and its causes, outermost first; for logs and for an operation's deepest cause. */
export function causeChain(error: unknown): string[] {
  const messages: string[] = [];
  for (let at: unknown = error; at instanceof Error && messages.length < 10; at = at.cause) messages.push(at.message);
  return messages;
}
