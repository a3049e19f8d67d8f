// The one table that says how each error looks at every door: REST and the portal, an ACME server, a command line.
// A code is stable: it is printed, documented (docs/errors.md is generated from this table) and matched on by clients.

export type ErrorKind = {
  /** HTTP status of the problem document (RFC 9457). */
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503 | 504;
  readonly title: string;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
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

export const errorTable = {
  'invalid-input': {
    status: 400,
    title: 'The input is not valid',
    retryable: false,
    remedy: 'Correct the fields named in `violations` and send the request again.',
    acme: 'malformed',
    exit: 2,
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is not JSON',
    retryable: false,
    remedy: 'Send `Content-Type: application/json`.',
    acme: 'malformed',
    exit: 2,
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    retryable: false,
    remedy: 'Send at most 64 KiB.',
    acme: 'malformed',
    exit: 2,
  },
  'not-signed-in': {
    status: 401,
    title: 'Nobody is signed in',
    retryable: false,
    remedy: 'Sign in, or send a valid `Authorization: Bearer` token.',
    acme: 'unauthorized',
    exit: 3,
  },
  'sign-in-failed': {
    status: 401,
    title: 'The sign-in did not succeed',
    retryable: false,
    remedy: 'Check the e-mail address and the password.',
    acme: 'unauthorized',
    exit: 3,
  },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    retryable: false,
    remedy: 'Ask somebody who holds the role or the token scope named in the message.',
    acme: 'unauthorized',
    exit: 4,
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    retryable: false,
    remedy: 'Check the identifier; what you may not see is reported the same way.',
    acme: null,
    exit: 5,
  },
  'method-not-allowed': {
    status: 405,
    title: 'The address does not take this method',
    retryable: false,
    remedy: 'Use one of the methods named in the `Allow` header.',
    acme: 'malformed',
    exit: 2,
  },
  conflict: {
    status: 409,
    title: 'Somebody else changed it first',
    retryable: true,
    remedy: 'Reload, look at what changed, and decide again.',
    acme: null,
    exit: 75,
  },
  'already-exists': {
    status: 409,
    title: 'It exists already',
    retryable: false,
    remedy: 'Use the existing one, or choose another name.',
    acme: null,
    exit: 6,
  },
  'in-use': {
    status: 409,
    title: 'It is still used',
    retryable: false,
    remedy: 'The message names what uses it; change or remove that first.',
    acme: null,
    exit: 6,
  },
  'policy-denied': {
    status: 422,
    title: 'The policy does not allow this',
    retryable: false,
    remedy: 'Each violation names its rule and its remedy.',
    acme: 'rejectedIdentifier',
    exit: 7,
  },
  'self-review': {
    status: 403,
    title: 'Nobody reviews their own request',
    retryable: false,
    remedy: 'Another member of the reviewing group must decide.',
    acme: 'unauthorized',
    exit: 4,
  },
  'plan-changed': {
    status: 409,
    title: 'The plan is not the one that was reviewed',
    retryable: false,
    remedy: 'Look at the current plan and review that one.',
    acme: null,
    exit: 8,
  },
  'plan-stale': {
    status: 409,
    title: 'The zone changed since the plan was made',
    retryable: false,
    remedy: 'Look at what changed and submit the request again.',
    acme: null,
    exit: 8,
  },
  'plan-unsafe': {
    status: 409,
    title: 'The plan would remove or change too much at once',
    retryable: false,
    remedy: 'Split the change into smaller ones.',
    acme: null,
    exit: 8,
  },
  'idempotency-mismatch': {
    status: 422,
    title: 'The idempotency key was used for another request',
    retryable: false,
    remedy: 'Use a new key for a new request.',
    acme: null,
    exit: 6,
  },
  'idempotency-in-progress': {
    status: 409,
    title: 'The same request is still being answered',
    retryable: true,
    remedy: 'Wait a moment and send it again with the same key.',
    acme: null,
    exit: 75,
  },
  'rate-limited': {
    status: 429,
    title: 'Too many tries',
    retryable: true,
    remedy: 'Wait for the time given in `Retry-After`.',
    acme: 'rateLimited',
    exit: 75,
  },
  unsupported: {
    status: 422,
    title: 'This provider cannot do that',
    retryable: false,
    remedy: 'The message names what is impossible and why.',
    acme: null,
    exit: 9,
  },
  'dns-refused': {
    status: 502,
    title: 'The name server refused',
    retryable: false,
    remedy: 'Check the update policy and the key on the name server.',
    acme: 'dns',
    exit: 9,
  },
  'dns-bad-key': {
    status: 502,
    title: 'The TSIG key was not accepted',
    retryable: false,
    remedy: 'Check the key name, the algorithm, the secret, and both clocks.',
    acme: 'serverInternal',
    exit: 9,
  },
  'dns-server-failed': {
    status: 502,
    title: 'The name server failed',
    retryable: true,
    remedy: 'Tried again by itself; look at the name server if it lasts.',
    acme: 'dns',
    exit: 75,
  },
  'dns-unreachable': {
    status: 504,
    title: 'The name server did not answer',
    retryable: true,
    remedy: 'Tried again by itself; check the address, the port and the path to it.',
    acme: 'dns',
    exit: 75,
  },
  'dns-malformed': {
    status: 502,
    title: 'The name server sent something that is not DNS',
    retryable: true,
    remedy: 'Check that the address and the port are those of a name server.',
    acme: 'dns',
    exit: 75,
  },
  'dns-not-applied': {
    status: 502,
    title: 'The name server said yes and did not do it',
    retryable: true,
    remedy: 'Look for a conflict (for example a CNAME beside other data) in the zone.',
    acme: 'serverInternal',
    exit: 75,
  },
  'issuer-refused': {
    status: 422,
    title: 'The issuer refused',
    retryable: false,
    remedy: 'The message names the rule of the profile that was broken.',
    acme: 'badCSR',
    exit: 9,
  },
  'issuer-unavailable': {
    status: 503,
    title: 'The issuer is not available',
    retryable: true,
    remedy: 'Tried again by itself; look at the issuer if it lasts.',
    acme: 'serverInternal',
    exit: 75,
  },
  'key-unreadable': {
    status: 503,
    title: 'A key cannot be read',
    retryable: true,
    remedy: 'Check the key-encryption key of the worker; nothing is lost meanwhile.',
    acme: 'serverInternal',
    exit: 75,
  },
  'address-forbidden': {
    status: 422,
    title: 'That address may not be reached from here',
    retryable: false,
    remedy: 'The owner of the zone may allow the range in the settings of the zone.',
    acme: 'connection',
    exit: 9,
  },
  unavailable: {
    status: 503,
    title: 'A part of the system is not available',
    retryable: true,
    remedy: 'Try again in a moment.',
    acme: 'serverInternal',
    exit: 75,
  },
  internal: {
    status: 500,
    title: 'Something went wrong on our side',
    retryable: true,
    remedy: 'Try again; if it lasts, report the trace id.',
    acme: 'serverInternal',
    exit: 1,
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorTable;

/** A stored code that is in the table no more counts as an internal error. */
export const errorCodeOf = (stored: string): ErrorCode => (Object.hasOwn(errorTable, stored) ? (stored as ErrorCode) : 'internal');
